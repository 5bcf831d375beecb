package io.sluice.adapter.opcua;

import io.sluice.adapter.TagMeaning;
import io.sluice.profiles.TagDefinition;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A tag's deadband as the server may count with it (Part 4 §7.22.2): always an absolute one, in the units of the variable
 * before scaling. The gateway's own stays behind it and has the last word. The two agree as long as both count from the same
 * value, and that holds only where a server leaves out exactly what the gateway would leave out:
 *
 * <ul>
 *   <li>integers of up to 32 bits, which are exact however the server computes;
 *   <li>other numbers only where the profile asks for it: a server that computes {@code |NaN - x| > band} never tells that a
 *       value has become NaN, and decimal steps of a Float may fall on either side of the band's edge.
 * </ul>
 *
 * @param width in engineering units, or percent of the range; above 0
 * @param factor by which the gateway multiplies; above 0
 * @param low of the range that the profile gives
 * @param high of the range that the profile gives
 * @param everyNumber whether floating-point and 64-bit numbers too
 */
record SourceBand(
        BigDecimal width,
        boolean percent,
        BigDecimal factor,
        Optional<BigDecimal> low,
        Optional<BigDecimal> high,
        boolean everyNumber) {

    /** SByte to UInt32: built-in types 2 to 7 (Part 6 §5.1.2). */
    private static final Set<Integer> EXACT = Set.of(2, 3, 4, 5, 6, 7);

    /** Int64, UInt64, Float and Double. */
    private static final Set<Integer> OTHER_NUMBERS = Set.of(8, 9, 10, 11);

    /** Empty if there is nothing that a server could leave out beyond what it does anyway. */
    static Optional<SourceBand> of(TagDefinition tag, boolean everyNumber) {
        BigDecimal factor = tag.scale().orElse(BigDecimal.ONE).abs();
        return tag.deadband()
                .filter(band -> band.value().signum() > 0 && factor.signum() > 0)
                .map(band -> new SourceBand(
                        band.value(),
                        band.percent(),
                        factor,
                        tag.range().map(TagDefinition.Range::low),
                        tag.range().map(TagDefinition.Range::high),
                        everyNumber));
    }

    /**
     * @param builtInType of the variable, Part 6 §5.1.2; {@code null} for a DataType of the server's own
     */
    boolean fits(@Nullable Integer builtInType) {
        return builtInType != null
                && (EXACT.contains(builtInType) || everyNumber && OTHER_NUMBERS.contains(builtInType));
    }

    /** In the units of the variable; empty for a percentage while the range is not known. */
    OptionalDouble absolute(TagMeaning meaning) {
        Optional<BigDecimal> band = percent ? ofRange(meaning) : Optional.of(width);
        return band.filter(b -> b.signum() > 0)
                .map(b -> OptionalDouble.of(
                        b.divide(factor, MathContext.DECIMAL64).doubleValue()))
                .orElse(OptionalDouble.empty());
    }

    private Optional<BigDecimal> ofRange(TagMeaning meaning) {
        Optional<BigDecimal> from = low.or(() -> scaled(meaning.low()));
        Optional<BigDecimal> to = high.or(() -> scaled(meaning.high()));
        return from.flatMap(f -> to.map(t -> t.subtract(f).multiply(width).movePointLeft(2)));
    }

    /** The server's range is of the variable itself. */
    private Optional<BigDecimal> scaled(OptionalDouble value) {
        return value.isPresent() && Double.isFinite(value.getAsDouble())
                ? Optional.of(BigDecimal.valueOf(value.getAsDouble()).multiply(factor))
                : Optional.empty();
    }
}

package io.sluice.gateway.southbound;

import io.sluice.profiles.TagDefinition;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What may be written to a tag, and what the device is sent for it. The one place for it: whoever writes asks here first.
 * A value is in engineering units, or one of the tag's names; it is turned back into the device's own number in exact
 * decimal, never rounded to fit an integer. Whether the number fits the register or node only the adapter knows.
 */
public final class WriteRules {

    /** What became of a value. */
    public sealed interface Verdict {

        /** @param raw as the device takes it, before scaling */
        record Allowed(Value raw) implements Verdict {}

        /** @param why for people: what was wrong and what would be right */
        record Refused(String why) implements Verdict {}
    }

    /** What makes a value unacceptable. */
    private static final class NotAllowed extends Exception {
        private static final long serialVersionUID = 1;

        final String why;

        NotAllowed(String why) {
            super(why, null, false, false);
            this.why = why;
        }
    }

    private static final Pattern NUMBER =
            Pattern.compile("[-+]?(\\d{1,40}(\\.\\d{0,40})?|\\.\\d{1,40})([eE][-+]?\\d{1,3})?");
    private static final Pattern HEX = Pattern.compile("0x[0-9A-Fa-f]{1,16}");
    private static final BigInteger UNSIGNED_END = BigInteger.TWO.pow(64);

    private final TagDefinition tag;
    private final TagFacts facts;

    private WriteRules(TagDefinition tag, TagFacts facts) {
        this.tag = tag;
        this.facts = facts;
    }

    /**
     * Judges one value.
     *
     * @param type as the device has it, before scaling; {@code null} where only the device can say: then the value goes to
     *     the adapter as text, which fits it to the device's type
     * @param facts what profile and device say of the tag
     * @param text as a person types it
     */
    public static Verdict check(TagDefinition tag, @Nullable ValueType type, TagFacts facts, String text) {
        try {
            return new Verdict.Allowed(new WriteRules(tag, facts).raw(type, text.strip()));
        } catch (NotAllowed e) {
            return new Verdict.Refused(e.why);
        }
    }

    /**
     * Judges all elements of an array, each like a value of its own.
     *
     * @param elements as they were typed, of a type that only the device knows
     */
    static Verdict check(TagDefinition tag, TagFacts facts, List<Value> elements) {
        try {
            return new Verdict.Allowed(new WriteRules(tag, facts).raw(elements));
        } catch (NotAllowed e) {
            return new Verdict.Refused(e.why);
        }
    }

    private Value raw(List<Value> elements) throws NotAllowed {
        checkWritable();
        List<Value> raw = new ArrayList<>(elements.size());
        for (Value element : elements) {
            raw.add(
                    switch (element) {
                        case Value.Elements _ -> throw new NotAllowed("arrays of arrays cannot be written");
                        case Value.Float64(double number) ->
                            raw(null, BigDecimal.valueOf(number).toPlainString());
                        case Value.Signed(long number) -> raw(null, Long.toString(number));
                        case Value.Unsigned(long number) -> raw(null, Long.toUnsignedString(number));
                        case Value.Bool(boolean bool) -> raw(null, Boolean.toString(bool));
                        case Value.Text(String text) -> raw(null, text);
                        case Value.Float32 _, Value.Bytes _, Value.Structure _ ->
                            throw new IllegalArgumentException("no value of JSON: " + element.type());
                    });
        }
        return new Value.Elements(raw);
    }

    private void checkWritable() throws NotAllowed {
        if (!tag.writable()) {
            throw new NotAllowed(
                    "it is not writable: 'writable: true' in its profile or in the device's tags allows it");
        }
    }

    private Value raw(@Nullable ValueType type, String text) throws NotAllowed {
        checkWritable();
        Optional<Long> named = named(text);
        if (named.isPresent()) {
            return enumeration(type, named.get());
        }
        if (type == null) {
            return text(text);
        }
        return switch (type) {
            case FLOAT32, FLOAT64, SIGNED, UNSIGNED -> number(type, device(allowed(decimal(text))));
            case BOOL -> bool(text);
            case STRING -> new Value.Text(text);
            case BYTES -> bytes(text);
            case STRUCTURE -> throw new NotAllowed("arrays and structures cannot be written");
        };
    }

    // ---- names

    /** The number behind a name, as it is written or in another case where that is clear. */
    private Optional<Long> named(String text) {
        List<EnumValue> exact =
                facts.enumeration().stream().filter(e -> e.name().equals(text)).toList();
        List<EnumValue> found = exact.isEmpty()
                ? facts.enumeration().stream()
                        .filter(e -> e.name().equalsIgnoreCase(text))
                        .toList()
                : exact;
        return found.size() == 1 ? Optional.of(found.getFirst().value()) : Optional.empty();
    }

    private Value enumeration(@Nullable ValueType type, long number) throws NotAllowed {
        BigDecimal value = BigDecimal.valueOf(number);
        if (type == null) {
            return new Value.Text(value.toPlainString());
        }
        return switch (type) {
            case BOOL -> new Value.Bool(number != 0);
            case FLOAT32, FLOAT64, SIGNED, UNSIGNED -> number(type, value);
            case STRING, BYTES, STRUCTURE -> throw new NotAllowed("its type has no names");
        };
    }

    // ---- numbers

    private BigDecimal decimal(String text) throws NotAllowed {
        if (HEX.matcher(text).matches()) {
            return new BigDecimal(new BigInteger(text.substring(2), 16));
        }
        if (!NUMBER.matcher(text).matches()) {
            throw new NotAllowed("'" + text + "' is not a number" + orNames());
        }
        return new BigDecimal(text);
    }

    /** The same value, if range, step and names allow it. */
    private BigDecimal allowed(BigDecimal value) throws NotAllowed {
        if (facts.low().filter(low -> value.compareTo(low) < 0).isPresent()
                || facts.high().filter(high -> value.compareTo(high) > 0).isPresent()) {
            throw new NotAllowed("%s is outside its range, which is %s to %s%s"
                    .formatted(shown(value), end(facts.low()), end(facts.high()), unit()));
        }
        Optional<BigDecimal> step = tag.step();
        if (step.isPresent() && value.remainder(step.get()).signum() != 0) {
            throw new NotAllowed(
                    "%s is not a multiple of its step of %s%s".formatted(shown(value), shown(step.get()), unit()));
        }
        if (!facts.enumeration().isEmpty()
                && facts.enumeration().stream()
                        .noneMatch(e -> BigDecimal.valueOf(e.value()).compareTo(value) == 0)) {
            throw new NotAllowed("%s is none of its values%s".formatted(shown(value), orNames()));
        }
        return value;
    }

    /** Engineering units to the device's own: (value - offset) / scale. */
    private BigDecimal device(BigDecimal value) {
        BigDecimal shifted = value.subtract(tag.offset().orElse(BigDecimal.ZERO));
        return tag.scale().map(scale -> quotient(shifted, scale)).orElse(shifted);
    }

    private static BigDecimal quotient(BigDecimal value, BigDecimal scale) {
        try {
            return value.divide(scale);
        } catch (ArithmeticException e) {
            return value.divide(scale, MathContext.DECIMAL128); // it has no end in decimal
        }
    }

    private Value number(ValueType type, BigDecimal raw) throws NotAllowed {
        return switch (type) {
            case FLOAT32 -> new Value.Float32(single(raw));
            case FLOAT64 -> new Value.Float64(real(raw));
            case SIGNED -> new Value.Signed(whole(raw, Long.MIN_VALUE).longValueExact());
            case UNSIGNED -> new Value.Unsigned(unsigned(raw));
            case BOOL, STRING, BYTES, STRUCTURE -> throw new IllegalArgumentException(type + " is no number");
        };
    }

    private float single(BigDecimal raw) throws NotAllowed {
        float value = raw.floatValue();
        if (Float.isInfinite(value)) {
            throw new NotAllowed(shown(raw) + " is too large for it");
        }
        return value;
    }

    private double real(BigDecimal raw) throws NotAllowed {
        double value = raw.doubleValue();
        if (Double.isInfinite(value)) {
            throw new NotAllowed(shown(raw) + " is too large for it");
        }
        return value;
    }

    private BigInteger whole(BigDecimal raw, long lowest) throws NotAllowed {
        BigInteger whole;
        try {
            whole = raw.toBigIntegerExact();
        } catch (ArithmeticException e) {
            throw new NotAllowed(
                    tag.scale().isPresent()
                            ? "the device holds whole numbers of %s%s only, and this is between two of them"
                                    .formatted(shown(tag.scale().get().abs()), unit())
                            : shown(raw) + " is not a whole number, and the device holds whole numbers only");
        }
        if (whole.compareTo(BigInteger.valueOf(lowest)) < 0 || whole.compareTo(UNSIGNED_END) >= 0) {
            throw new NotAllowed(shown(raw) + " is too " + (whole.signum() < 0 ? "small" : "large") + " for it");
        }
        if (lowest < 0 && whole.bitLength() > 63) {
            throw new NotAllowed(shown(raw) + " is too large for it");
        }
        return whole;
    }

    private long unsigned(BigDecimal raw) throws NotAllowed {
        return whole(raw, 0).longValue();
    }

    // ---- the others

    private Value bool(String text) throws NotAllowed {
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "true", "on", "1" -> new Value.Bool(true);
            case "false", "off", "0" -> new Value.Bool(false);
            default -> throw new NotAllowed("'" + text + "' is neither true nor false" + orNames());
        };
    }

    private static Value bytes(String text) throws NotAllowed {
        try {
            return new Value.Bytes(HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text));
        } catch (IllegalArgumentException e) {
            throw new NotAllowed("'" + text + "' is not written in hex digits such as 0x01ff");
        }
    }

    /** For a type that only the device knows: range, step and scale make it a number. */
    private Value text(String text) throws NotAllowed {
        boolean number = tag.scale().isPresent()
                || tag.offset().isPresent()
                || tag.step().isPresent()
                || facts.low().isPresent()
                || facts.high().isPresent()
                || !facts.enumeration().isEmpty();
        return new Value.Text(number ? device(allowed(decimal(text))).toPlainString() : text);
    }

    // ---- words

    private String orNames() {
        return facts.enumeration().isEmpty()
                ? ""
                : ", expected one of "
                        + facts.enumeration().stream()
                                .map(e -> e.value() + " " + e.name())
                                .collect(Collectors.joining(", "));
    }

    private String unit() {
        return facts.unit().isEmpty() ? "" : " " + facts.unit();
    }

    private static String end(Optional<BigDecimal> end) {
        return end.map(WriteRules::shown).orElse("open");
    }

    private static String shown(BigDecimal value) {
        return value.signum() == 0 ? "0" : value.stripTrailingZeros().toPlainString();
    }
}

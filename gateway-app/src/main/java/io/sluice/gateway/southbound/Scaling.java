package io.sluice.gateway.southbound;

import io.sluice.telemetry.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;

/**
 * {@code value × scale + offset}, in decimal: 3 × 0.1 is 0.3. Integers become the double nearest to the exact decimal
 * result; floating-point values are computed in double precision. Values that are no numbers pass unchanged.
 */
final class Scaling {

    /** Up to here a long is exact in a double, and so is the quotient's rounding. */
    private static final long EXACT = 1L << 53;

    private static final int EXACT_POWER_OF_TEN = 22;

    private final BigDecimal scale;
    private final BigDecimal offset;

    // scale = numerator / divisor and offset = addend / divisor, where all three are exact; else fast is false
    private final boolean fast;
    private final long numerator;
    private final long addend;
    private final double divisor;

    Scaling(BigDecimal scale, BigDecimal offset) {
        this.scale = scale;
        this.offset = offset;
        int power = Math.max(0, Math.max(scale.scale(), offset.scale()));
        BigInteger top = scale.setScale(power, RoundingMode.UNNECESSARY).unscaledValue();
        BigInteger added = offset.setScale(power, RoundingMode.UNNECESSARY).unscaledValue();
        this.fast = power <= EXACT_POWER_OF_TEN && top.bitLength() < 53 && added.bitLength() < 53;
        this.numerator = fast ? top.longValue() : 0;
        this.addend = fast ? added.longValue() : 0;
        this.divisor = fast ? BigDecimal.TEN.pow(power).doubleValue() : 1;
    }

    Value apply(Value value) {
        return switch (value) {
            case Value.Signed(long v) -> new Value.Float64(ofInteger(v));
            case Value.Unsigned(long v) ->
                new Value.Float64(v >= 0 ? ofInteger(v) : exact(new BigDecimal(Long.toUnsignedString(v))));
            case Value.Float32(float v) -> new Value.Float64(ofFloatingPoint(Double.parseDouble(Float.toString(v))));
            case Value.Float64(double v) -> new Value.Float64(ofFloatingPoint(v));
            case Value.Elements(var values) ->
                new Value.Elements(
                        values.stream().map(v -> v == null ? null : apply(v)).toList());
            case Value.Bool _, Value.Text _, Value.Bytes _, Value.Structure _ -> value;
        };
    }

    private double ofInteger(long v) {
        if (fast && Math.abs(v) < EXACT) {
            long high = Math.multiplyHigh(v, numerator);
            long product = v * numerator;
            boolean fits = high == 0 ? product >= 0 : high == -1 && product < 0;
            if (fits && Math.abs(product) < EXACT) {
                long sum = product + addend;
                if (Math.abs(sum) <= EXACT) {
                    return sum / divisor;
                }
            }
        }
        return exact(BigDecimal.valueOf(v));
    }

    private double ofFloatingPoint(double v) {
        return fast ? (v * numerator + addend) / divisor : v * scale.doubleValue() + offset.doubleValue();
    }

    private double exact(BigDecimal v) {
        return v.multiply(scale).add(offset).doubleValue();
    }
}

package io.sluice.adapter.modbus;

import io.sluice.telemetry.Value;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The powers of ten that registers of a unit hold for others, as SunSpec's scale factors, as they were last read. Confined
 * to its bus's thread.
 */
final class ScaleFactors {

    /** Not yet read, or the register says that there is none. */
    private static final int UNKNOWN = Integer.MIN_VALUE;

    private static final short NOT_IMPLEMENTED = Short.MIN_VALUE;

    /** What float64 holds exactly: powers of ten up to this one, and whole numbers below 2^53. */
    private static final int EXACT_POWER = 22;

    private static final long EXACT_WHOLE = 1L << 53;
    private static final double[] POWERS = powers();

    private final List<Place> places;
    private final int[] exponents;

    ScaleFactors(List<ModbusPlan.Point> points) {
        this.places = points.stream()
                .filter(ModbusPlan.Point::scaledByRegister)
                .map(ModbusPlan.Point::scalePlace)
                .distinct()
                .toList();
        this.exponents = new int[places.size()];
        Arrays.fill(exponents, UNKNOWN);
    }

    private static double[] powers() {
        double[] powers = new double[EXACT_POWER + 1];
        for (int i = 0; i < powers.length; i++) {
            powers[i] = Double.parseDouble("1e" + i);
        }
        return powers;
    }

    /** Which of the places, -1 for a tag that is not scaled by a register. */
    int indexFor(ModbusPlan.Point point) {
        return point.scaledByRegister() ? places.indexOf(point.scalePlace()) : -1;
    }

    Place place(int index) {
        return places.get(index);
    }

    void set(int index, int register) {
        exponents[index] = (short) register == NOT_IMPLEMENTED ? UNKNOWN : (short) register;
    }

    /** The scaled number, {@code null} while the power is not known. */
    @Nullable
    Value scale(int index, Value value) {
        int exponent = exponents[index];
        if (exponent == UNKNOWN) {
            return null;
        }
        return switch (value) {
            case Value.Signed(long whole) -> new Value.Float64(scale(whole, exponent));
            case Value.Unsigned(long whole) when whole >= 0 -> new Value.Float64(scale(whole, exponent));
            case Value.Unsigned(long whole) ->
                new Value.Float64(new BigDecimal(Long.toUnsignedString(whole))
                        .scaleByPowerOfTen(exponent)
                        .doubleValue());
            case Value.Float32(float number) -> new Value.Float64(number * Math.pow(10, exponent));
            case Value.Float64(double number) -> new Value.Float64(number * Math.pow(10, exponent));
            case Value.Bool _, Value.Text _, Value.Bytes _, Value.Structure _, Value.Elements _ -> value;
        };
    }

    /** The nearest float64: one operation on two exact numbers rounds once. */
    private static double scale(long whole, int exponent) {
        if (whole > EXACT_WHOLE || whole < -EXACT_WHOLE || exponent > EXACT_POWER || exponent < -EXACT_POWER) {
            return BigDecimal.valueOf(whole).scaleByPowerOfTen(exponent).doubleValue();
        }
        return exponent < 0 ? whole / POWERS[-exponent] : whole * POWERS[exponent];
    }
}

package io.sluice.adapter.modbus;

import java.util.List;
import java.util.Optional;

/**
 * Values by which a device says that it has none, such as SunSpec's 0x8000.
 *
 * @param values as registers hold them; only as many low bits count as the type has
 * @param nan whether NaN is one of them
 */
record Sentinels(List<Long> values, boolean nan) {

    static final Sentinels NONE = new Sentinels(List.of(), false);

    Sentinels {
        values = List.copyOf(values);
    }

    /** One as users write it: a whole number, or {@code nan}; empty if it is neither. */
    static Optional<Sentinels> parse(String text) {
        if (text.equals("nan")) {
            return Optional.of(new Sentinels(List.of(), true));
        }
        try {
            long value = text.startsWith("0x") ? Long.parseUnsignedLong(text.substring(2), 16) : Long.parseLong(text);
            return Optional.of(new Sentinels(List.of(value), false));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }

    static Sentinels all(List<Sentinels> several) {
        return new Sentinels(
                several.stream().flatMap(each -> each.values.stream()).toList(),
                several.stream().anyMatch(Sentinels::nan));
    }

    boolean none() {
        return values.isEmpty() && !nan;
    }

    /**
     * Whether the registers say that there is no value.
     *
     * @param bits of the registers, right-aligned
     */
    boolean match(DataType type, long bits) {
        if (nan && isNan(type, bits)) {
            return true;
        }
        int unused = Long.SIZE - 16 * type.registers();
        for (long value : values) {
            if (value << unused == bits << unused) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNan(DataType type, long bits) {
        return switch (type) {
            case FLOAT16 -> Float.isNaN(Float.float16ToFloat((short) bits));
            case FLOAT32 -> Float.isNaN(Float.intBitsToFloat((int) bits));
            case FLOAT64 -> Double.isNaN(Double.longBitsToDouble(bits));
            case BOOL,
                    INT8_HIGH,
                    INT8_LOW,
                    UINT8_HIGH,
                    UINT8_LOW,
                    INT16,
                    UINT16,
                    INT32,
                    UINT32,
                    INT64,
                    UINT64,
                    BCD16,
                    BCD32,
                    BCD64,
                    STRING,
                    DATETIME_UNIX,
                    DATETIME_UNIX_MS,
                    DATETIME_REGISTERS,
                    DATETIME_IEC870,
                    DATETIME_BCD,
                    DATETIME_BYTES,
                    DATETIME_POWERLOGIC,
                    DATETIME_S7,
                    BYTES -> false;
        };
    }
}

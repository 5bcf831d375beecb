package io.sluice.adapter.modbus;

import io.sluice.telemetry.ValueType;
import java.util.Locale;

/** How the registers of a tag are to be read. */
enum DataType {
    BOOL(1, ValueType.BOOL),
    INT8_HIGH(1, ValueType.SIGNED),
    INT8_LOW(1, ValueType.SIGNED),
    UINT8_HIGH(1, ValueType.UNSIGNED),
    UINT8_LOW(1, ValueType.UNSIGNED),
    INT16(1, ValueType.SIGNED),
    UINT16(1, ValueType.UNSIGNED),
    INT32(2, ValueType.SIGNED),
    UINT32(2, ValueType.UNSIGNED),
    INT64(4, ValueType.SIGNED),
    UINT64(4, ValueType.UNSIGNED),
    FLOAT16(1, ValueType.FLOAT32),
    FLOAT32(2, ValueType.FLOAT32),
    FLOAT64(4, ValueType.FLOAT64),
    /** Binary-coded decimal: a digit in each half byte, the most significant first. */
    BCD16(1, ValueType.UNSIGNED),
    BCD32(2, ValueType.UNSIGNED),
    BCD64(4, ValueType.UNSIGNED),
    /** Two characters in a register, the first in the high byte. */
    STRING(0, ValueType.STRING),
    BYTES(0, ValueType.BYTES),
    DATETIME_UNIX(2, ValueType.STRING),
    DATETIME_UNIX_MS(4, ValueType.STRING),
    DATETIME_REGISTERS(6, ValueType.STRING),
    DATETIME_IEC870(4, ValueType.STRING),
    DATETIME_BCD(3, ValueType.STRING),
    DATETIME_BYTES(3, ValueType.STRING),
    DATETIME_POWERLOGIC(3, ValueType.STRING),
    DATETIME_S7(4, ValueType.STRING);

    private final int registers;
    private final ValueType valueType;

    DataType(int registers, ValueType valueType) {
        this.registers = registers;
        this.valueType = valueType;
    }

    /** Registers that a value takes; 0 if the tag's {@code length} says it. */
    int registers() {
        return registers;
    }

    boolean needsLength() {
        return registers == 0;
    }

    /** Whether the order of registers can matter. */
    boolean hasOrder() {
        return switch (this) {
            case INT32,
                    UINT32,
                    INT64,
                    UINT64,
                    FLOAT32,
                    FLOAT64,
                    BCD32,
                    BCD64,
                    DATETIME_UNIX,
                    DATETIME_UNIX_MS,
                    DATETIME_REGISTERS -> true;
            case BOOL,
                    INT8_HIGH,
                    INT8_LOW,
                    UINT8_HIGH,
                    UINT8_LOW,
                    INT16,
                    UINT16,
                    FLOAT16,
                    BCD16,
                    STRING,
                    BYTES,
                    DATETIME_IEC870,
                    DATETIME_BCD,
                    DATETIME_BYTES,
                    DATETIME_POWERLOGIC,
                    DATETIME_S7 -> false;
        };
    }

    /** Whether it is a number of whole registers: only those can be scaled or mean "not available". */
    boolean number() {
        return switch (this) {
            case INT16, UINT16, INT32, UINT32, INT64, UINT64, FLOAT16, FLOAT32, FLOAT64, BCD16, BCD32, BCD64 -> true;
            case BOOL,
                    INT8_HIGH,
                    INT8_LOW,
                    UINT8_HIGH,
                    UINT8_LOW,
                    STRING,
                    BYTES,
                    DATETIME_UNIX,
                    DATETIME_UNIX_MS,
                    DATETIME_REGISTERS,
                    DATETIME_IEC870,
                    DATETIME_BCD,
                    DATETIME_BYTES,
                    DATETIME_POWERLOGIC,
                    DATETIME_S7 -> false;
        };
    }

    /** Whether its bits can have names. */
    boolean flags() {
        return this == UINT16 || this == UINT32;
    }

    ValueType valueType() {
        return valueType;
    }

    /** As users write it: {@code float32}, {@code int8-high}. */
    String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}

package io.sluice.adapter.modbus;

import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns the registers of one tag into its value.
 *
 * @param type what the registers hold
 * @param order of the registers and of the bytes in them; of a string only of the bytes
 * @param bit 0 (least significant) to 15 of a register of type bool, -1: the register is true if it is not 0
 * @param length in bytes, of strings and bytes
 * @param text of strings
 * @param flags names of the bits of an unsigned number, which then is a structure of them
 */
record RegisterDecoder(DataType type, RegisterOrder order, int bit, int length, TextFormat text, Flags flags) {

    RegisterDecoder {
        if (type.needsLength() && length < 1) {
            throw new IllegalArgumentException(type.key() + " needs a length of at least 1: " + length);
        }
        if (bit < -1 || bit > 15) {
            throw new IllegalArgumentException("bit outside 0 to 15: " + bit);
        }
    }

    RegisterDecoder(DataType type, RegisterOrder order, int bit, int length) {
        this(type, order, bit, length, TextFormat.UTF_8, Flags.NONE);
    }

    /** A decoder of a type whose length is fixed. */
    static RegisterDecoder of(DataType type, RegisterOrder order) {
        return new RegisterDecoder(type, order, -1, 0);
    }

    /** Registers that a value takes. */
    int registers() {
        return type.needsLength() ? (length + 1) / 2 : type.registers();
    }

    /**
     * The value, or {@code null} if the registers hold none of this type (a half byte above 9 in a BCD).
     *
     * @param bytes of a reply, two to a register
     * @param offset of the tag's first register
     */
    @Nullable
    Value decode(byte[] bytes, int offset) {
        return switch (type) {
            case BOOL -> new Value.Bool(bool(word(bytes, offset)));
            case INT8_HIGH -> new Value.Signed(bytes[offset]);
            case INT8_LOW -> new Value.Signed(bytes[offset + 1]);
            case UINT8_HIGH -> new Value.Unsigned(bytes[offset] & 0xFF);
            case UINT8_LOW -> new Value.Unsigned(bytes[offset + 1] & 0xFF);
            case INT16 -> new Value.Signed((short) word(bytes, offset));
            case UINT16 -> unsigned(word(bytes, offset));
            case INT32 -> new Value.Signed((int) order.assemble(bytes, offset, 2));
            case UINT32 -> unsigned(order.assemble(bytes, offset, 2));
            case INT64 -> new Value.Signed(order.assemble(bytes, offset, 4));
            case UINT64 -> new Value.Unsigned(order.assemble(bytes, offset, 4));
            case FLOAT16 -> new Value.Float32(Float.float16ToFloat((short) word(bytes, offset)));
            case FLOAT32 -> new Value.Float32(Float.intBitsToFloat((int) order.assemble(bytes, offset, 2)));
            case FLOAT64 -> new Value.Float64(Double.longBitsToDouble(order.assemble(bytes, offset, 4)));
            case BCD16, BCD32, BCD64 -> bcd(bytes, offset);
            case STRING -> new Value.Text(text(bytes, offset));
            case BYTES -> new Value.Bytes(Arrays.copyOfRange(bytes, offset, offset + length));
            case DATETIME_UNIX -> time(DateTimeLayout.UNIX, bytes, offset);
            case DATETIME_UNIX_MS -> time(DateTimeLayout.UNIX_MS, bytes, offset);
            case DATETIME_REGISTERS -> time(DateTimeLayout.REGISTERS, bytes, offset);
            case DATETIME_IEC870 -> time(DateTimeLayout.IEC870, bytes, offset);
            case DATETIME_BCD -> time(DateTimeLayout.BCD, bytes, offset);
            case DATETIME_BYTES -> time(DateTimeLayout.BYTES, bytes, offset);
            case DATETIME_POWERLOGIC -> time(DateTimeLayout.POWERLOGIC, bytes, offset);
            case DATETIME_S7 -> time(DateTimeLayout.S7, bytes, offset);
        };
    }

    /** The registers of a type of fixed length, in order and right-aligned. */
    long bits(byte[] bytes, int offset) {
        return type.hasOrder() ? order.assemble(bytes, offset, type.registers()) : word(bytes, offset);
    }

    private boolean bool(int word) {
        return bit < 0 ? word != 0 : (word >> bit & 1) == 1;
    }

    private Value.@Nullable Unsigned bcd(byte[] bytes, int offset) {
        int registers = type.registers();
        long digits = registers == 1 ? word(bytes, offset) : order.assemble(bytes, offset, registers);
        long value = 0;
        for (int shift = 16 * registers - 4; shift >= 0; shift -= 4) {
            long digit = digits >>> shift & 0xF;
            if (digit > 9) {
                return null;
            }
            value = 10 * value + digit;
        }
        return new Value.Unsigned(value);
    }

    private Value unsigned(long bits) {
        return flags.none() ? new Value.Unsigned(bits) : flags.of(bits);
    }

    private @Nullable Value time(DateTimeLayout layout, byte[] bytes, int offset) {
        @Nullable String time = layout.decode(order, bytes, offset);
        return time == null ? null : new Value.Text(time);
    }

    private String text(byte[] bytes, int offset) {
        if (!order.bytesSwapped()) {
            return text.decode(bytes, offset, length);
        }
        byte[] straight = Arrays.copyOfRange(bytes, offset, offset + 2 * registers());
        order.swapBytes(straight, 0, straight.length);
        return text.decode(straight, 0, length);
    }

    /** What the wire carries. */
    ValueType valueType() {
        return flags.none() ? type.valueType() : ValueType.STRUCTURE;
    }

    private static int word(byte[] bytes, int offset) {
        return (bytes[offset] & 0xFF) << 8 | (bytes[offset + 1] & 0xFF);
    }
}

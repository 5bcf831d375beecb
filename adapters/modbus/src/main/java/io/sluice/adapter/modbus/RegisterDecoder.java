package io.sluice.adapter.modbus;

import io.sluice.telemetry.Value;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Turns the registers of one tag into its value.
 *
 * @param type what the registers hold
 * @param order of the registers and of the bytes in them; only for types wider than a register
 * @param bit 0 (least significant) to 15 of a register of type bool, -1: the register is true if it is not 0
 * @param length in bytes, of strings and bytes
 */
record RegisterDecoder(DataType type, RegisterOrder order, int bit, int length) {

    RegisterDecoder {
        if (type.needsLength() && length < 1) {
            throw new IllegalArgumentException(type.key() + " needs a length of at least 1: " + length);
        }
        if (bit < -1 || bit > 15) {
            throw new IllegalArgumentException("bit outside 0 to 15: " + bit);
        }
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
            case UINT16 -> new Value.Unsigned(word(bytes, offset));
            case INT32 -> new Value.Signed((int) order.assemble(bytes, offset, 2));
            case UINT32 -> new Value.Unsigned(order.assemble(bytes, offset, 2));
            case INT64 -> new Value.Signed(order.assemble(bytes, offset, 4));
            case UINT64 -> new Value.Unsigned(order.assemble(bytes, offset, 4));
            case FLOAT16 -> new Value.Float32(Float.float16ToFloat((short) word(bytes, offset)));
            case FLOAT32 -> new Value.Float32(Float.intBitsToFloat((int) order.assemble(bytes, offset, 2)));
            case FLOAT64 -> new Value.Float64(Double.longBitsToDouble(order.assemble(bytes, offset, 4)));
            case BCD16, BCD32, BCD64 -> bcd(bytes, offset);
            case STRING -> new Value.Text(text(bytes, offset));
            case BYTES -> new Value.Bytes(Arrays.copyOfRange(bytes, offset, offset + length));
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

    /** Devices fill the rest with NUL or blanks; neither belongs to the text. */
    private String text(byte[] bytes, int offset) {
        int end = offset;
        while (end < offset + length && bytes[end] != 0) {
            end++;
        }
        return new String(bytes, offset, end - offset, StandardCharsets.UTF_8).stripTrailing();
    }

    private static int word(byte[] bytes, int offset) {
        return (bytes[offset] & 0xFF) << 8 | (bytes[offset + 1] & 0xFF);
    }
}

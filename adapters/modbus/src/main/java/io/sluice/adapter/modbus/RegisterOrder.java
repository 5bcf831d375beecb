package io.sluice.adapter.modbus;

/**
 * In which order a device sends the bytes of a value wider than a register. The letters name the bytes from the most
 * significant (A) as they arrive; wider values go on in the same manner: CDAB of 64 bits is GHEFCDAB.
 */
enum RegisterOrder {
    ABCD(false, false),
    CDAB(true, false),
    BADC(false, true),
    DCBA(true, true);

    private final boolean leastSignificantFirst;
    private final boolean bytesSwapped;

    RegisterOrder(boolean leastSignificantFirst, boolean bytesSwapped) {
        this.leastSignificantFirst = leastSignificantFirst;
        this.bytesSwapped = bytesSwapped;
    }

    /**
     * Puts registers together.
     *
     * @param bytes as they arrived
     * @param offset of the first register
     * @param registers 1 to 4
     * @return the bits, right-aligned
     */
    long assemble(byte[] bytes, int offset, int registers) {
        long bits = 0;
        for (int i = 0; i < registers; i++) {
            int register = place(i, registers);
            bits = bits << 16 | word(bytes, offset + 2 * register);
        }
        return bits;
    }

    /** The inverse of {@link #assemble}. */
    void disassemble(long bits, byte[] bytes, int offset, int registers) {
        for (int i = 0; i < registers; i++) {
            int register = leastSignificantFirst ? i : registers - 1 - i;
            int word = (int) (bits >>> (16 * i)) & 0xFFFF;
            int at = offset + 2 * register;
            bytes[at] = (byte) (bytesSwapped ? word : word >> 8);
            bytes[at + 1] = (byte) (bytesSwapped ? word >> 8 : word);
        }
    }

    /** Where the nth of several registers stands that are parts of one thing. */
    int place(int nth, int registers) {
        return leastSignificantFirst ? registers - 1 - nth : nth;
    }

    boolean bytesSwapped() {
        return bytesSwapped;
    }

    /**
     * Puts the bytes of characters the right way round, if they come swapped.
     *
     * @param length even
     */
    void swapBytes(byte[] bytes, int offset, int length) {
        for (int at = offset; bytesSwapped && at < offset + length; at += 2) {
            byte first = bytes[at];
            bytes[at] = bytes[at + 1];
            bytes[at + 1] = first;
        }
    }

    private int word(byte[] bytes, int at) {
        int first = bytes[at] & 0xFF;
        int second = bytes[at + 1] & 0xFF;
        return bytesSwapped ? second << 8 | first : first << 8 | second;
    }
}

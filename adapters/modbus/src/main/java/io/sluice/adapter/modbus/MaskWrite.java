package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import java.io.IOException;

/**
 * Changes some bits of a holding register and lets the device keep the others (Application Protocol V1.1b3 §6.16).
 *
 * @param address zero-based
 * @param mask the bits that are changed
 * @param bits what they become; 0 outside the mask
 */
record MaskWrite(int address, int mask, int bits) implements Request {

    MaskWrite {
        if ((bits & ~mask) != 0 || mask < 0 || mask > 0xFFFF) {
            throw new IllegalArgumentException("bits outside the mask: " + bits + ", " + mask);
        }
    }

    /** What becomes of a register. */
    int applied(int register) {
        return register & ~mask | bits;
    }

    @Override
    public int function() {
        return 22;
    }

    @Override
    public int put(byte[] frame, int at) {
        frame[at] = (byte) function();
        Request.putWord(frame, at + 1, address);
        Request.putWord(frame, at + 3, ~mask);
        Request.putWord(frame, at + 5, bits);
        return 7;
    }

    @Override
    public int replyLength(byte[] frame, int at, int have) {
        return 7;
    }

    @Override
    public Reply reply(byte[] frame, int at, int end) throws IOException {
        if (end - at != 7
                || Request.word(frame, at + 1) != address
                || Request.word(frame, at + 3) != (~mask & 0xFFFF)
                || Request.word(frame, at + 5) != bits) {
            throw new IOException("answered a mask write to " + describe() + " with another address or mask");
        }
        return new Reply.Data(frame, at + 1);
    }

    @Override
    public String describe() {
        return Table.HOLDING.plural() + " " + address;
    }
}

package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import java.io.IOException;

/**
 * How requests and replies look on a stream of bytes. Keeps the request that waits for its reply, and nothing else. No
 * I/O inside. Confined to one thread.
 */
interface Framing {

    /** The longest frame of any framing: MBAP header (7) and PDU (253). */
    int MAX_FRAME = 260;

    /**
     * Writes a request to read.
     *
     * @param frame at least {@link #MAX_FRAME} long
     * @return its length
     */
    int request(int unit, Block block, byte[] frame);

    /**
     * How long the reply is, as far as its beginning tells; never less than {@code have} unless the reply is complete.
     *
     * @param have bytes there so far
     * @throws IOException if these bytes cannot begin the reply to the request
     */
    int replyLength(byte[] frame, int have) throws IOException;

    /**
     * The reply in a complete frame.
     *
     * @throws IOException if it does not answer the request, saying what was asked and what came
     */
    Reply reply(byte[] frame, int length) throws IOException;

    /** Bytes of data that answer a request: two for a register, one for each eight bits begun. */
    static int dataBytes(Block block) {
        return block.table().bits() ? (block.count() + 7) / 8 : 2 * block.count();
    }

    /** Writes a PDU that reads {@code block} (Application Protocol V1.1b3 §6.1 to §6.4); five bytes long. */
    static void putReadPdu(Block block, byte[] frame, int at) {
        frame[at] = (byte) block.table().readFunction();
        frame[at + 1] = (byte) (block.address() >> 8);
        frame[at + 2] = (byte) block.address();
        frame[at + 3] = (byte) (block.count() >> 8);
        frame[at + 4] = (byte) block.count();
    }

    /**
     * Reads the PDU of a reply.
     *
     * @param at of the function code
     * @param end behind the PDU
     */
    static Reply readPdu(Block asked, byte[] frame, int at, int end) throws IOException {
        int function = asked.table().readFunction();
        int got = frame[at] & 0xFF;
        if (got == (function | 0x80) && end - at == 2) {
            return new Reply.Refused(frame[at + 1] & 0xFF);
        }
        if (got != function) {
            throw new IOException("answered with function " + got + ", asked with " + function);
        }
        int expected = dataBytes(asked);
        if (end - at != 2 + expected || (frame[at + 1] & 0xFF) != expected) {
            throw new IOException("answered with " + (end - at - 2) + " bytes of data, expected " + expected + " for "
                    + asked.describe());
        }
        return new Reply.Data(frame, at + 2);
    }
}

package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import java.io.IOException;

/**
 * How requests and replies look on a stream of bytes. Keeps the request that waits for its reply, and nothing else. No
 * I/O inside. Confined to one thread.
 */
interface Framing {

    /** The longest frame of any framing: MBAP header (7) and PDU (253). */
    int MAX_FRAME = 260;

    /**
     * Writes a request.
     *
     * @param frame at least {@link #MAX_FRAME} long
     * @return its length
     */
    int request(int unit, Request request, byte[] frame);

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
}

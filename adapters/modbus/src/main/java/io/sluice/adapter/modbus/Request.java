package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import java.io.IOException;

/**
 * What a server is asked, as a PDU (Application Protocol V1.1b3 §6), and what counts as its answer. Immutable, no I/O; one
 * object may be asked again and again.
 */
sealed interface Request permits ReadPlanner.Block, Write, FileWrite, MaskWrite, Identification {

    /** Function code, 1 to 127. */
    int function();

    /**
     * Writes the PDU, function code first.
     *
     * @return its length, at most 253
     */
    int put(byte[] frame, int at);

    /**
     * How long the PDU of the answer is, as far as its beginning tells; more than {@code have} unless it is known.
     *
     * @param at of the function code
     * @param have bytes of the PDU so far, at least 2
     */
    int replyLength(byte[] frame, int at, int have);

    /**
     * Judges an answer with the right function code.
     *
     * @param at of the function code
     * @param end behind the PDU
     * @throws IOException if it is no answer to this request, saying what was asked and what came
     */
    Reply reply(byte[] frame, int at, int end) throws IOException;

    /** For messages: {@code input registers 0 to 79}. */
    String describe();

    /** Judges a whole PDU: an exception response, or an answer. */
    static Reply reply(Request asked, byte[] frame, int at, int end) throws IOException {
        int function = asked.function();
        int got = frame[at] & 0xFF;
        if (got == (function | 0x80) && end - at == 2) {
            return new Reply.Refused(frame[at + 1] & 0xFF);
        }
        if (got != function) {
            throw new IOException("answered with function " + got + ", asked with " + function);
        }
        return asked.reply(frame, at, end);
    }

    static void putWord(byte[] frame, int at, int word) {
        frame[at] = (byte) (word >> 8);
        frame[at + 1] = (byte) word;
    }

    static int word(byte[] frame, int at) {
        return (frame[at] & 0xFF) << 8 | (frame[at + 1] & 0xFF);
    }
}

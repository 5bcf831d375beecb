package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * Modbus TCP: each PDU behind an MBAP header with transaction id, protocol id 0, length and unit id (Messaging on TCP/IP
 * Implementation Guide V1.0b §3.1.3).
 */
final class MbapFraming implements Framing {

    private static final int HEADER = 7;
    private static final int MAX_PDU = 253;

    private int transaction;
    private int unit;
    private @Nullable Request asked;

    /**
     * @param firstTransaction where transaction ids begin; random, so that a server that repeats replies of an older
     *     connection is found out
     */
    MbapFraming(int firstTransaction) {
        this.transaction = firstTransaction & 0xFFFF;
    }

    @Override
    public int request(int unit, Request request, byte[] frame) {
        this.transaction = transaction + 1 & 0xFFFF;
        this.unit = unit;
        this.asked = request;
        int pdu = request.put(frame, HEADER);
        Request.putWord(frame, 0, transaction);
        Request.putWord(frame, 2, 0);
        Request.putWord(frame, 4, 1 + pdu);
        frame[6] = (byte) unit;
        return HEADER + pdu;
    }

    @Override
    public int replyLength(byte[] frame, int have) throws IOException {
        if (have < HEADER) {
            return HEADER;
        }
        int length = Request.word(frame, 4);
        if (length < 3 || length > 1 + MAX_PDU) {
            throw new IOException("answered with a length of " + length + " in the MBAP header, expected 3 to 254");
        }
        return HEADER - 1 + length;
    }

    @Override
    public Reply reply(byte[] frame, int length) throws IOException {
        requireSame("protocol id", Request.word(frame, 2), 0);
        requireSame("transaction id", Request.word(frame, 0), transaction);
        requireSame("unit id", frame[6] & 0xFF, unit);
        Request request = asked;
        if (request == null) {
            throw new IOException("answered before anything was asked");
        }
        return Request.reply(request, frame, HEADER, length);
    }

    private static void requireSame(String what, int got, int expected) throws IOException {
        if (got != expected) {
            throw new IOException("answered with " + what + " " + got + ", asked with " + expected);
        }
    }
}

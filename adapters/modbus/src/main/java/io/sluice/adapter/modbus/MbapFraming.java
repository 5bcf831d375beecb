package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import java.io.IOException;

/**
 * Modbus TCP: each PDU behind an MBAP header with transaction id, protocol id 0, length and unit id (Messaging on TCP/IP
 * Implementation Guide V1.0b §3.1.3).
 */
final class MbapFraming implements Framing {

    private static final int HEADER = 7;
    private static final int MAX_PDU = 253;

    private int transaction;
    private int unit;
    private Block asked = NOTHING;

    /** Before the first request; no reply fits it. */
    private static final Block NOTHING = new Block(Table.COIL, 0, 0, java.util.List.of());

    /**
     * @param firstTransaction where transaction ids begin; random, so that a server that repeats replies of an older
     *     connection is found out
     */
    MbapFraming(int firstTransaction) {
        this.transaction = firstTransaction & 0xFFFF;
    }

    @Override
    public int request(int unit, Block block, byte[] frame) {
        this.transaction = transaction + 1 & 0xFFFF;
        this.unit = unit;
        this.asked = block;
        putWord(frame, 0, transaction);
        putWord(frame, 2, 0);
        putWord(frame, 4, 6);
        frame[6] = (byte) unit;
        Framing.putReadPdu(block, frame, HEADER);
        return HEADER + 5;
    }

    @Override
    public int replyLength(byte[] frame, int have) throws IOException {
        if (have < HEADER) {
            return HEADER;
        }
        int length = word(frame, 4);
        if (length < 3 || length > 1 + MAX_PDU) {
            throw new IOException("answered with a length of " + length + " in the MBAP header, expected 3 to 254");
        }
        return HEADER - 1 + length;
    }

    @Override
    public Reply reply(byte[] frame, int length) throws IOException {
        requireSame("protocol id", word(frame, 2), 0);
        requireSame("transaction id", word(frame, 0), transaction);
        requireSame("unit id", frame[6] & 0xFF, unit);
        return Framing.readPdu(asked, frame, HEADER, length);
    }

    private static void requireSame(String what, int got, int expected) throws IOException {
        if (got != expected) {
            throw new IOException("answered with " + what + " " + got + ", asked with " + expected);
        }
    }

    private static void putWord(byte[] frame, int at, int word) {
        frame[at] = (byte) (word >> 8);
        frame[at + 1] = (byte) word;
    }

    private static int word(byte[] frame, int at) {
        return (frame[at] & 0xFF) << 8 | (frame[at + 1] & 0xFF);
    }
}

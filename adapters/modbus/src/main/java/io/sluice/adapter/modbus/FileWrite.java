package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import java.io.IOException;

/**
 * Writes records of one file that lie side by side (Application Protocol V1.1b3 §6.15).
 *
 * @param place of the first record
 * @param data two bytes to a record
 */
@SuppressWarnings("ArrayRecordComponent") // the data of one write; never compared
record FileWrite(Place place, byte[] data) implements Request {

    /** Function, byte count, reference type, file, record and length. */
    private static final int HEAD = 9;

    private static final int REFERENCE_TYPE = 6;

    FileWrite {
        if (place.table() != Table.FILE || data.length < 2 || data.length > 2 * Table.MAX_RECORDS) {
            throw new IllegalArgumentException(data.length + " bytes at " + place.key());
        }
    }

    @Override
    public int function() {
        return 21;
    }

    @Override
    public int put(byte[] frame, int at) {
        frame[at] = (byte) function();
        frame[at + 1] = (byte) (HEAD - 2 + data.length);
        frame[at + 2] = REFERENCE_TYPE;
        Request.putWord(frame, at + 3, place.file());
        Request.putWord(frame, at + 5, place.address());
        Request.putWord(frame, at + 7, data.length / 2);
        System.arraycopy(data, 0, frame, at + HEAD, data.length);
        return HEAD + data.length;
    }

    @Override
    public int replyLength(byte[] frame, int at, int have) {
        return 2 + (frame[at + 1] & 0xFF);
    }

    /** A device repeats the whole request. */
    @Override
    public Reply reply(byte[] frame, int at, int end) throws IOException {
        byte[] sent = new byte[Framing.MAX_FRAME];
        int length = put(sent, 0);
        if (end - at != length || java.util.Arrays.mismatch(sent, 0, length, frame, at, end) >= 0) {
            throw new IOException("answered a write to " + describe() + " with something else");
        }
        return new Reply.Data(frame, at + 1);
    }

    @Override
    public String describe() {
        return place.describe(data.length / 2);
    }
}

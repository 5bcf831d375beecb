package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.SequencedMap;

/**
 * Asks a device who it is (Application Protocol V1.1b3 §6.21, MEI type 14).
 *
 * @param category 1 basic, 2 regular, 3 extended
 * @param firstObject where the answer begins: an answer that does not fit one frame is asked for piece by piece
 */
record Identification(int category, int firstObject) implements Request {

    private static final int MEI = 14;

    /** Function, MEI type, category, conformity, more follows, next object, number of objects. */
    private static final int HEAD = 7;

    @Override
    public int function() {
        return 43;
    }

    @Override
    public int put(byte[] frame, int at) {
        frame[at] = (byte) function();
        frame[at + 1] = MEI;
        frame[at + 2] = (byte) category;
        frame[at + 3] = (byte) firstObject;
        return 4;
    }

    @Override
    public int replyLength(byte[] frame, int at, int have) {
        if (have < HEAD) {
            return HEAD;
        }
        int length = HEAD;
        for (int left = frame[at + HEAD - 1] & 0xFF; left > 0; left--) {
            if (have < length + 2) {
                return length + 2;
            }
            length += 2 + (frame[at + length + 1] & 0xFF);
        }
        return length;
    }

    @Override
    public Reply reply(byte[] frame, int at, int end) throws IOException {
        if (end - at < HEAD || frame[at + 1] != MEI || replyLength(frame, at, end - at) != end - at) {
            throw new IOException("answered a question for its identification with something else");
        }
        return new Reply.Data(frame, at + 2);
    }

    /**
     * Reads the objects of an answer.
     *
     * @param into by object id: 0 vendor name, 1 product code, 2 revision, 3 vendor URL, 4 product name, 5 model name …
     * @return the object to go on with, -1 if there are no more
     */
    static int objects(Reply.Data answer, SequencedMap<Integer, String> into) {
        byte[] bytes = answer.bytes();
        int head = answer.offset();
        int at = head + HEAD - 2;
        for (int left = bytes[head + 4] & 0xFF; left > 0; left--) {
            int length = bytes[at + 1] & 0xFF;
            into.put(bytes[at] & 0xFF, new String(bytes, at + 2, length, StandardCharsets.UTF_8).strip());
            at += 2 + length;
        }
        return bytes[head + 2] == 0 ? -1 : bytes[head + 3] & 0xFF;
    }

    @Override
    public String describe() {
        return "device identification";
    }
}

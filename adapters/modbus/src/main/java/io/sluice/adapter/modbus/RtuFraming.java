package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * RTU frames on a stream: unit id, PDU, CRC (Serial Line Guide V1.02 §2.5.1). There is no transaction id: a late reply to
 * an equal request cannot be told from the right one here; {@link SettlingConnection} sees to that.
 */
final class RtuFraming implements Framing {

    private static final int EXCEPTION_FRAME = 5;

    private int unit;
    private @Nullable Request asked;

    @Override
    public int request(int unit, Request request, byte[] frame) {
        this.unit = unit;
        this.asked = request;
        frame[0] = (byte) unit;
        int end = 1 + request.put(frame, 1);
        int crc = crc(frame, end);
        frame[end] = (byte) crc;
        frame[end + 1] = (byte) (crc >> 8);
        return end + 2;
    }

    @Override
    public int replyLength(byte[] frame, int have) throws IOException {
        Request request = asked;
        if (have < 3 || request == null || (frame[1] & 0x80) != 0) {
            return EXCEPTION_FRAME;
        }
        int length = 1 + request.replyLength(frame, 1, have - 1) + 2;
        if (length > MAX_FRAME) {
            throw new IOException("answered with a frame that would be " + length + " bytes long");
        }
        return length;
    }

    @Override
    public Reply reply(byte[] frame, int length) throws IOException {
        int crc = (frame[length - 2] & 0xFF) | (frame[length - 1] & 0xFF) << 8;
        if (crc != crc(frame, length - 2)) {
            throw new IOException("answered with a frame whose CRC is wrong");
        }
        Request request = asked;
        if (request == null || (frame[0] & 0xFF) != unit) {
            throw new IOException("answered with unit id " + (frame[0] & 0xFF) + ", asked with " + unit);
        }
        return Request.reply(request, frame, 1, length - 2);
    }

    /** CRC-16 with polynomial 0xA001 reflected, start 0xFFFF (Serial Line Guide V1.02 §6.2.2). */
    static int crc(byte[] frame, int length) {
        int crc = 0xFFFF;
        for (int i = 0; i < length; i++) {
            crc ^= frame[i] & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc & 1) != 0 ? crc >> 1 ^ 0xA001 : crc >> 1;
            }
        }
        return crc;
    }
}

package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import java.io.IOException;
import java.util.List;

/**
 * RTU frames on a stream: unit id, PDU, CRC (Serial Line Guide V1.02 §2.5.1). There is no transaction id: a late reply to
 * an equal request cannot be told from the right one here; {@link SettlingConnection} sees to that.
 */
final class RtuFraming implements Framing {

    private static final int EXCEPTION_FRAME = 5;
    private static final Block NOTHING = new Block(Table.COIL, 0, 0, List.of());

    private int unit;
    private Block asked = NOTHING;

    @Override
    public int request(int unit, Block block, byte[] frame) {
        this.unit = unit;
        this.asked = block;
        frame[0] = (byte) unit;
        Framing.putReadPdu(block, frame, 1);
        int crc = crc(frame, 6);
        frame[6] = (byte) crc;
        frame[7] = (byte) (crc >> 8);
        return 8;
    }

    @Override
    public int replyLength(byte[] frame, int have) throws IOException {
        if (have < 3) {
            return EXCEPTION_FRAME;
        }
        return (frame[1] & 0x80) != 0 ? EXCEPTION_FRAME : 3 + (frame[2] & 0xFF) + 2;
    }

    @Override
    public Reply reply(byte[] frame, int length) throws IOException {
        int crc = (frame[length - 2] & 0xFF) | (frame[length - 1] & 0xFF) << 8;
        if (crc != crc(frame, length - 2)) {
            throw new IOException("answered with a frame whose CRC is wrong");
        }
        if ((frame[0] & 0xFF) != unit) {
            throw new IOException("answered with unit id " + (frame[0] & 0xFF) + ", asked with " + unit);
        }
        return Framing.readPdu(asked, frame, 1, length - 2);
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

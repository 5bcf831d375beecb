package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import java.io.IOException;

/**
 * Writes coils or holding registers that lie side by side (Application Protocol V1.1b3 §6.5, §6.6, §6.11, §6.12).
 *
 * @param table coils or holding registers
 * @param address zero-based
 * @param data two bytes to a register; of coils eight to a byte, the first in the lowest bit
 * @param count of registers or coils
 * @param multiple by function 15 or 16, also a single one
 */
@SuppressWarnings("ArrayRecordComponent") // the data of one write; never compared
record Write(Table table, int address, byte[] data, int count, boolean multiple) implements Request {

    private static final int COIL_ON = 0xFF00;

    Write {
        if (table != Table.COIL && table != Table.HOLDING) {
            throw new IllegalArgumentException(table.plural() + " cannot be written");
        }
        int bytes = table.bits() ? (count + 7) / 8 : 2 * count;
        if (count < 1 || bytes > 246 || data.length != bytes) {
            throw new IllegalArgumentException(data.length + " bytes for " + count + " " + table.plural());
        }
        multiple |= count > 1;
    }

    static Write coil(int address, boolean on) {
        return new Write(Table.COIL, address, new byte[] {(byte) (on ? 1 : 0)}, 1, false);
    }

    static Write registers(int address, byte[] data) {
        return new Write(Table.HOLDING, address, data, data.length / 2, false);
    }

    /** The same by a function that writes several, for devices that know no other. */
    Write asMultiple() {
        return new Write(table, address, data, count, true);
    }

    @Override
    public int function() {
        if (table.bits()) {
            return multiple ? 15 : 5;
        }
        return multiple ? 16 : 6;
    }

    @Override
    public int put(byte[] frame, int at) {
        frame[at] = (byte) function();
        Request.putWord(frame, at + 1, address);
        Request.putWord(frame, at + 3, echo());
        if (!multiple) {
            return 5;
        }
        frame[at + 5] = (byte) data.length;
        System.arraycopy(data, 0, frame, at + 6, data.length);
        return 6 + data.length;
    }

    /** What the device repeats behind the address: the value of a single one, else how many. */
    private int echo() {
        if (multiple) {
            return count;
        }
        return table.bits() ? (data[0] & 1) * COIL_ON : Request.word(data, 0);
    }

    @Override
    public int replyLength(byte[] frame, int at, int have) {
        return 5;
    }

    @Override
    public Reply reply(byte[] frame, int at, int end) throws IOException {
        if (end - at != 5 || Request.word(frame, at + 1) != address || Request.word(frame, at + 3) != echo()) {
            throw new IOException("answered a write to " + describe() + " with another address or value");
        }
        return new Reply.Data(frame, at + 1);
    }

    @Override
    public String describe() {
        return table.plural() + " " + address + (count == 1 ? "" : " to " + (address + count - 1));
    }
}

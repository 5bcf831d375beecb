package io.sluice.adapter.modbus;

import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.ModbusResponse;
import com.ghgande.j2mod.modbus.net.AbstractModbusListener;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** A {@link Request} as j2mod's serial transports send one. Only sent, never received. */
final class PduRequest extends ModbusRequest {

    private final byte[] pdu = new byte[Framing.MAX_FRAME];
    private final int length;

    PduRequest(int unit, Request request) {
        this.length = request.put(pdu, 0);
        setUnitID(unit);
        setFunctionCode(request.function());
        setDataLength(length - 1);
        setHeadless();
    }

    @Override
    public void writeData(DataOutput out) throws IOException {
        out.write(pdu, 1, length - 1);
    }

    @Override
    public byte[] getMessage() {
        return java.util.Arrays.copyOfRange(pdu, 1, length);
    }

    @Override
    public void readData(DataInput in) {
        throw new UnsupportedOperationException("only sent");
    }

    @Override
    public ModbusResponse getResponse() {
        throw new UnsupportedOperationException("only sent");
    }

    @Override
    public ModbusResponse createResponse(AbstractModbusListener listener) {
        throw new UnsupportedOperationException("only sent");
    }
}

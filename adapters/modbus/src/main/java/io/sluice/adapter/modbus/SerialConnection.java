package io.sluice.adapter.modbus;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.ModbusIOException;
import com.ghgande.j2mod.modbus.ModbusSlaveException;
import com.ghgande.j2mod.modbus.io.ModbusTransaction;
import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.ModbusResponse;
import com.ghgande.j2mod.modbus.msg.ReadCoilsRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputDiscretesRequest;
import com.ghgande.j2mod.modbus.msg.ReadInputRegistersRequest;
import com.ghgande.j2mod.modbus.msg.ReadMultipleRegistersRequest;
import com.ghgande.j2mod.modbus.net.AbstractSerialConnection;
import com.ghgande.j2mod.modbus.util.SerialParameters;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * RTU over a serial port, by j2mod. Each request is tried once and its reply checked here; repeating and settling are
 * others' business.
 */
final class SerialConnection implements ModbusConnection {

    private static final long SILENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Endpoint.Serial endpoint;
    private final byte[] waste = new byte[256];
    private volatile @Nullable AbstractSerialConnection port;

    SerialConnection(Endpoint.Serial endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void connect() throws ConnectFailed {
        if (port != null) {
            return;
        }
        try {
            AbstractSerialConnection opened = new com.ghgande.j2mod.modbus.net.SerialConnection(parameters());
            opened.open();
            port = opened;
        } catch (IOException | RuntimeException e) {
            throw new ConnectFailed("cannot open serial port " + endpoint.port() + ": " + e.getMessage(), e);
        }
    }

    private SerialParameters parameters() {
        SerialFormat format = endpoint.format();
        SerialParameters parameters = new SerialParameters(
                endpoint.port(),
                endpoint.baud(),
                AbstractSerialConnection.FLOW_CONTROL_DISABLED,
                AbstractSerialConnection.FLOW_CONTROL_DISABLED,
                format.dataBits(),
                format.stopBits() == 2 ? AbstractSerialConnection.TWO_STOP_BITS : AbstractSerialConnection.ONE_STOP_BIT,
                switch (format.parity()) {
                    case NONE -> AbstractSerialConnection.NO_PARITY;
                    case EVEN -> AbstractSerialConnection.EVEN_PARITY;
                    case ODD -> AbstractSerialConnection.ODD_PARITY;
                },
                false);
        parameters.setEncoding("rtu");
        parameters.setOpenDelay(0);
        return parameters;
    }

    @Override
    public Reply read(int unit, Block block) throws IOException {
        AbstractSerialConnection current = port;
        if (current == null) {
            throw new ConnectionLost("serial port " + endpoint.port() + " is not open");
        }
        ModbusRequest request = request(block);
        request.setUnitID(unit);
        request.setHeadless();
        try {
            return reply(unit, block, request, execute(current, request));
        } catch (ModbusSlaveException e) {
            return new Reply.Refused(e.getType());
        } catch (ModbusIOException e) {
            close();
            throw new IOException(
                    "no valid reply on " + endpoint.port() + " within "
                            + endpoint.timeout().toMillis() + " ms (unit " + unit + ", " + block.describe() + ")",
                    e);
        } catch (ModbusException | RuntimeException e) {
            close();
            throw new IOException("serial port " + endpoint.port() + ": " + e.getMessage(), e);
        }
    }

    private ModbusResponse execute(AbstractSerialConnection current, ModbusRequest request) throws ModbusException {
        current.setTimeout((int) endpoint.timeout().toMillis());
        var transport = current.getModbusTransport();
        transport.setTimeout((int) endpoint.timeout().toMillis());
        ModbusTransaction transaction = transport.createTransaction();
        transaction.setRequest(request);
        // Not 0, which j2mod takes for its default of five.
        transaction.setRetries(1);
        transaction.setCheckingValidity(true);
        transaction.execute();
        return transaction.getResponse();
    }

    private static ModbusRequest request(Block block) {
        return switch (block.table()) {
            case COIL -> new ReadCoilsRequest(block.address(), block.count());
            case DISCRETE -> new ReadInputDiscretesRequest(block.address(), block.count());
            case HOLDING -> new ReadMultipleRegistersRequest(block.address(), block.count());
            case INPUT -> new ReadInputRegistersRequest(block.address(), block.count());
        };
    }

    private Reply reply(int unit, Block block, ModbusRequest request, @Nullable ModbusResponse response)
            throws IOException {
        if (response == null
                || response.getUnitID() != unit
                || response.getFunctionCode() != request.getFunctionCode()) {
            close();
            throw new IOException(endpoint.port() + " answered with another unit id or function than unit " + unit
                    + " was asked with");
        }
        byte[] data = response.getMessage();
        int expected = Framing.dataBytes(block);
        if (data.length != 1 + expected || (data[0] & 0xFF) != expected) {
            close();
            throw new IOException(endpoint.port() + " answered with " + (data.length - 1) + " bytes of data, expected "
                    + expected + " for " + block.describe());
        }
        return new Reply.Data(data, 1);
    }

    @Override
    public void drain() {
        AbstractSerialConnection current = port;
        long end = System.nanoTime() + endpoint.timeout().toNanos();
        long silentSince = System.nanoTime();
        while (current != null && System.nanoTime() - silentSince < SILENCE_NANOS && System.nanoTime() - end < 0) {
            int there = current.bytesAvailable();
            if (there > 0) {
                current.readBytes(waste, Math.min(there, waste.length));
                silentSince = System.nanoTime();
            } else {
                LockSupport.parkNanos(LOOK_NANOS);
            }
        }
    }

    @Override
    public boolean connected() {
        return port != null;
    }

    @Override
    public void close() {
        AbstractSerialConnection current = port;
        port = null;
        if (current != null) {
            current.close();
        }
    }
}

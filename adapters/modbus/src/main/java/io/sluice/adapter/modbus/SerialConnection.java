package io.sluice.adapter.modbus;

import com.ghgande.j2mod.modbus.ModbusException;
import com.ghgande.j2mod.modbus.ModbusIOException;
import com.ghgande.j2mod.modbus.ModbusSlaveException;
import com.ghgande.j2mod.modbus.io.ModbusTransaction;
import com.ghgande.j2mod.modbus.msg.ModbusRequest;
import com.ghgande.j2mod.modbus.msg.ModbusResponse;
import com.ghgande.j2mod.modbus.net.AbstractSerialConnection;
import com.ghgande.j2mod.modbus.util.SerialParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * RTU or ASCII over a serial port, by j2mod. Each request is tried once and its reply checked here; repeating and settling are
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
            AbstractSerialConnection opened = new com.ghgande.j2mod.modbus.net.SerialConnection(parameters(endpoint));
            opened.open();
            port = opened;
        } catch (IOException | RuntimeException e) {
            throw new ConnectFailed("cannot open serial port " + endpoint.port() + ": " + reason(e), e);
        }
    }

    /** What can be told from outside is told better than by the library. */
    private String reason(Exception failure) {
        Path file = Path.of(endpoint.port());
        if (!Files.exists(file)) {
            return "there is no such file; is the converter plugged in?";
        }
        if (!Files.isReadable(file) || !Files.isWritable(file)) {
            return "no permission; the user that runs Sluice has to be in the file's group, mostly dialout";
        }
        return String.valueOf(failure.getMessage());
    }

    /** What the port is opened with. */
    static SerialParameters parameters(Endpoint.Serial endpoint) {
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
        parameters.setEncoding(endpoint.ascii() ? "ascii" : "rtu");
        endpoint.rs485().ifPresent(rs485 -> drive(rs485, parameters));
        parameters.setOpenDelay(0);
        return parameters;
    }

    private static void drive(Rs485 rs485, SerialParameters parameters) {
        parameters.setRs485Mode(true);
        parameters.setRs485TxEnableActiveHigh(rs485.sendsHigh());
        parameters.setRs485DelayBeforeTxMicroseconds((int) (rs485.before().toNanos() / 1000));
        parameters.setRs485DelayAfterTxMicroseconds((int) (rs485.after().toNanos() / 1000));
        parameters.setRs485EnableTermination(rs485.termination());
        parameters.setRs485RxDuringTx(rs485.hearsItself());
    }

    @Override
    public Reply exchange(int unit, Request asked, Duration within) throws IOException {
        AbstractSerialConnection current = port;
        if (current == null) {
            throw new ConnectionLost("serial port " + endpoint.port() + " is not open");
        }
        try {
            return reply(unit, asked, execute(current, new PduRequest(unit, asked), within));
        } catch (ModbusSlaveException e) {
            return new Reply.Refused(e.getType());
        } catch (ModbusIOException e) {
            close();
            throw new IOException(
                    "no valid reply on " + endpoint.port() + " within " + within.toMillis() + " ms (unit " + unit + ", "
                            + asked.describe() + ")",
                    e);
        } catch (ModbusException | RuntimeException e) {
            close();
            throw new IOException("serial port " + endpoint.port() + ": " + e.getMessage(), e);
        } catch (IOException e) {
            close();
            throw new IOException(endpoint.port() + " " + e.getMessage(), e);
        }
    }

    private static ModbusResponse execute(AbstractSerialConnection current, ModbusRequest request, Duration within)
            throws ModbusException {
        current.setTimeout((int) within.toMillis());
        var transport = current.getModbusTransport();
        transport.setTimeout((int) within.toMillis());
        ModbusTransaction transaction = transport.createTransaction();
        transaction.setRequest(request);
        // Not 0, which j2mod takes for its default of five.
        transaction.setRetries(1);
        transaction.setCheckingValidity(true);
        transaction.execute();
        return transaction.getResponse();
    }

    private static Reply reply(int unit, Request asked, @Nullable ModbusResponse response) throws IOException {
        if (response == null || response.getUnitID() != unit) {
            throw new IOException("answered with another unit id than " + unit);
        }
        byte[] data = response.getMessage();
        byte[] pdu = new byte[1 + data.length];
        pdu[0] = (byte) response.getFunctionCode();
        System.arraycopy(data, 0, pdu, 1, data.length);
        return Request.reply(asked, pdu, 0, pdu.length);
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
    public Duration timeout() {
        return endpoint.timeout();
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

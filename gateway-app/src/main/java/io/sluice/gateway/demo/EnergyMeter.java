package io.sluice.gateway.demo;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A simulated Eastron SDM630 energy meter: a Modbus TCP server on the loopback interface, at a port that the system
 * chooses, unit id 1. Like the real one it gives input registers only, at most 80 at once, and exceptions for the rest
 * (Modbus Application Protocol V1.1b3 §7).
 */
public final class EnergyMeter implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EnergyMeter.class);

    private static final int UNIT = 1;
    private static final int MAX_REGISTERS = 80;
    private static final int READ_INPUT_REGISTERS = 4;

    private static final int ILLEGAL_FUNCTION = 1;
    private static final int ILLEGAL_DATA_ADDRESS = 2;
    private static final int ILLEGAL_DATA_VALUE = 3;
    private static final int TARGET_SILENT = 11;

    private final ServerSocket listener;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final PowerModel model;
    private long lastNanos = System.nanoTime();

    /**
     * Starts to listen.
     *
     * @param random what the measured values wander by
     * @throws IOException if no port can be had
     */
    public EnergyMeter(RandomGenerator random) throws IOException {
        this.model = new PowerModel(random);
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("demo-meter").start(this::accept);
    }

    /** The TCP port it listens at. */
    public int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        while (!listener.isClosed()) {
            try {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().name("demo-meter-connection").start(() -> serve(socket));
            } catch (IOException e) {
                if (!listener.isClosed()) {
                    log.warn("simulated meter: cannot accept a connection: {}", e.getMessage());
                }
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int transaction = in.readUnsignedShort();
                int protocol = in.readUnsignedShort();
                int length = in.readUnsignedShort();
                if (protocol != 0 || length < 2 || length > 254) {
                    return;
                }
                socket.getOutputStream().write(frame(transaction, in.readNBytes(length)));
            }
        } catch (EOFException | SocketException e) {
            log.debug("simulated meter: a client went away: {}", e.getMessage());
        } catch (IOException e) {
            log.warn("simulated meter: connection lost: {}", e.getMessage());
        } finally {
            sockets.remove(socket);
        }
    }

    /**
     * The whole reply.
     *
     * @param request unit id and PDU
     */
    private byte[] frame(int transaction, byte[] request) throws IOException {
        java.io.ByteArrayOutputStream bytes = new java.io.ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        byte[] pdu = answer(request);
        out.writeShort(transaction);
        out.writeShort(0);
        out.writeShort(1 + pdu.length);
        out.writeByte(request[0]);
        out.write(pdu);
        return bytes.toByteArray();
    }

    private byte[] answer(byte[] request) {
        int function = request[1] & 0xFF;
        if ((request[0] & 0xFF) != UNIT) {
            return exception(function, TARGET_SILENT);
        }
        if (function != READ_INPUT_REGISTERS) {
            return exception(function, ILLEGAL_FUNCTION);
        }
        if (request.length != 6) {
            return exception(function, ILLEGAL_DATA_VALUE);
        }
        return registers(word(request, 2), word(request, 4));
    }

    private byte[] registers(int address, int count) {
        if (count < 1 || count > MAX_REGISTERS) {
            return exception(READ_INPUT_REGISTERS, ILLEGAL_DATA_VALUE);
        }
        if (address + count > PowerModel.REGISTERS) {
            return exception(READ_INPUT_REGISTERS, ILLEGAL_DATA_ADDRESS);
        }
        byte[] pdu = new byte[2 + 2 * count];
        pdu[0] = READ_INPUT_REGISTERS;
        pdu[1] = (byte) (2 * count);
        synchronized (model) {
            long now = System.nanoTime();
            model.advance((now - lastNanos) / 1e9);
            lastNanos = now;
            for (int i = 0; i < count; i++) {
                int register = model.register(address + i);
                pdu[2 + 2 * i] = (byte) (register >> 8);
                pdu[3 + 2 * i] = (byte) register;
            }
        }
        return pdu;
    }

    private static byte[] exception(int function, int code) {
        return new byte[] {(byte) (function | 0x80), (byte) code};
    }

    private static int word(byte[] bytes, int at) {
        return (bytes[at] & 0xFF) << 8 | (bytes[at + 1] & 0xFF);
    }

    /** Stops listening and ends every connection. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}

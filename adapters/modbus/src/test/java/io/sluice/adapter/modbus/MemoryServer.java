package io.sluice.adapter.modbus;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A Modbus TCP server with holding registers and coils that can be written, for what no real server would do on demand: lack
 * functions, forget what was written, or keep an answer back.
 */
final class MemoryServer implements AutoCloseable {

    private final ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final Map<Integer, Integer> registers = new ConcurrentHashMap<>();
    private final Map<Integer, Boolean> coils = new ConcurrentHashMap<>();
    private final Set<Integer> lacking = ConcurrentHashMap.newKeySet();
    private final List<Integer> functions = new CopyOnWriteArrayList<>();
    private final Map<Integer, String> identity = new TreeMap<>();
    private final Set<Integer> units = ConcurrentHashMap.newKeySet();
    private volatile boolean forgets;
    private volatile boolean mute;
    private volatile CountDownLatch held = new CountDownLatch(0);

    MemoryServer() throws IOException {
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    /** Refuses these functions with exception 1. */
    MemoryServer lacking(Integer... functions) {
        lacking.addAll(List.of(functions));
        return this;
    }

    /** Answers these units only; all if never called. */
    MemoryServer units(Integer... ids) {
        units.addAll(List.of(ids));
        return this;
    }

    MemoryServer identity(int object, String text) {
        identity.put(object, text);
        return this;
    }

    void dropConnections() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    /** Confirms what is written and keeps what was. */
    void forget() {
        forgets = true;
    }

    void mute() {
        mute = true;
    }

    void speakAgain() {
        mute = false;
    }

    /** Keeps its answers back until {@link #goOn}. */
    void hold() {
        held = new CountDownLatch(1);
    }

    void goOn() {
        held.countDown();
    }

    int register(int address) {
        return registers.getOrDefault(address, 0);
    }

    MemoryServer set(int address, int value) {
        registers.put(address, value);
        return this;
    }

    boolean coil(int address) {
        return coils.getOrDefault(address, false);
    }

    /** Function codes asked for, in order. */
    List<Integer> functions() {
        return functions;
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // The listener was closed: the test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                byte[] head = in.readNBytes(6);
                if (head.length < 6) {
                    return;
                }
                byte[] rest = in.readNBytes(ByteBuffer.wrap(head).getShort(4));
                functions.add(rest[1] & 0xFF);
                held.await();
                if (!mute && (units.isEmpty() || units.contains(rest[0] & 0xFF))) {
                    answer(socket.getOutputStream(), head, rest);
                }
            }
        } catch (EOFException | java.net.SocketException _) {
            // The client went away.
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answer(OutputStream out, byte[] head, byte[] request) throws IOException {
        ByteBuffer asked = ByteBuffer.wrap(request);
        byte[] pdu = lacking.contains((int) request[1])
                ? new byte[] {(byte) (request[1] | 0x80), 1}
                : pdu(request[1], asked.position(2));
        ByteBuffer frame = ByteBuffer.wrap(new byte[7 + pdu.length]);
        frame.put(head, 0, 4).putShort((short) (1 + pdu.length)).put(request[0]).put(pdu);
        out.write(frame.array());
    }

    private byte[] pdu(int function, ByteBuffer asked) {
        return switch (function) {
            case 1, 2 -> readCoils(function, asked.getShort() & 0xFFFF, asked.getShort());
            case 3, 4 -> readRegisters(function, asked.getShort() & 0xFFFF, asked.getShort());
            case 5 -> {
                int address = asked.getShort() & 0xFFFF;
                short value = asked.getShort();
                keep(() -> coils.put(address, value != 0));
                yield echo(function, address, value);
            }
            case 6 -> {
                int address = asked.getShort() & 0xFFFF;
                short value = asked.getShort();
                keep(() -> registers.put(address, value & 0xFFFF));
                yield echo(function, address, value);
            }
            case 15 -> {
                int address = asked.getShort() & 0xFFFF;
                short count = asked.getShort();
                boolean on = (asked.get(asked.position() + 1) & 1) == 1;
                keep(() -> coils.put(address, on));
                yield echo(function, address, count);
            }
            case 16 -> {
                int address = asked.getShort() & 0xFFFF;
                short count = asked.getShort();
                asked.get();
                for (int i = 0; i < count; i++) {
                    int at = address + i;
                    int value = asked.getShort() & 0xFFFF;
                    keep(() -> registers.put(at, value));
                }
                yield echo(function, address, count);
            }
            case 22 -> {
                int address = asked.getShort() & 0xFFFF;
                int and = asked.getShort();
                int or = asked.getShort();
                keep(() -> registers.put(address, (register(address) & and | or & ~and) & 0xFFFF));
                yield ByteBuffer.wrap(new byte[7])
                        .put((byte) 22)
                        .putShort((short) address)
                        .putShort((short) and)
                        .putShort((short) or)
                        .array();
            }
            case 43 -> identification();
            default -> new byte[] {(byte) (function | 0x80), 1};
        };
    }

    private byte[] identification() {
        ByteBuffer pdu =
                ByteBuffer.allocate(250).put(new byte[] {43, 14, 1, (byte) 0x81, 0, 0, (byte) identity.size()});
        identity.forEach((object, text) -> pdu.put(object.byteValue())
                .put((byte) text.length())
                .put(text.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
        return java.util.Arrays.copyOf(pdu.array(), pdu.position());
    }

    private void keep(Runnable change) {
        if (!forgets) {
            change.run();
        }
    }

    private static byte[] echo(int function, int address, short second) {
        return ByteBuffer.wrap(new byte[5])
                .put((byte) function)
                .putShort((short) address)
                .putShort(second)
                .array();
    }

    private byte[] readCoils(int function, int address, int count) {
        byte[] pdu = new byte[2 + (count + 7) / 8];
        pdu[0] = (byte) function;
        pdu[1] = (byte) (pdu.length - 2);
        for (int i = 0; i < count; i++) {
            pdu[2 + i / 8] |= (byte) (coil(address + i) ? 1 << i % 8 : 0);
        }
        return pdu;
    }

    /** Holding registers from the first that was set to the last; others are refused, as real devices do. */
    private byte[] readRegisters(int function, int address, int count) {
        if (function == 4) {
            return new byte[] {(byte) 0x84, 2};
        }
        ByteBuffer pdu =
                ByteBuffer.wrap(new byte[2 + 2 * count]).put((byte) function).put((byte) (2 * count));
        for (int i = 0; i < count; i++) {
            if (!registers.containsKey(address + i)) {
                return new byte[] {(byte) (function | 0x80), 2};
            }
            pdu.putShort((short) register(address + i));
        }
        return pdu.array();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        dropConnections();
    }
}

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
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Modbus TCP server that answers as a test tells it to, also wrongly. The register at each address holds its own address,
 * so that a value that comes from elsewhere is seen at once; bits at odd addresses are set.
 */
final class RawServer implements AutoCloseable {

    /**
     * A request as it came.
     *
     * @param nanoTime when it was there
     */
    record Request(int transaction, int unit, int function, int address, int count, long nanoTime) {

        /** The right answer, whole. */
        byte[] answer() {
            return answer(transaction, unit, function, count);
        }

        @SuppressWarnings("ByteBufferBackingArray") // header() allocates it
        byte[] answer(int transaction, int unit, int function, int count) {
            boolean bits = this.function <= 2;
            int bytes = bits ? (count + 7) / 8 : 2 * count;
            ByteBuffer frame =
                    header(transaction, unit, 2 + bytes).put((byte) function).put((byte) bytes);
            for (int i = 0; i < bytes; i++) {
                int register = address + i / 2;
                int odd = address % 2 == 0 ? 0xAA : 0x55;
                frame.put((byte) (bits ? odd : i % 2 == 0 ? register >> 8 : register));
            }
            return frame.array();
        }

        @SuppressWarnings("ByteBufferBackingArray") // header() allocates it
        byte[] exception(int code) {
            return header(transaction, unit, 2)
                    .put((byte) (function | 0x80))
                    .put((byte) code)
                    .array();
        }

        private static ByteBuffer header(int transaction, int unit, int pdu) {
            return ByteBuffer.allocate(7 + pdu)
                    .putShort((short) transaction)
                    .putShort((short) 0)
                    .putShort((short) (1 + pdu))
                    .put((byte) unit);
        }
    }

    /** How a server behaves; runs on the connection's own thread and may wait. */
    @FunctionalInterface
    interface Behaviour {
        void answer(Request request, OutputStream out) throws IOException, InterruptedException;
    }

    static final Behaviour CORRECT = (request, out) -> out.write(request.answer());

    private final ServerSocket listener;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile Behaviour behaviour;

    RawServer(Behaviour behaviour) throws IOException {
        this.behaviour = behaviour;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    void behave(Behaviour other) {
        this.behaviour = other;
    }

    List<Request> requests() {
        return requests;
    }

    /** Connections accepted so far. */
    int connections() {
        return connections.get();
    }

    void dropConnections() throws IOException {
        for (Socket socket : sockets) {
            socket.close();
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = listener.accept();
                sockets.add(socket);
                connections.incrementAndGet();
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException _) {
            // The listener was closed: the test is over.
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            DataInputStream in = new DataInputStream(socket.getInputStream());
            while (true) {
                int transaction = in.readUnsignedShort();
                in.readInt();
                Request request = new Request(
                        transaction,
                        in.readUnsignedByte(),
                        in.readUnsignedByte(),
                        in.readUnsignedShort(),
                        in.readUnsignedShort(),
                        System.nanoTime());
                requests.add(request);
                behaviour.answer(request, socket.getOutputStream());
            }
        } catch (EOFException | java.net.SocketException _) {
            // The client went away, as many of these tests want it to.
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        dropConnections();
    }
}

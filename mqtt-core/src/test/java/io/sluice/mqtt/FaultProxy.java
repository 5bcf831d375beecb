package io.sluice.mqtt;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;

/** Stands between a client and a broker and does to the traffic what bad networks do. */
final class FaultProxy implements AutoCloseable {

    /** In a list of packets to pass on: the connection is cut here. */
    static final byte[] CUT = new byte[0];

    /** What is done on one connection. */
    interface Fault {

        /** Nothing. */
        Fault NONE = (packet, number) -> List.of(packet);

        /** Packets to pass on instead of the one that came from the broker, {@link #CUT} among them. */
        List<byte[]> fromBroker(byte[] packet, int number);

        /** The same for a packet that came from the client. */
        default List<byte[]> fromClient(byte[] packet, int number) {
            return List.of(packet);
        }

        /** How many bytes from the client pass before the connection is cut. */
        default int bytesFromClient() {
            return Integer.MAX_VALUE;
        }

        /** Bytes are passed on as they come, of whatever protocol they are. */
        default boolean isBlind() {
            return false;
        }
    }

    private static final Fault BLIND = new Fault() {
        @Override
        public List<byte[]> fromBroker(byte[] packet, int number) {
            return List.of(packet);
        }

        @Override
        public boolean isBlind() {
            return true;
        }
    };

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> clients = new CopyOnWriteArrayList<>();
    private final int brokerPort;
    private final IntFunction<Fault> faults;
    private volatile boolean refusing;

    /** One for traffic that it cannot read; only {@link #cut} and {@link #refuse} do something to it. */
    static FaultProxy blind(int brokerPort) throws IOException {
        return new FaultProxy(brokerPort, connection -> BLIND);
    }

    /** @param faults of each connection, counted from 0 */
    FaultProxy(int brokerPort, IntFunction<Fault> faults) throws IOException {
        this.brokerPort = brokerPort;
        this.faults = faults;
        Thread.ofVirtual().start(this::acceptForEver);
    }

    URI uri() {
        return URI.create("mqtt://127.0.0.1:" + port());
    }

    int port() {
        return server.getLocalPort();
    }

    /** From now on every new connection is closed at once, and those that stand are cut; or no longer. */
    void refuse(boolean now) {
        refusing = now;
        if (now) {
            cut();
        }
    }

    private void acceptForEver() {
        for (int number = 0; !server.isClosed(); number++) {
            try {
                Socket client = server.accept();
                if (refusing) {
                    client.close();
                } else {
                    connect(client, faults.apply(number));
                }
            } catch (IOException closed) {
                return;
            }
        }
    }

    /** Cuts every connection that stands. */
    void cut() {
        for (Socket client : clients) {
            closeNow(client);
        }
    }

    private static void closeNow(Socket socket) {
        try {
            socket.close();
        } catch (IOException closed) {
            throw new UncheckedIOException(closed);
        }
    }

    private void connect(Socket client, Fault fault) throws IOException {
        clients.add(client);
        Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
        Thread.ofVirtual().start(() -> untilCut(client, broker, () -> passUp(client, broker, fault)));
        Thread.ofVirtual().start(() -> untilCut(client, broker, () -> passDown(broker, client, fault)));
    }

    private interface Pump {
        void run() throws IOException;
    }

    private static void untilCut(Socket one, Socket other, Pump pump) {
        try (one;
                other) {
            pump.run();
        } catch (IOException cut) {
            // Closing both is all there is to do, and has been done.
            return;
        }
    }

    private static void passUp(Socket from, Socket to, Fault fault) throws IOException {
        if (fault.isBlind() || fault.bytesFromClient() < Integer.MAX_VALUE) {
            passBytes(from, to, fault.bytesFromClient());
        } else {
            pass(from, to, fault::fromClient);
        }
    }

    private static void passBytes(Socket from, Socket to, int bytes) throws IOException {
        byte[] buffer = new byte[4096];
        long left = bytes == Integer.MAX_VALUE ? Long.MAX_VALUE : bytes;
        int read;
        while (left > 0 && (read = from.getInputStream().read(buffer, 0, (int) Math.min(buffer.length, left))) >= 0) {
            to.getOutputStream().write(buffer, 0, read);
            left -= read;
        }
    }

    private static void passDown(Socket from, Socket to, Fault fault) throws IOException {
        if (fault.isBlind()) {
            passBytes(from, to, Integer.MAX_VALUE);
        } else {
            pass(from, to, fault::fromBroker);
        }
    }

    private interface Treatment {
        List<byte[]> of(byte[] packet, int number);
    }

    private static void pass(Socket from, Socket to, Treatment treatment) throws IOException {
        DataInputStream in = new DataInputStream(new BufferedInputStream(from.getInputStream()));
        OutputStream out = to.getOutputStream();
        for (int number = 0; ; number++) {
            for (byte[] packet : treatment.of(packet(in), number)) {
                if (packet == CUT) {
                    return;
                }
                out.write(packet);
            }
        }
    }

    private static byte[] packet(DataInputStream in) throws IOException {
        ByteArrayOutputStream packet = new ByteArrayOutputStream();
        packet.write(in.readUnsignedByte());
        int length = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.readUnsignedByte();
            packet.write(digit);
            length |= (digit & 0x7F) << shift;
            shift += 7;
        } while (digit >= 0x80);
        packet.write(in.readNBytes(length));
        return packet.toByteArray();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

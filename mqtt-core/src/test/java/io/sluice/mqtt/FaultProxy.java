package io.sluice.mqtt;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.function.IntFunction;

/** Stands between a client and a broker and does to the traffic what bad networks do. */
final class FaultProxy implements AutoCloseable {

    /** What is done on one connection. */
    interface Fault {

        /**
         * Packets to pass on instead of the one that came from the broker.
         *
         * @throws IOException to cut the connection
         */
        List<byte[]> fromBroker(byte[] packet, int number) throws IOException;

        /** How many bytes from the client pass before the connection is cut. */
        default int bytesFromClient() {
            return Integer.MAX_VALUE;
        }
    }

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final int brokerPort;
    private final IntFunction<Fault> faults;

    /** @param faults of each connection, counted from 0 */
    FaultProxy(int brokerPort, IntFunction<Fault> faults) throws IOException {
        this.brokerPort = brokerPort;
        this.faults = faults;
        Thread.ofVirtual().start(this::acceptForEver);
    }

    URI uri() {
        return URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
    }

    private void acceptForEver() {
        for (int number = 0; !server.isClosed(); number++) {
            try {
                connect(server.accept(), faults.apply(number));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void connect(Socket client, Fault fault) throws IOException {
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
        InputStream in = from.getInputStream();
        OutputStream out = to.getOutputStream();
        byte[] buffer = new byte[4096];
        int left = fault.bytesFromClient();
        while (left > 0) {
            int read = in.read(buffer, 0, Math.min(buffer.length, left));
            if (read < 0) {
                return;
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    private static void passDown(Socket from, Socket to, Fault fault) throws IOException {
        DataInputStream in = new DataInputStream(from.getInputStream());
        for (int number = 0; ; number++) {
            for (byte[] packet : fault.fromBroker(packet(in), number)) {
                to.getOutputStream().write(packet);
            }
        }
    }

    /** One packet of at most 127 bytes, which is more than this broker has to say. */
    private static byte[] packet(DataInputStream in) throws IOException {
        int type = in.readUnsignedByte();
        int length = in.readUnsignedByte();
        byte[] packet = new byte[2 + length];
        packet[0] = (byte) type;
        packet[1] = (byte) length;
        in.readFully(packet, 2, length);
        return packet;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

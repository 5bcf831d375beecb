package io.sluice.mqtt;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.HexFormat;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The other end of the wire, byte for byte: the test says what it sends and sees what comes. For faults only. */
final class RawBroker implements AutoCloseable {

    /** CONNACK without properties (MQTT 5), Session Present 0 and 1. */
    static final String CONNACK = "20 03 00 00 00";

    static final String CONNACK_SESSION_PRESENT = "20 03 01 00 00";

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final BlockingQueue<Socket> accepted = new LinkedBlockingQueue<>();

    RawBroker() throws IOException {
        Thread.ofVirtual().start(this::acceptForEver);
    }

    private void acceptForEver() {
        try {
            while (true) {
                accepted.add(server.accept());
            }
        } catch (IOException closed) {
            accepted.clear();
        }
    }

    URI uri() {
        return URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
    }

    Link next() throws IOException, InterruptedException {
        Socket socket = accepted.poll(5, TimeUnit.SECONDS);
        if (socket == null) {
            throw new AssertionError("no connection came within 5 s");
        }
        socket.setSoTimeout(5000);
        return new Link(socket, new DataInputStream(socket.getInputStream()));
    }

    /** A connection whose CONNECT was read and answered. */
    Link nextConnected(String connAck) throws IOException, InterruptedException {
        Link link = next();
        link.read();
        link.send(connAck);
        return link;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    /** One connection. */
    record Link(Socket socket, DataInputStream in) implements AutoCloseable {

        /** The next packet in hexadecimal, {@code end} when the client has closed. */
        String read() throws IOException {
            try {
                int type = in.readUnsignedByte();
                int length = 0;
                int shift = 0;
                int digit;
                StringBuilder lengthBytes = new StringBuilder();
                do {
                    digit = in.readUnsignedByte();
                    lengthBytes.append(" %02x".formatted(digit));
                    length |= (digit & 0x7F) << shift;
                    shift += 7;
                } while (digit >= 0x80);
                byte[] body = new byte[length];
                in.readFully(body);
                String rest =
                        length == 0 ? "" : " " + HexFormat.ofDelimiter(" ").formatHex(body);
                return "%02x".formatted(type) + lengthBytes + rest;
            } catch (EOFException closed) {
                return "end";
            }
        }

        void send(String hexadecimal) throws IOException {
            socket.getOutputStream().write(HexFormat.ofDelimiter(" ").parseHex(hexadecimal));
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}

package io.sluice.benchmarks.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/**
 * A broker that only acknowledges, in a process of its own: a thread for each connection, one read and one write for as many packets
 * as had come. It is there so that no broker's work hides the differences between clients.
 */
final class Sink {

    private static final int CONNECT = 0x10;
    private static final int PUBLISH = 0x30;
    private static final int PINGREQ = 0xC0;
    private static final byte[] CONNACK = {0x20, 3, 0, 0, 0};
    private static final byte[] PINGRESP = {(byte) 0xD0, 0};

    private final InputStream in;
    private final OutputStream out;
    private final byte[] buffer = new byte[1 << 20];
    private final byte[] answers = new byte[1 << 20];
    private int filled;
    private int answered;

    private Sink(Socket socket) throws IOException {
        in = socket.getInputStream();
        out = socket.getOutputStream();
    }

    /** Prints its port, then serves until it is ended. */
    public static void main(String[] arguments) throws IOException {
        try (ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            System.out.println(server.getLocalPort());
            while (true) {
                Socket socket = server.accept();
                socket.setTcpNoDelay(true);
                Thread.ofPlatform().start(() -> serve(socket));
            }
        }
    }

    private static void serve(Socket socket) {
        try (socket) {
            new Sink(socket).serve();
        } catch (IOException closed) {
            System.err.println("sink: " + closed.getMessage());
        }
    }

    private void serve() throws IOException {
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer, filled, buffer.length - filled)) {
            filled += read;
            int used = answerAll();
            System.arraycopy(buffer, used, buffer, 0, filled - used);
            filled -= used;
            out.write(answers, 0, answered);
            answered = 0;
        }
    }

    private int answerAll() {
        int start = 0;
        int end = endOfPacket(start);
        while (end >= 0) {
            answer(start);
            start = end;
            end = endOfPacket(start);
        }
        return start;
    }

    /** -1 if the packet is not there as a whole. */
    private int endOfPacket(int start) {
        int length = 0;
        for (int i = start + 1, shift = 0; i < filled; i++, shift += 7) {
            length |= (buffer[i] & 0x7F) << shift;
            if (buffer[i] >= 0) {
                return i + 1 + length <= filled ? i + 1 + length : -1;
            }
        }
        return -1;
    }

    private void answer(int start) {
        switch (buffer[start] & 0xF0) {
            case CONNECT -> put(CONNACK);
            case PINGREQ -> put(PINGRESP);
            case PUBLISH -> pubAck(start + lengthBytes(start) + 1);
            default -> {}
        }
    }

    private int lengthBytes(int start) {
        int bytes = 1;
        while (buffer[start + bytes] < 0) {
            bytes++;
        }
        return bytes;
    }

    private void pubAck(int topic) {
        int identifier = topic + 2 + ((buffer[topic] & 0xFF) << 8 | buffer[topic + 1] & 0xFF);
        answers[answered++] = 0x40;
        answers[answered++] = 2;
        answers[answered++] = buffer[identifier];
        answers[answered++] = buffer[identifier + 1];
    }

    private void put(byte[] packet) {
        System.arraycopy(packet, 0, answers, answered, packet.length);
        answered += packet.length;
    }
}

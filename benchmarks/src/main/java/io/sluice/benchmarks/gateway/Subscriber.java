package io.sluice.benchmarks.gateway;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** A QoS 1 subscriber in MQTT 3.1.1, the same for every contender; it reads on a thread of its own. */
final class Subscriber implements AutoCloseable {
    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;
    private final Receiver receiver;

    /** Takes every message, on the thread that reads. */
    @FunctionalInterface
    interface Receiver {
        void take(String topic, byte[] payload);
    }

    Subscriber(int port, String filter, Receiver receiver) throws IOException {
        this.receiver = receiver;
        this.socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setTcpNoDelay(true);
        this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 1 << 16));
        this.out = socket.getOutputStream();
        handshake(filter);
        Thread.ofPlatform().name("subscriber").daemon().start(this::read);
    }

    private void handshake(String filter) throws IOException {
        ByteArrayOutputStream connect = new ByteArrayOutputStream();
        DataOutputStream body = new DataOutputStream(connect);
        body.writeUTF("MQTT");
        body.write(new byte[] {4, 2, 0, 0});
        body.writeUTF("benchmark-subscriber");
        send(0x10, connect.toByteArray());
        expect(0x20);
        ByteArrayOutputStream subscribe = new ByteArrayOutputStream();
        body = new DataOutputStream(subscribe);
        body.writeShort(1);
        body.writeUTF(filter);
        body.write(1);
        send(0x82, subscribe.toByteArray());
        expect(0x90);
    }

    private void send(int type, byte[] body) throws IOException {
        byte[] packet = new byte[body.length + 2];
        packet[0] = (byte) type;
        packet[1] = (byte) body.length;
        System.arraycopy(body, 0, packet, 2, body.length);
        out.write(packet);
    }

    private void expect(int type) throws IOException {
        int got = in.readUnsignedByte();
        if (got != type) {
            throw new IOException("packet type %#x instead of %#x".formatted(got, type));
        }
        in.skipNBytes(remainingLength());
    }

    private int remainingLength() throws IOException {
        int length = 0;
        int shift = 0;
        int digit;
        do {
            digit = in.readUnsignedByte();
            length |= (digit & 0x7f) << shift;
            shift += 7;
        } while (digit >= 0x80);
        return length;
    }

    private void read() {
        ByteArrayOutputStream acknowledgements = new ByteArrayOutputStream();
        try {
            while (!socket.isClosed()) {
                packet(acknowledgements);
                if (in.available() == 0) {
                    out.write(acknowledgements.toByteArray());
                    acknowledgements.reset();
                }
            }
        } catch (IOException e) {
            if (!socket.isClosed()) {
                System.err.println("subscriber: the connection ended: " + e);
            }
        }
    }

    private void packet(ByteArrayOutputStream acknowledgements) throws IOException {
        int type = in.readUnsignedByte();
        byte[] body = in.readNBytes(remainingLength());
        if (type >> 4 != 3) {
            return;
        }
        int topicEnd = 2 + ((body[0] & 0xff) << 8 | body[1] & 0xff);
        String topic = new String(body, 2, topicEnd - 2, StandardCharsets.UTF_8);
        int payload = topicEnd;
        if ((type & 0x06) != 0) {
            acknowledgements.writeBytes(new byte[] {0x40, 2, body[topicEnd], body[topicEnd + 1]});
            payload += 2;
        }
        byte[] content = java.util.Arrays.copyOfRange(body, payload, body.length);
        receiver.take(topic, content);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}

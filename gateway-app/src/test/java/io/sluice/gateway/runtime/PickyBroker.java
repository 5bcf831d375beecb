package io.sluice.gateway.runtime;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** A broker of MQTT 5 that answers every message on a data topic with one Reason Code, as no broker can be told to. */
final class PickyBroker implements AutoCloseable {

    private static final int CONNECT = 0x10;
    private static final int PUBLISH = 0x30;

    private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final int maximumPacketBytes;
    private final int reasonCode;

    PickyBroker(int reasonCode, int maximumPacketBytes) throws IOException {
        this.reasonCode = reasonCode;
        this.maximumPacketBytes = maximumPacketBytes;
        Thread.ofVirtual().start(this::serveForEver);
    }

    URI uri() {
        return URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
    }

    private void serveForEver() {
        while (!server.isClosed()) {
            try (Socket socket = server.accept()) {
                serve(new DataInputStream(socket.getInputStream()), socket.getOutputStream());
            } catch (IOException closed) {
                // The client has gone, or the test has ended.
            }
        }
    }

    private void serve(DataInputStream in, OutputStream out) throws IOException {
        while (true) {
            int first = in.readUnsignedByte();
            byte[] body = new byte[remainingLength(in)];
            in.readFully(body);
            switch (first & 0xF0) {
                case CONNECT -> out.write(connAck());
                case PUBLISH -> out.write(pubAck(ByteBuffer.wrap(body)));
                default -> {}
            }
        }
    }

    private static int remainingLength(DataInputStream in) throws IOException {
        int length = 0;
        int digit;
        int shift = 0;
        do {
            digit = in.readUnsignedByte();
            length |= (digit & 0x7F) << shift;
            shift += 7;
        } while (digit >= 0x80);
        return length;
    }

    /** With one property, Maximum Packet Size. */
    private byte[] connAck() {
        return ByteBuffer.allocate(10)
                .put(new byte[] {0x20, 8, 0, 0, 5, 0x27})
                .putInt(maximumPacketBytes)
                .array();
    }

    private byte[] pubAck(ByteBuffer publish) {
        byte[] topic = new byte[publish.getShort()];
        publish.get(topic);
        boolean data = new String(topic, StandardCharsets.UTF_8).contains("/data/");
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        answer.writeBytes(new byte[] {0x40, 3, publish.get(), publish.get()});
        answer.write(data ? reasonCode : 0);
        return answer.toByteArray();
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

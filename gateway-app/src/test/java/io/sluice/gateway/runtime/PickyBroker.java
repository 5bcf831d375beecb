package io.sluice.gateway.runtime;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A broker of MQTT 5 that answers each PUBLISH as the test says, as no real one can be told to. It keeps no session. */
final class PickyBroker implements AutoCloseable {

    /** What it says to a message. */
    @FunctionalInterface
    interface Answer {

        int SILENCE = -1;

        /** @return a Reason Code, or {@link #SILENCE} */
        int to(Arrival message);
    }

    /** @param connection from 1 */
    record Arrival(int connection, String topic, byte[] payload) {}

    private static final int CONNECT = 0x10;
    private static final int PUBLISH = 0x30;

    private final ServerSocket server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final int maximumPacketBytes;
    private final Answer answer;
    private final List<Arrival> arrivals = new CopyOnWriteArrayList<>();
    private volatile Socket socket = new Socket();
    private int connections;

    PickyBroker(Answer answer, int maximumPacketBytes) throws IOException {
        this.answer = answer;
        this.maximumPacketBytes = maximumPacketBytes;
        Thread.ofVirtual().start(this::serveForEver);
    }

    URI uri() {
        return URI.create("mqtt://127.0.0.1:" + server.getLocalPort());
    }

    /** Everything that was published to it, in its order. */
    List<Arrival> arrivals() {
        return List.copyOf(arrivals);
    }

    /** Ends the connection that stands. */
    void hangUp() throws IOException {
        socket.close();
    }

    private void serveForEver() {
        while (!server.isClosed()) {
            try (Socket accepted = server.accept()) {
                socket = accepted;
                connections++;
                serve(new DataInputStream(accepted.getInputStream()), accepted.getOutputStream());
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

    /** Of a PUBLISH of QoS 1 without properties. */
    private byte[] pubAck(ByteBuffer publish) {
        byte[] topic = new byte[publish.getShort()];
        publish.get(topic);
        byte[] identifier = {publish.get(), publish.get()};
        publish.get(); // length of the properties
        byte[] payload = new byte[publish.remaining()];
        publish.get(payload);
        Arrival arrival = new Arrival(connections, new String(topic, StandardCharsets.UTF_8), payload);
        arrivals.add(arrival);
        int reasonCode = answer.to(arrival);
        return reasonCode == Answer.SILENCE
                ? new byte[0]
                : new byte[] {0x40, 3, identifier[0], identifier[1], (byte) reasonCode};
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

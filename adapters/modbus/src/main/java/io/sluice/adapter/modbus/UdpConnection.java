package io.sluice.adapter.modbus;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.PortUnreachableException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Modbus TCP's frames in datagrams, one each. After a failure a new socket with another port is used, so that a late reply
 * reaches nobody; one that comes twice is found out by its transaction id.
 */
final class UdpConnection implements ModbusConnection {

    private final String host;
    private final int port;
    private final String address;
    private final Duration timeout;
    private final Supplier<Framing> framings;
    private final byte[] request = new byte[Framing.MAX_FRAME];

    /** One byte more than a frame may have, so that a longer one is seen. */
    private final byte[] reply = new byte[Framing.MAX_FRAME + 1];

    private volatile @Nullable Line line;

    private record Line(DatagramSocket socket, Framing framing) {}

    /**
     * @param address host and port for messages
     */
    UdpConnection(String host, int port, String address, Duration timeout, Supplier<Framing> framings) {
        this.host = host;
        this.port = port;
        this.address = address;
        this.timeout = timeout;
        this.framings = framings;
    }

    @Override
    public void connect() throws ConnectFailed {
        if (line != null) {
            return;
        }
        InetSocketAddress server = new InetSocketAddress(host, port);
        if (server.isUnresolved()) {
            throw new ConnectFailed("host name " + host + " is not known", null);
        }
        try {
            DatagramSocket socket = new DatagramSocket();
            socket.connect(server);
            line = new Line(socket, framings.get());
        } catch (IOException e) {
            throw new ConnectFailed("cannot reach " + address + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Reply exchange(int unit, Request asked, Duration within) throws IOException {
        Line current = line;
        if (current == null) {
            throw new ConnectionLost("not connected to " + address);
        }
        try {
            int length = current.framing.request(unit, asked, request);
            current.socket.send(new DatagramPacket(request, length));
            return receive(current, within);
        } catch (SocketTimeoutException e) {
            close();
            throw new NoReply(address, unit, asked, within, e);
        } catch (PortUnreachableException e) {
            close();
            throw new IOException("nobody listens at " + address, e);
        } catch (IOException e) {
            close();
            throw new IOException(address + " " + e.getMessage(), e);
        }
    }

    private Reply receive(Line current, Duration within) throws IOException {
        current.socket.setSoTimeout((int) within.toMillis());
        DatagramPacket packet = new DatagramPacket(reply, reply.length);
        current.socket.receive(packet);
        int have = packet.getLength();
        if (have < current.framing.replyLength(reply, 0) || current.framing.replyLength(reply, have) != have) {
            throw new IOException("answered with a datagram of " + have + " bytes, which is no frame");
        }
        return current.framing.reply(reply, have);
    }

    @Override
    public void drain() throws IOException {
        Line current = line;
        if (current == null) {
            return;
        }
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
        try {
            current.socket.setSoTimeout(1);
            while (System.nanoTime() - end < 0) {
                current.socket.receive(new DatagramPacket(reply, reply.length));
            }
        } catch (SocketTimeoutException _) {
            // Nothing is there.
        }
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public boolean connected() {
        return line != null;
    }

    @Override
    public void close() {
        Line current = line;
        line = null;
        if (current != null) {
            current.socket.close();
        }
    }
}

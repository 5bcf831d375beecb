package io.sluice.adapter.modbus;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One TCP socket. A reply must be complete within the timeout, however slowly its bytes trickle in. */
final class TcpConnection implements ModbusConnection {

    private static final Logger log = LoggerFactory.getLogger(TcpConnection.class);

    /** How long a line must be silent to count as drained. */
    private static final int SILENCE_MILLIS = 50;

    private final String host;
    private final int port;
    private final String address;
    private final Duration timeout;
    private final Supplier<Framing> framings;
    private final Dialer dialer;
    private final byte[] request = new byte[Framing.MAX_FRAME];
    private final byte[] reply = new byte[Framing.MAX_FRAME];

    private volatile @Nullable Line line;

    /** What lives as long as a socket. */
    private record Line(Socket socket, InputStream in, OutputStream out, Framing framing) {}

    /**
     * @param address host and port for messages
     * @param framings gives each new socket its framing
     */
    TcpConnection(String host, int port, String address, Duration timeout, Supplier<Framing> framings) {
        this(host, port, address, timeout, framings, Dialer.PLAIN);
    }

    TcpConnection(String host, int port, String address, Duration timeout, Supplier<Framing> framings, Dialer dialer) {
        this.dialer = dialer;
        this.host = host;
        this.port = port;
        this.address = address;
        this.timeout = timeout;
        this.framings = framings;
    }

    @Override
    public void connect() throws ConnectFailed {
        if (line == null) {
            line = open();
        }
    }

    private Line open() throws ConnectFailed {
        try {
            Socket socket = dialer.dial(new InetSocketAddress(host, port), (int) timeout.toMillis());
            return new Line(socket, socket.getInputStream(), socket.getOutputStream(), framings.get());
        } catch (IOException e) {
            throw new ConnectFailed(connectFailure(e), e);
        }
    }

    private String connectFailure(IOException cause) {
        return switch (cause) {
            case UnknownHostException _ -> "host name " + host + " is not known";
            case ConnectException e
            when String.valueOf(e.getMessage()).contains("refused") -> "connection refused by " + address;
            case SocketTimeoutException _ ->
                address + " did not accept a connection within " + timeout.toMillis() + " ms";
            case SSLException e -> "no TLS connection to " + address + ": " + e.getMessage();
            default -> "cannot connect to " + address + ": " + cause.getMessage();
        };
    }

    @Override
    public Reply exchange(int unit, Request asked, Duration within) throws IOException {
        Line current = line;
        if (current == null) {
            throw new ConnectionLost("not connected to " + address);
        }
        try {
            int length = current.framing.request(unit, asked, request);
            current.out.write(request, 0, length);
            return receive(current, within);
        } catch (SocketTimeoutException e) {
            close();
            throw new NoReply(address, unit, asked, within, e);
        } catch (ConnectionLost e) {
            close();
            throw e;
        } catch (java.net.SocketException e) {
            close();
            throw new ConnectionLost("connection to " + address + " lost: " + e.getMessage());
        } catch (IOException e) {
            close();
            throw new IOException(address + " " + e.getMessage(), e);
        }
    }

    private Reply receive(Line current, Duration within) throws IOException {
        long deadline = System.nanoTime() + within.toNanos();
        int have = 0;
        int length = current.framing.replyLength(reply, 0);
        while (have < length) {
            have += receiveSome(current, have, deadline);
            length = current.framing.replyLength(reply, have);
        }
        if (have > length) {
            throw new IOException("sent " + (have - length) + " bytes that nobody asked for");
        }
        return current.framing.reply(reply, length);
    }

    /** Reads what is there, also beyond the reply: surplus bytes must be noticed, not left for the next request. */
    private int receiveSome(Line current, int have, long deadline) throws IOException {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime() + 999_999);
        if (left <= 0) {
            throw new SocketTimeoutException("reply incomplete");
        }
        current.socket.setSoTimeout((int) left);
        int count = current.in.read(reply, have, reply.length - have);
        if (count <= 0) {
            throw new ConnectionLost("connection closed by " + address);
        }
        return count;
    }

    @Override
    public void drain() throws IOException {
        Line current = line;
        if (current == null) {
            return;
        }
        long end = System.nanoTime() + timeout.toNanos();
        try {
            current.socket.setSoTimeout(SILENCE_MILLIS);
            while (current.in.read(reply) >= 0 && System.nanoTime() - end < 0) {
                // What is read here answers nothing that is still asked.
            }
        } catch (SocketTimeoutException e) {
            log.debug("{} is silent", address);
        } catch (IOException e) {
            close();
            throw new ConnectionLost("connection to " + address + " lost: " + e.getMessage());
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
            close(current.socket);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // The kernel gives the descriptor back also when it reports an error; there is nothing else to do.
            log.debug("closing a socket failed", e);
        }
    }
}

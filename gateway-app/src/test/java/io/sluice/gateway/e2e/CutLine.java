package io.sluice.gateway.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** The line between a gateway and its broker, which can be cut. It keeps every byte it has taken, or resets both ends. */
final class CutLine implements AutoCloseable {

    /** What the line does. */
    enum State {
        CARRIES,
        /** Nothing arrives and nobody is told. What was under way arrives when it carries again. */
        SILENT,
        /** Connections are reset, and so is every new one. */
        DEAD
    }

    private static final int BUFFER_BYTES = 64 << 10;

    private final int brokerPort;
    private final ServerSocket server;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.CARRIES;

    CutLine(int brokerPort) {
        this.brokerPort = brokerPort;
        try {
            server = new ServerSocket(0, 16, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("cut-line").start(this::accept);
    }

    int port() {
        return server.getLocalPort();
    }

    void become(State now) {
        lock.lock();
        try {
            state = now;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        if (now == State.DEAD) {
            sockets.forEach(CutLine::reset);
        }
    }

    private void accept() {
        try {
            while (true) {
                Socket gateway = server.accept();
                if (awaitNotSilent() == State.DEAD) {
                    reset(gateway);
                } else {
                    connect(gateway);
                }
            }
        } catch (IOException e) {
            sockets.forEach(CutLine::reset); // closed
        }
    }

    private void connect(Socket gateway) {
        try {
            Socket broker = new Socket(InetAddress.getLoopbackAddress(), brokerPort);
            carry(gateway, broker);
            carry(broker, gateway);
        } catch (IOException e) {
            reset(gateway);
        }
    }

    private void carry(Socket from, Socket to) {
        sockets.add(from);
        Thread.ofVirtual().name("cut-line").start(() -> {
            byte[] buffer = new byte[BUFFER_BYTES];
            try {
                from.setTcpNoDelay(true);
                for (int n = from.getInputStream().read(buffer);
                        n >= 0 && awaitNotSilent() == State.CARRIES;
                        n = from.getInputStream().read(buffer)) {
                    to.getOutputStream().write(buffer, 0, n);
                }
            } catch (IOException e) {
                // one of the ends went away
            } finally {
                reset(from);
                reset(to);
                sockets.remove(from);
            }
        });
    }

    private State awaitNotSilent() {
        lock.lock();
        try {
            while (state == State.SILENT && !server.isClosed()) {
                changed.awaitUninterruptibly();
            }
            return state;
        } finally {
            lock.unlock();
        }
    }

    private static void reset(Socket socket) {
        try {
            socket.setSoLinger(true, 0);
            socket.close();
        } catch (IOException e) {
            // it was closed already
        }
    }

    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        become(State.DEAD);
    }
}

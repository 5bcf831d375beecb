package io.sluice.gateway.e2e;

import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Modbus TCP servers in one thread that count what they answer: register 0 and 1 of an answer are its number, from 1, the
 * others count along. So whoever reads them can say which answers it has seen.
 */
final class CountingField implements AutoCloseable {

    private static final int REQUEST_BYTES = 12;
    private static final int MOST_REGISTERS = 125;

    private final Selector selector;
    private final List<ServerSocketChannel> servers = new ArrayList<>();
    private final List<AtomicLong> answers = new ArrayList<>();
    private volatile boolean quiet;

    CountingField(int count) {
        try {
            selector = Selector.open();
            for (int i = 0; i < count; i++) {
                ServerSocketChannel server = ServerSocketChannel.open();
                server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
                server.configureBlocking(false);
                AtomicLong counter = new AtomicLong();
                server.register(selector, SelectionKey.OP_ACCEPT, counter);
                servers.add(server);
                answers.add(counter);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofPlatform().name("counting-field").daemon().start(this::serve);
    }

    int port(int device) {
        return servers.get(device).socket().getLocalPort();
    }

    /** How many requests this device has answered. */
    long answers(int device) {
        return answers.get(device).get();
    }

    /** From now on nothing is answered. */
    void beQuiet() {
        quiet = true;
    }

    private void serve() {
        try {
            while (selector.isOpen()) {
                selector.select(this::serve);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept(key);
            } else {
                ((Connection) key.attachment()).answer();
            }
        } catch (IOException e) {
            key.cancel(); // the client went away
            closeQuietly(key);
        }
    }

    private static void closeQuietly(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void accept(SelectionKey key) throws IOException {
        SocketChannel client = ((ServerSocketChannel) key.channel()).accept();
        client.configureBlocking(false);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        client.register(selector, SelectionKey.OP_READ, new Connection(client, (AtomicLong) key.attachment()));
    }

    /** One client of one device. */
    private final class Connection {
        private final SocketChannel channel;
        private final AtomicLong counter;
        private final ByteBuffer in = ByteBuffer.allocate(64 * REQUEST_BYTES);
        private final ByteBuffer out = ByteBuffer.allocate(9 + 2 * MOST_REGISTERS);

        Connection(SocketChannel channel, AtomicLong counter) {
            this.channel = channel;
            this.counter = counter;
        }

        void answer() throws IOException {
            if (channel.read(in) < 0) {
                throw new EOFException("closed by the client");
            }
            in.flip();
            while (in.remaining() >= REQUEST_BYTES) {
                one();
            }
            in.compact();
        }

        private void one() throws IOException {
            short transaction = in.getShort();
            in.getInt();
            byte unit = in.get();
            byte function = in.get();
            in.getShort();
            int count = Short.toUnsignedInt(in.getShort());
            if (quiet) {
                return;
            }
            if (function != 3 || count > MOST_REGISTERS) {
                throw new IOException("function %d, %d registers: not served".formatted(function, count));
            }
            out.clear();
            out.putShort(transaction).putShort((short) 0).putShort((short) (3 + 2 * count));
            out.put(unit).put(function).put((byte) (2 * count));
            long number = counter.incrementAndGet();
            out.putInt((int) number);
            for (int register = 2; register < count; register++) {
                out.putShort((short) (register * 257 + number));
            }
            out.flip();
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }
    }

    @Override
    public void close() {
        try {
            selector.close();
            for (ServerSocketChannel server : servers) {
                server.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

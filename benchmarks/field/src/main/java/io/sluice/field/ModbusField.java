package io.sluice.field;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Many Modbus TCP servers in one thread, cheap enough to leave the machine to what is measured. Every server answers
 * functions 3 and 4 for any unit and counts, so that whoever reads it can say which answers came. Registers 0 to 3:
 * CLOCK_REALTIME of the answer in microseconds; {@value #COUNTER} and the next: how many times this register was read from
 * this server, that answer included; the others count along. Listens on 127.0.0.1 from the constructor on.
 */
public final class ModbusField implements AutoCloseable {

    /** First of the two registers that hold the number of an answer. */
    public static final int COUNTER = 4;

    private static final int REQUEST_BYTES = 12;
    private static final int MOST_REGISTERS = 125;

    private final Selector selector;
    private final List<Server> servers = new ArrayList<>();
    private volatile boolean quiet;

    private record Server(ServerSocketChannel channel, AtomicLong answers) {}

    /** @throws IOException if there is no port left */
    public ModbusField(int count) throws IOException {
        selector = Selector.open();
        for (int i = 0; i < count; i++) {
            ServerSocketChannel channel = ServerSocketChannel.open();
            Server server = new Server(channel, new AtomicLong());
            servers.add(server);
            channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_ACCEPT, server);
        }
    }

    /** {@code COUNT}: prints {@code ready} and the ports, then serves until it is killed. */
    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[0]);
        try (ModbusField field = new ModbusField(count)) {
            StringJoiner ports = new StringJoiner(" ", "ready ", "");
            for (int i = 0; i < count; i++) {
                ports.add(Integer.toString(field.port(i)));
            }
            System.out.println(ports);
            field.serve();
        }
    }

    public int port(int server) {
        return servers.get(server).channel().socket().getLocalPort();
    }

    /** How many answers of this server had a number. Any thread. */
    public long answers(int server) {
        return servers.get(server).answers().get();
    }

    /** From now on nothing is answered. Any thread. */
    public void beQuiet() {
        quiet = true;
    }

    /** Serves, on the thread that calls it, until {@link #close}. */
    public void serve() throws IOException {
        while (selector.isOpen()) {
            selector.select(this::serve);
        }
    }

    private void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept((Server) key.attachment());
            } else {
                ((Connection) key.attachment()).answer();
            }
        } catch (IOException e) {
            // The client went away; its next connection starts anew.
            key.cancel();
            closeQuietly(key);
        }
    }

    private static void closeQuietly(SelectionKey key) {
        try {
            key.channel().close();
        } catch (IOException e) {
            System.err.println("modbus-field: cannot close a connection: " + e);
        }
    }

    private void accept(Server server) throws IOException {
        SocketChannel client = server.channel().accept();
        client.configureBlocking(false);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        client.register(selector, SelectionKey.OP_READ, new Connection(client, server.answers()));
    }

    /** One client of one server. */
    private final class Connection {
        private final SocketChannel channel;
        private final AtomicLong answers;
        private final ByteBuffer in = ByteBuffer.allocate(64 * REQUEST_BYTES);
        private final ByteBuffer out = ByteBuffer.allocate(9 + 2 * MOST_REGISTERS);

        Connection(SocketChannel channel, AtomicLong answers) {
            this.channel = channel;
            this.answers = answers;
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
            int first = Short.toUnsignedInt(in.getShort());
            int count = Short.toUnsignedInt(in.getShort());
            if (quiet) {
                return;
            }
            if (count > MOST_REGISTERS || function != 3 && function != 4) {
                throw new IOException("function " + function + " with " + count + " registers is not served");
            }
            out.clear();
            out.putShort(transaction).putShort((short) 0).putShort((short) (3 + 2 * count));
            out.put(unit).put(function).put((byte) (2 * count));
            putRegisters(first, count);
            out.flip();
            while (out.hasRemaining()) {
                channel.write(out);
            }
        }

        private void putRegisters(int first, int count) {
            boolean numbered = first <= COUNTER && COUNTER < first + count;
            long number = numbered ? answers.incrementAndGet() : answers.get();
            Instant now = Instant.now();
            long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
            for (int register = first; register < first + count; register++) {
                out.putShort((short) value(register, micros, number));
            }
        }

        private static long value(int register, long micros, long number) {
            return switch (register) {
                case 0, 1, 2, 3 -> micros >>> 16 * (3 - register);
                case COUNTER -> number >>> 16;
                case COUNTER + 1 -> number;
                default -> register * 257L + number;
            };
        }
    }

    @Override
    public void close() throws IOException {
        selector.close();
        for (Server server : servers) {
            server.channel().close();
        }
    }
}

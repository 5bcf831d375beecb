package io.sluice.benchmarks.gateway;

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
import java.util.StringJoiner;

/**
 * Many Modbus TCP servers in one process and one thread, cheap enough to leave the machine to what is measured. Every
 * server answers functions 3 and 4 for any unit. Registers 0 to 3: CLOCK_REALTIME of the answer in microseconds; 4 and 5:
 * how many times register 0 was read from this server; the others count along.
 */
public final class ModbusField {
    private static final int REQUEST_BYTES = 12;
    private static final int MAX_REGISTERS = 125;

    private ModbusField() {}

    /** {@code COUNT}: prints {@code ready} and the ports, then serves until it is killed. */
    public static void main(String[] arguments) throws IOException {
        int count = Integer.parseInt(arguments[0]);
        try (Selector selector = Selector.open()) {
            StringJoiner ports = new StringJoiner(" ", "ready ", "");
            for (int i = 0; i < count; i++) {
                ports.add(Integer.toString(listen(selector)));
            }
            System.out.println(ports);
            while (selector.isOpen()) {
                selector.select(ModbusField::serve);
            }
        }
    }

    private static int listen(Selector selector) throws IOException {
        ServerSocketChannel channel = ServerSocketChannel.open();
        channel.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 16);
        channel.configureBlocking(false);
        channel.register(selector, SelectionKey.OP_ACCEPT, new Counter());
        return channel.socket().getLocalPort();
    }

    /** Answers given by one server. */
    private static final class Counter {
        private int polls;
    }

    private static void serve(SelectionKey key) {
        try {
            if (key.isAcceptable()) {
                accept(key);
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

    private static void accept(SelectionKey key) throws IOException {
        SocketChannel client = ((ServerSocketChannel) key.channel()).accept();
        client.configureBlocking(false);
        client.setOption(StandardSocketOptions.TCP_NODELAY, true);
        client.register(key.selector(), SelectionKey.OP_READ, new Connection(client, (Counter) key.attachment()));
    }

    /** One client of one server. */
    private static final class Connection {
        private final SocketChannel channel;
        private final Counter counter;
        private final ByteBuffer in = ByteBuffer.allocate(64 * REQUEST_BYTES);
        private final ByteBuffer out = ByteBuffer.allocate(9 + 2 * MAX_REGISTERS);

        Connection(SocketChannel channel, Counter counter) {
            this.channel = channel;
            this.counter = counter;
        }

        void answer() throws IOException {
            if (channel.read(in) < 0) {
                throw new IOException("closed by the client");
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
            if (count > MAX_REGISTERS || function != 3 && function != 4) {
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
            if (first == 0) {
                counter.polls++;
            }
            Instant now = Instant.now();
            long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
            for (int register = first; register < first + count; register++) {
                out.putShort((short) register(register, micros));
            }
        }

        private long register(int number, long micros) {
            return switch (number) {
                case 0, 1, 2, 3 -> micros >>> 16 * (3 - number);
                case 4 -> counter.polls >>> 16;
                case 5 -> counter.polls;
                default -> number * 257L + counter.polls;
            };
        }
    }
}

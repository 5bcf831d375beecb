package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.RawServer.Behaviour;
import io.sluice.adapter.modbus.RawServer.Request;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The guarantee over real sockets: what is handed out is the answer to this request, or nothing is. */
final class TcpConnectionTest {

    private static final Block TEN = new Block(new Place(Table.HOLDING, 0x1234), 10, List.of());

    @Test
    void readsRegisters() throws Exception {
        try (RawServer server = new RawServer(RawServer.CORRECT);
                ModbusConnection connection = connected(server, 1000)) {
            assertThat(words(connection.exchange(7, TEN)))
                    .startsWith(0x1234, 0x1235)
                    .hasSize(10);
            assertThat(server.requests().getFirst()).satisfies(request -> {
                assertThat(request.unit()).isEqualTo(7);
                assertThat(request.function()).isEqualTo(3);
                assertThat(request.address()).isEqualTo(0x1234);
            });
        }
    }

    @Test
    void readsAReplyThatTricklesInByteByByte() throws Exception {
        Behaviour trickle = (request, out) -> {
            for (byte each : request.answer()) {
                out.write(each);
                out.flush();
            }
        };
        try (RawServer server = new RawServer(trickle);
                ModbusConnection connection = connected(server, 1000)) {
            assertThat(words(connection.exchange(1, TEN))).hasSize(10);
        }
    }

    @Test
    void handsOutTheExceptionCode() throws Exception {
        try (RawServer server = new RawServer((request, out) -> out.write(request.exception(2)));
                ModbusConnection connection = connected(server, 1000)) {
            assertThat(connection.exchange(1, TEN)).isEqualTo(new Reply.Refused(2));
            assertThat(connection.connected()).isTrue();
        }
    }

    static Stream<Arguments> wrongReplies() {
        return Stream.of(
                wrong(
                        "transaction id",
                        "answered with transaction id",
                        r -> r.answer(r.transaction() - 1, r.unit(), r.function(), r.count())),
                wrong(
                        "unit id",
                        "answered with unit id 8, asked with 7",
                        r -> r.answer(r.transaction(), 8, r.function(), r.count())),
                wrong(
                        "function",
                        "answered with function 4, asked with 3",
                        r -> r.answer(r.transaction(), r.unit(), 4, r.count())),
                wrong(
                        "count",
                        "answered with 18 bytes of data, expected 20",
                        r -> r.answer(r.transaction(), r.unit(), r.function(), 9)),
                wrong("protocol id", "answered with protocol id 256, asked with 0", r -> with(r.answer(), 2, 1)),
                wrong("byte count", "bytes of data", r -> with(r.answer(), 8, 19)),
                wrong("MBAP length", "answered with a length of 65303", r -> with(r.answer(), 4, 0xFF)),
                wrong(
                        "exception of another function",
                        "answered with function 132, asked with 3",
                        r -> with(r.exception(2), 7, 0x84)),
                wrong(
                        "surplus bytes",
                        "sent 3 bytes that nobody asked for",
                        r -> Arrays.copyOf(r.answer(), r.answer().length + 3)));
    }

    @ParameterizedTest(name = "a wrong {0}")
    @MethodSource("wrongReplies")
    void refusesAReplyThatIsNotOfThisRequest(
            String what, String message, java.util.function.Function<Request, byte[]> reply) throws Exception {
        try (RawServer server = new RawServer((request, out) -> out.write(reply.apply(request)));
                ModbusConnection connection = connected(server, 1000)) {
            assertThatThrownBy(() -> connection.exchange(7, TEN))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("127.0.0.1:" + server.port())
                    .hasMessageContaining(message);
            assertThat(connection.connected()).as("connected after %s", what).isFalse();
        }
    }

    @Test
    void givesUpATruncatedReplyAfterTheTimeout() throws Exception {
        Behaviour truncated = (request, out) -> out.write(request.answer(), 0, 15);
        try (RawServer server = new RawServer(truncated);
                ModbusConnection connection = connected(server, 100)) {
            assertThatThrownBy(() -> connection.exchange(7, TEN))
                    .hasMessage("no reply from 127.0.0.1:" + server.port()
                            + " within 100 ms (unit 7, holding registers 4660 to 4669)");
            assertThat(connection.connected()).isFalse();
        }
    }

    @Test
    void endsAReplyThatTricklesLongerThanTheTimeout() throws Exception {
        CountDownLatch over = new CountDownLatch(1);
        AtomicInteger left = new AtomicInteger(9 + 20);
        Behaviour drip = (request, out) -> {
            for (byte each : request.answer()) {
                left.decrementAndGet();
                out.write(each);
                if (over.await(40, java.util.concurrent.TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        };
        try (RawServer server = new RawServer(drip);
                ModbusConnection connection = connected(server, 150)) {
            assertThatThrownBy(() -> connection.exchange(7, TEN)).hasMessageContaining("within 150 ms");
            assertThat(left).as("bytes that were still to come").hasPositiveValue();
            over.countDown();
        }
    }

    @Test
    void neverTakesALateReplyForTheNextRequest() throws Exception {
        CountDownLatch asked = new CountDownLatch(1);
        Behaviour late = (request, out) -> {
            if (request.address() == TEN.address()) {
                asked.await();
            }
            out.write(request.answer());
        };
        try (RawServer server = new RawServer(late);
                ModbusConnection connection = connected(server, 1000)) {
            assertThatThrownBy(() -> connection.exchange(1, TEN)).isInstanceOf(IOException.class);
            asked.countDown();
            connection.connect();
            for (int address = 100; address < 120; address++) {
                assertThat(words(connection.exchange(1, new Block(new Place(Table.HOLDING, address), 10, List.of()))))
                        .startsWith(address);
            }
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void tellsALostConnectionFromASilentDevice() throws Exception {
        try (RawServer server = new RawServer((request, out) -> out.close());
                ModbusConnection connection = connected(server, 1000)) {
            assertThatThrownBy(() -> connection.exchange(1, TEN)).isInstanceOf(ConnectionLost.class);
        }
    }

    @Test
    void saysWhoRefusedTheConnection() throws Exception {
        int port;
        try (ServerSocket unused = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = unused.getLocalPort();
        }
        try (ModbusConnection connection = connection("127.0.0.1", port, 1000)) {
            assertThatThrownBy(connection::connect)
                    .isInstanceOf(ConnectFailed.class)
                    .hasMessage("connection refused by 127.0.0.1:" + port);
        }
    }

    @Test
    void saysThatAHostNameIsNotKnown() {
        try (ModbusConnection connection = connection("no-such-host.invalid", 502, 1000)) {
            assertThatThrownBy(connection::connect).hasMessage("host name no-such-host.invalid is not known");
        }
    }

    private static ModbusConnection connected(RawServer server, int timeoutMillis) throws IOException {
        ModbusConnection connection = connection("127.0.0.1", server.port(), timeoutMillis);
        connection.connect();
        return connection;
    }

    private static ModbusConnection connection(String host, int port, int timeoutMillis) {
        return new TcpConnection(
                host, port, host + ":" + port, Duration.ofMillis(timeoutMillis), () -> new MbapFraming(0xFFFE));
    }

    private static Arguments wrong(String what, String message, java.util.function.Function<Request, byte[]> reply) {
        return Arguments.of(what, message, reply);
    }

    private static byte[] with(byte[] frame, int at, int value) {
        frame[at] = (byte) value;
        return frame;
    }

    private static int[] words(Reply reply) {
        Reply.Data data = (Reply.Data) reply;
        int[] words = new int[10];
        Arrays.setAll(
                words,
                i -> ((data.bytes()[data.offset() + 2 * i] & 0xFF) << 8)
                        | (data.bytes()[data.offset() + 2 * i + 1] & 0xFF));
        return words;
    }
}

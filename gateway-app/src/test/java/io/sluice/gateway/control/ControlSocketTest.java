package io.sluice.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The control socket and what is spoken over it. */
class ControlSocketTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Call STATUS = new Call("plant-7", Call.Form.TEXT, new Request.Status());

    @TempDir
    Path directory;

    private Path socket;

    @BeforeEach
    void path() {
        socket = directory.resolve("run/control.sock");
    }

    private static Reply echo(Call call) {
        return Reply.of(ExitCodes.OK, call.request().toString());
    }

    @Test
    void liesInTheRuntimeDirectoryOfTheServiceElseBesideTheOutbox() {
        Path outbox = Path.of("/var/lib/sluice");
        assertThat(ControlSocket.path(Map.of("RUNTIME_DIRECTORY", "/run/sluice:/run/other"), outbox))
                .isEqualTo(Path.of("/run/sluice/control.sock"));
        assertThat(ControlSocket.path(Map.of(), outbox)).isEqualTo(Path.of("/var/lib/sluice/run/control.sock"));
    }

    @Test
    void isForItsOwnerAlone() throws Exception {
        try (ControlServer server = ControlServer.open(socket, ControlSocketTest::echo)) {
            assertThat(server).isNotNull();
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket)))
                    .isEqualTo("rw-------");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(socket.resolveSibling(""))))
                    .isEqualTo("rwx------");
        }
        assertThat(socket).doesNotExist();
    }

    @Test
    void refusesADirectoryThatOthersMayEnter() throws Exception {
        Files.createDirectory(
                directory.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-x---")));

        assertThatThrownBy(() -> ControlServer.open(socket, ControlSocketTest::echo))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("rwxr-x---")
                .hasMessageContaining("chmod 700");
    }

    @Test
    void saysThatAPathIsTooLongAndWhatToDo() {
        Path deep = directory.resolve("a".repeat(120)).resolve("control.sock");

        assertThatThrownBy(() -> ControlServer.open(deep, ControlSocketTest::echo))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("107")
                .hasMessageContaining("RUNTIME_DIRECTORY");
        assertThatThrownBy(() -> ControlClient.ask(deep, STATUS, PATIENCE))
                .isInstanceOf(ControlClient.Unanswered.class)
                .hasMessageContaining("107");
    }

    @Test
    void takesThePlaceOfASocketThatNobodyListensToAnyMore() throws Exception {
        prepare();
        try (ServerSocketChannel killed = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            killed.bind(UnixDomainSocketAddress.of(socket));
        }
        assertThat(socket).exists();

        try (ControlServer server = ControlServer.open(socket, ControlSocketTest::echo)) {
            assertThat(server).isNotNull();
            assertThat(ControlClient.ask(socket, STATUS, PATIENCE)).isPresent();
        }
    }

    @Test
    void neverTakesThePlaceOfOneThatLives() throws Exception {
        try (ControlServer first = ControlServer.open(socket, ControlSocketTest::echo)) {
            assertThat(first).isNotNull();
            assertThatThrownBy(() -> ControlServer.open(socket, call -> Reply.error(1, "stolen")))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("another gateway");
            assertThat(ControlClient.ask(socket, STATUS, PATIENCE))
                    .map(Reply::error)
                    .contains("");
        }
    }

    @Test
    void leavesAFileAloneThatIsNoSocket() throws Exception {
        prepare();
        Files.writeString(socket, "precious");

        assertThatThrownBy(() -> ControlServer.open(socket, ControlSocketTest::echo))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no socket");
        assertThat(socket).hasContent("precious");
    }

    @Test
    void nobodyListensIsNoErrorButNoAnswer() throws Exception {
        assertThat(ControlClient.ask(socket, STATUS, PATIENCE)).isEmpty();
    }

    @Test
    void carriesEveryRequestAndItsAnswer() throws Exception {
        List<Request> requests = List.of(
                new Request.Status(),
                new Request.QueueStatistics(),
                new Request.QueueList(7),
                new Request.Read("meter-1", Optional.empty()),
                new Request.Read("meter-1", Optional.of("voltage-l1")),
                new Request.Write("press-2", "speed set\"\\", "über 0.3\n"));
        try (ControlServer server = ControlServer.open(socket, ControlSocketTest::echo)) {
            assertThat(server).isNotNull();
            for (Request request : requests) {
                Reply reply = ControlClient.ask(socket, new Call("g", Call.Form.TEXT, request), PATIENCE)
                        .orElseThrow();
                assertThat(reply).isEqualTo(Reply.of(ExitCodes.OK, request.toString()));
            }
        }
    }

    @Test
    void carriesAnAnswerInJsonAsItIs() throws Exception {
        String answer = "{\"a\":[1,2.5,null],\"b\":{\"c\":\"d\"}}";
        try (ControlServer server = ControlServer.open(socket, call -> Reply.of(3, answer))) {
            assertThat(server).isNotNull();
            assertThat(ControlClient.ask(socket, new Call("", Call.Form.JSON, new Request.Status()), PATIENCE))
                    .contains(Reply.of(3, answer));
            assertThat(raw("{\"version\":1,\"form\":\"json\",\"command\":\"status\"}\n"))
                    .isEqualTo("{\"version\":1,\"exit\":3,\"answer\":" + answer + "}\n");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hello | not JSON",
                "[1] | expected one JSON object",
                "{} | field 'version' is missing",
                "{\"version\":2,\"command\":\"status\"} | version 2 is not spoken here, but version 1",
                "{\"version\":1} | field 'command' is missing",
                "{\"version\":1,\"command\":\"statu\"} | unknown command 'statu', expected one of status, queue-stats",
                "{\"version\":1,\"command\":\"queue-list\",\"limit\":0} | limit 0 is not from 1 to 10000",
                "{\"version\":1,\"command\":\"status\",\"form\":\"xml\"} | unknown form 'xml', expected text or json",
                "{\"version\":1,\"command\":\"write\",\"device\":\"d\",\"tag\":\"t\"} | field 'value' is missing",
                "{\"version\":1,\"command\":\"status\",\"tag\":\"t\"} | unknown field 'tag'",
                "{\"version\":1,\"command\":\"status\",\"version\":1} | 'version' is there twice",
                "{\"version\":1,\"command\":\"status\"}{} | expected one JSON object",
            })
    void saysWhatIsWrongWithACall(String line, String error) throws Exception {
        try (ControlServer server = ControlServer.open(socket, ControlSocketTest::echo)) {
            assertThat(server).isNotNull();
            assertThat(raw(line + "\n")).contains("\"exit\":2").contains(error);
        }
    }

    @Test
    void aCallHasALimit() throws Exception {
        try (ControlServer server = ControlServer.open(socket, ControlSocketTest::echo)) {
            assertThat(server).isNotNull();
            assertThat(raw("x".repeat(ControlServer.LONGEST_CALL_BYTES + 1))).contains("at most 8192 bytes");
        }
    }

    @Test
    void aDefectInAnAnswerEndsThatAnswerAlone() throws Exception {
        try (ControlServer server = ControlServer.open(socket, call -> {
            throw new IllegalStateException("boom");
        })) {
            assertThat(server).isNotNull();
            for (int i = 0; i < 2; i++) {
                Reply reply = ControlClient.ask(socket, STATUS, PATIENCE).orElseThrow();
                assertThat(reply.exit()).isEqualTo(ExitCodes.SOFTWARE);
                assertThat(reply.error()).contains("boom");
            }
        }
    }

    @Test
    void answersManyAtOnceAndTurnsAwayWhoIsTooMany() throws Exception {
        CountDownLatch arrived = new CountDownLatch(ControlServer.MOST_CALLERS);
        CountDownLatch go = new CountDownLatch(1);
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
                ControlServer server = ControlServer.open(socket, call -> {
                    arrived.countDown();
                    go.await();
                    return echo(call);
                })) {
            assertThat(server).isNotNull();
            Callable<Optional<Reply>> ask = () -> ControlClient.ask(socket, STATUS, PATIENCE);
            List<Future<Optional<Reply>>> replies = new ArrayList<>();
            for (int i = 0; i < ControlServer.MOST_CALLERS; i++) {
                replies.add(callers.submit(ask));
            }
            arrived.await();
            assertThatThrownBy(ask::call)
                    .isInstanceOf(ControlClient.Unanswered.class)
                    .hasMessageContaining("busy");
            go.countDown();
            for (Future<Optional<Reply>> reply : replies) {
                assertThat(reply.get()).isPresent();
            }
        }
    }

    @Test
    void aGatewayThatDoesNotAnswerIsWaitedForOnlySoLong() throws Exception {
        CountDownLatch never = new CountDownLatch(1);
        try (ControlServer server = ControlServer.open(socket, call -> {
            never.await();
            return echo(call);
        })) {
            assertThat(server).isNotNull();
            assertThatThrownBy(() -> ControlClient.ask(socket, STATUS, Duration.ofMillis(200)))
                    .isInstanceOf(ControlClient.Unanswered.class)
                    .hasMessageContaining("has not answered");
            never.countDown();
        }
    }

    private void prepare() throws IOException {
        Files.createDirectory(
                directory.resolve("run"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    }

    private String raw(String line) throws IOException {
        try (SocketChannel channel = SocketChannel.open(UnixDomainSocketAddress.of(socket))) {
            channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)));
            ByteBuffer answer = ByteBuffer.allocate(64 << 10);
            while (channel.read(answer) >= 0) {
                assertThat(answer.hasRemaining()).isTrue();
            }
            return new String(answer.array(), 0, answer.position(), StandardCharsets.UTF_8);
        }
    }
}

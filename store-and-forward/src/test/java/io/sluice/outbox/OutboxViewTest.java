package io.sluice.outbox;

import static io.sluice.outbox.Bench.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What can be seen of an outbox that runs, and of the files of one that does not. */
class OutboxViewTest {

    @TempDir
    Path directory;

    private final Bench.Machine machine = new Bench.Machine();

    private SqliteOutbox open() {
        return SqliteOutbox.open(Bench.settings(directory), machine.host());
    }

    private OutboxView stopped() {
        return DatabaseView.ofStopped(directory, machine.host());
    }

    private static void flush(SqliteOutbox outbox) throws Exception {
        outbox.flush().get(10, TimeUnit.SECONDS);
    }

    @Test
    void countsEachStreamsMessagesReadingsAndBytes() throws Exception {
        try (SqliteOutbox outbox = open();
                ForwardingOutbox.RowReader reader = outbox.reader()) {
            outbox.append("meter-1", data(100, 7));
            outbox.append("meter-1", data(200, 8));
            outbox.append("press-2", data(50, 1));
            flush(outbox);
            assertThat(outbox.view().statistics().streams())
                    .extracting(
                            OutboxView.StreamStatistics::device,
                            OutboxView.StreamStatistics::current,
                            OutboxView.StreamStatistics::last,
                            OutboxView.StreamStatistics::settled,
                            OutboxView.StreamStatistics::waitingMessages,
                            OutboxView.StreamStatistics::waitingReadings)
                    .containsExactly(
                            org.assertj.core.groups.Tuple.tuple("meter-1", true, 3L, 1L, 3L, 15L),
                            org.assertj.core.groups.Tuple.tuple("press-2", true, 2L, 1L, 2L, 1L));
            List<Row> rows = reader.read(1, Long.MAX_VALUE, 100);
            rows.stream().limit(2).forEach(outbox::acknowledge);
            flush(outbox);
            OutboxView.StreamStatistics meter =
                    outbox.view().statistics().streams().getFirst();
            assertThat(meter.settled()).isEqualTo(3);
            assertThat(meter.waitingReadings()).isEqualTo(8);
            assertThat(meter.waitingBytes()).isEqualTo(200 + Row.OVERHEAD_BYTES);
            assertThat(outbox.view().statistics().balance()).isEqualTo(outbox.balance());
        }
    }

    @Test
    void saysHowOldTheOldestMessageIsByMonotonicTime() throws Exception {
        try (SqliteOutbox outbox = open()) {
            outbox.append("meter-1", data("a"));
            flush(outbox);
            machine.monotonicOffset.addAndGet(TimeUnit.MINUTES.toNanos(10));
            machine.wallSeconds.addAndGet(-1_000_000);
            assertThat(outbox.view()
                            .statistics()
                            .streams()
                            .getFirst()
                            .oldestAge()
                            .orElseThrow())
                    .isBetween(Duration.ofMinutes(10), Duration.ofMinutes(11));
            assertThat(outbox.view().waiting(0, 10))
                    .allMatch(message -> message.age().compareTo(Duration.ofMinutes(10)) >= 0);
        }
    }

    @Test
    void listsWhatWaitsPageByPage() throws Exception {
        try (SqliteOutbox outbox = open()) {
            for (int i = 0; i < 25; i++) {
                outbox.append("meter-1", data(10 + i, 1));
            }
            flush(outbox);
            OutboxView view = outbox.view();
            List<OutboxView.WaitingMessage> first = view.waiting(0, 20);
            List<OutboxView.WaitingMessage> second =
                    view.waiting(first.getLast().position(), 20);
            assertThat(first).hasSize(20);
            assertThat(second).hasSize(6);
            assertThat(first.getFirst().kind()).isEqualTo("start");
            assertThat(second).allMatch(message -> message.kind().equals("data"));
            assertThat(second.getLast().sequence()).isEqualTo(26);
            assertThat(second.getLast().bodyBytes()).isEqualTo(34);
            assertThat(second.getLast().epoch()).isEqualTo(outbox.epoch());
            assertThatThrownBy(() -> view.waiting(0, 0)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void listsDeadLettersWithTheirReasonAndTheLossRangeTheyLeft() throws Exception {
        try (SqliteOutbox outbox = open();
                ForwardingOutbox.RowReader reader = outbox.reader()) {
            outbox.append("meter-1", data(33, 5));
            flush(outbox);
            outbox.reject(reader.read(1, Long.MAX_VALUE, 10).getLast().position(), "Payload format invalid (0x99)");
            flush(outbox);
            OutboxView view = outbox.view();
            OutboxView.DeadLetter letter = view.deadLetters(0, 10).getFirst();
            assertThat(letter.device()).isEqualTo("meter-1");
            assertThat(letter.epoch()).isEqualTo(outbox.epoch());
            assertThat(letter.sequence()).isEqualTo(2);
            assertThat(letter.kind()).isEqualTo("data");
            assertThat(letter.bodyBytes()).isEqualTo(33);
            assertThat(letter.reason()).isEqualTo("Payload format invalid (0x99)");
            assertThat(letter.rejected()).isEqualTo(Instant.ofEpochSecond(machine.wallSeconds.get()));
            assertThat(view.losses())
                    .containsExactly(new OutboxView.WaitingLoss(
                            "meter-1",
                            outbox.epoch(),
                            2,
                            outbox.epoch(),
                            2,
                            Map.of(LossReason.REJECTED, new Outgoing.Count(1, 5))));
            assertThat(view.statistics().deadLetters()).isEqualTo(1);
            assertThat(view.statistics().waitingLosses()).isEqualTo(1);
        }
    }

    @Test
    void countsWhatTheWriterSendsToTheMediumAndForHowManyReadings() throws Exception {
        assumeThat(ThreadIo.writtenBytes()).as("what the kernel counts").isPresent();
        try (SqliteOutbox outbox = open()) {
            outbox.append("meter-1", data(100_000, 1));
            flush(outbox);
            await().until(() -> outbox.view()
                    .statistics()
                    .written()
                    .filter(written -> written.readings() == 1)
                    .isPresent());
            OutboxView.Written written = outbox.view().statistics().written().orElseThrow();
            assertThat(written.bytes()).isGreaterThanOrEqualTo(100_000);
            assertThat(written.bytesPerReading()).hasValue(written.bytes());
            assertThat(outbox.view().statistics().walBytes()).isPositive();
            assertThat(outbox.view().statistics().commits()).isPositive();
        }
    }

    @Test
    void theFilesOfAStoppedGatewaySayTheSameAndAreLeftAsTheyAre() throws Exception {
        OutboxView.Statistics running;
        List<OutboxView.WaitingMessage> waiting;
        try (SqliteOutbox outbox = open()) {
            outbox.append("meter-1", data(100, 7));
            flush(outbox);
            running = outbox.view().statistics();
            waiting = outbox.view().waiting(0, 10);
        }
        assertUnchanged(() -> {
            assertThat(stopped().statistics().streams())
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("oldestAge")
                    .isEqualTo(running.streams());
            assertThat(stopped().statistics().balance()).isEqualTo(running.balance());
            assertThat(stopped().statistics().epoch()).isEqualTo(running.epoch());
            assertThat(stopped().waiting(0, 10))
                    .usingRecursiveFieldByFieldElementComparatorIgnoringFields("age")
                    .isEqualTo(waiting);
            assertThat(stopped().deadLetters(0, 10)).isEmpty();
        });
    }

    @Test
    void theFilesOfAKilledGatewayAreReadWithTheirLogAndLeftAsTheyAre(@TempDir Path killed) throws Exception {
        try (SqliteOutbox outbox = open()) {
            outbox.append("meter-1", data(100, 7));
            flush(outbox);
            for (String name : List.of("outbox.db", "outbox.db-wal", "outbox.db-shm")) {
                Files.copy(directory.resolve(name), killed.resolve(name));
            }
        }
        directory = killed;
        assertUnchanged(() -> assertThat(stopped().waiting(0, 10)).hasSize(2));
    }

    private interface Look {
        void look() throws Exception;
    }

    private void assertUnchanged(Look look) throws Exception {
        Map<String, FileTime> before = files();
        byte[] database = Files.readAllBytes(directory.resolve("outbox.db"));
        look.look();
        assertThat(files()).isEqualTo(before);
        assertThat(Files.readAllBytes(directory.resolve("outbox.db"))).isEqualTo(database);
    }

    private Map<String, FileTime> files() throws IOException {
        Map<String, FileTime> times = new TreeMap<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                times.put(file.getFileName().toString(), Files.getLastModifiedTime(file));
            }
        }
        return times;
    }

    @Test
    void aDirectoryWithoutAnOutboxIsAClearError() throws Exception {
        assertThatThrownBy(this::stopped)
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("there is no outbox in " + directory);
        assertThat(files()).isEmpty();
    }

    @Test
    void anotherVersionsFilesAreAClearError() throws Exception {
        open().close();
        setVersion(99);
        assertThatThrownBy(this::stopped).isInstanceOf(OutboxException.class).hasMessageContaining("schema version 99");
        setVersion(1);
        assertThatThrownBy(this::stopped)
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("start the gateway once");
    }

    private void setVersion(int version) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + directory.resolve("outbox.db"));
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version=" + version);
        }
    }
}

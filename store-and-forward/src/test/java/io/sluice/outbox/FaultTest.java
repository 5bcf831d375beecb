package io.sluice.outbox;

import static io.sluice.outbox.Bench.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Damaged, newer, deleted and locked databases: the outbox goes on or says what to do. */
class FaultTest {

    @TempDir
    Path directory;

    private final Bench.Machine machine = new Bench.Machine();

    private SqliteOutbox open() {
        return SqliteOutbox.open(Bench.settings(directory), machine.host());
    }

    private Path file() {
        return directory.resolve("outbox.db");
    }

    private void fill(SqliteOutbox outbox, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            outbox.append("meter-1", data("%0900d".formatted(i)));
        }
        outbox.flush().get(10, TimeUnit.SECONDS);
    }

    private List<Path> setAside() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(path -> path.toString().matches(".*unreadable-[^-]*"))
                    .toList();
        }
    }

    private static Forwarder forwarder(Outbox outbox, Publisher broker) {
        return new Forwarder(outbox, broker, Forwarder.Replay.LIVE_FIRST, OptionalInt.empty(), List.of());
    }

    @Test
    void aFileThatIsNoDatabaseIsSetAsideAndANewOneBegun() throws Exception {
        Files.writeString(file(), "not a database ".repeat(1_000));
        Broker broker = Broker.acknowledgingAll();
        try (SqliteOutbox outbox = open();
                Forwarder forwarder = forwarder(outbox, broker)) {
            broker.connect(forwarder, 1, 10);
            fill(outbox, 1);
            broker.awaitMessages(2);
            assertThat(setAside()).hasSize(1);
        }
    }

    @Test
    void fromADamagedFileAllReadableRowsAreCarriedOverAndTheRestIsALossRange() throws Exception {
        RunEpoch epoch;
        try (SqliteOutbox outbox = open()) {
            epoch = outbox.epoch();
            fill(outbox, 400);
        }
        damage(0.5);
        Broker broker = Broker.acknowledgingAll();
        try (SqliteOutbox outbox = open();
                Forwarder forwarder = forwarder(outbox, broker)) {
            broker.connect(forwarder, 1, 10);
            assertEverythingArrivesOrIsLost(broker, epoch, 401, 300);
            assertThat(outbox.epoch()).isGreaterThan(epoch);
            fill(outbox, 1);
            await().until(() -> outbox.balance().pendingMessages() == 0);
        }
    }

    /** Overwrites one page in the middle of the rows. */
    private void damage(double where) throws IOException {
        overwrite((long) (Files.size(file()) / 4096 * where));
    }

    private void overwrite(long page) throws IOException {
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            raw.seek(page * 4096);
            raw.write(new byte[4096]);
        }
    }

    private static void assertEverythingArrivesOrIsLost(Broker broker, RunEpoch epoch, long last, int atLeast) {
        await().untilAsserted(() -> {
            Set<Long> accounted = new HashSet<>();
            broker.messages().stream()
                    .filter(message -> message.epoch().equals(epoch))
                    .forEach(message -> accounted.add(message.sequence()));
            int arrived = accounted.size();
            for (Outgoing message : broker.ranges()) {
                Outgoing.Range range = (Outgoing.Range) message.content();
                assertThat(range.counts()).containsOnlyKeys(LossReason.UNREADABLE);
                for (long sequence = range.first(); sequence <= range.last(); sequence++) {
                    accounted.add(sequence);
                }
            }
            assertThat(accounted).hasSize((int) last);
            assertThat(arrived).isBetween(atLeast, (int) last - 1);
        });
    }

    @Test
    void namesOfTagsAreCarriedOverSoThatNoNumberNamesAnotherTag() throws Exception {
        byte[] voltage = {1};
        byte[] current = {2};
        try (SqliteOutbox outbox = open()) {
            assertThat(outbox.bind("meter-1", List.of(voltage, current))).containsExactly(1, 2);
            fill(outbox, 400);
        }
        damageRoot("loss_total");
        try (SqliteOutbox outbox = open()) {
            assertThat(setAside()).hasSize(1);
            assertThat(outbox.bind("meter-1", List.of(current, voltage))).containsExactly(2, 1);
        }
    }

    @Test
    void deadLettersAreCarriedOver() throws Exception {
        Broker refusing = Broker.answering(message -> Bench.text(message).equals("poison")
                ? new Outcome.Rejected("payload format invalid")
                : new Outcome.Acknowledged());
        try (SqliteOutbox outbox = open();
                Forwarder forwarder = forwarder(outbox, refusing)) {
            refusing.connect(forwarder, 1, 10);
            outbox.append("meter-1", data("poison"));
            await().until(() -> outbox.view().statistics().deadLetters() == 1);
        }
        damageRoot("loss_total");
        try (SqliteOutbox outbox = open()) {
            assertThat(setAside()).hasSize(1);
            assertThat(outbox.view().statistics().deadLetters()).isEqualTo(1);
        }
    }

    @Test
    void whereTheNamesOfTagsCannotBeReadNewNumbersBeginBeyondThem() throws Exception {
        byte[] voltage = {1};
        try (SqliteOutbox outbox = open()) {
            assertThat(outbox.bind("meter-1", List.of(voltage))).containsExactly(1);
            fill(outbox, 400);
        }
        damageRoot("alias");
        damage(0.5);
        for (int run = 0; run < 2; run++) {
            try (SqliteOutbox outbox = open()) {
                assertThat(outbox.aliases("meter-1")).hasSize(run);
                assertThat(outbox.bind("meter-1", List.of(voltage)).getFirst()).isGreaterThan(1_000);
            }
        }
        assertThat(setAside()).hasSize(1);
    }

    /** Overwrites the page that a table begins with. */
    private void damageRoot(String table) throws Exception {
        long page;
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("SELECT rootpage FROM sqlite_schema WHERE name='%s'".formatted(table))) {
            page = row.getLong(1);
        }
        overwrite(page - 1);
    }

    @Test
    void ifTheNewFileCannotBeWrittenTheDamagedOneStaysUntilItCan() throws Exception {
        RunEpoch epoch;
        try (SqliteOutbox outbox = open()) {
            epoch = outbox.epoch();
            fill(outbox, 400);
        }
        damageRoot("loss_total");
        damage(0.5);
        Path inTheWay = Files.createDirectory(directory.resolve("outbox.db-building"));
        Path more = Files.createFile(inTheWay.resolve("more"));
        assertThatThrownBy(this::open)
                .isInstanceOfSatisfying(
                        OutboxException.class, e -> assertThat(e.mayPass()).isTrue());
        assertThat(setAside()).isEmpty();
        Files.delete(more);
        Files.delete(inTheWay);
        Broker broker = Broker.acknowledgingAll();
        try (SqliteOutbox outbox = open();
                Forwarder forwarder = forwarder(outbox, broker)) {
            broker.connect(forwarder, 1, 10);
            assertEverythingArrivesOrIsLost(broker, epoch, 401, 300);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"nothing of the old file was moved", "its log was left", "all of it was moved"})
    void aProcessThatEndedWhileTheNewFileTookItsPlaceIsTakenUpWhereItWas(String when) throws Exception {
        RunEpoch epoch;
        try (SqliteOutbox outbox = open()) {
            epoch = outbox.epoch();
            fill(outbox, 20);
        }
        Files.move(file(), directory.resolve("outbox.db-next"));
        Files.writeString(directory.resolve("outbox.db-building"), "left behind");
        if (!when.startsWith("all")) {
            Files.writeString(directory.resolve("outbox.db-wal"), "the old one's");
        }
        if (when.startsWith("nothing")) {
            Files.writeString(file(), "damaged");
        }
        Broker broker = Broker.acknowledgingAll();
        try (SqliteOutbox outbox = open();
                Forwarder forwarder = forwarder(outbox, broker)) {
            broker.connect(forwarder, 1, 10);
            await().until(() -> broker.messages().stream()
                            .filter(message -> message.epoch().equals(epoch))
                            .count()
                    == 21);
            assertThat(broker.ranges()).isEmpty();
        }
        assertThat(directory.resolve("outbox.db-next")).doesNotExist();
    }

    @Test
    void damageFoundWhileRunningSetsTheFileAsideAndTheEpochGoesOn() throws Exception {
        Broker broker = Broker.acknowledgingAll();
        OutboxSettings small = Bench.settings(directory, 200_000, OutboxSettings.WhenFull.DROP_OLDEST);
        RunEpoch older;
        try (SqliteOutbox outbox = open()) {
            older = outbox.epoch();
            fill(outbox, 400);
        }
        damage(0.15);
        try (SqliteOutbox outbox = SqliteOutbox.open(small, machine.host())) {
            fill(outbox, 5);
            RunEpoch epoch = outbox.epoch();
            assertThat(setAside()).hasSize(1);
            assertThat(outbox.degraded()).isEmpty();
            try (Forwarder forwarder = forwarder(outbox, broker)) {
                broker.connect(forwarder, 1, 10);
                fill(outbox, 5);
                await().until(() -> broker.messages().stream()
                                .filter(message -> message.epoch().equals(epoch))
                                .filter(message -> message.content() instanceof Outgoing.Body)
                                .count()
                        == 10);
                await().until(() -> !outbox.pendingEpochs("meter-1").contains(older));
            }
        }
    }

    @Test
    void aDatabaseOfANewerVersionIsRefusedAndLeftAlone() throws Exception {
        open().close();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = connection.createStatement()) {
            statement.execute("PRAGMA user_version=99");
        }
        assertThatThrownBy(this::open)
                .isInstanceOf(OutboxException.class)
                .hasMessageContaining("schema version 99")
                .hasMessageContaining("run the newer program");
        assertThat(setAside()).isEmpty();
    }

    @Test
    void aFileDeletedWhileItIsOpenLosesNothing() throws Exception {
        Broker broker = Broker.acknowledgingAll();
        try (SqliteOutbox outbox = open()) {
            fill(outbox, 50);
            Files.delete(file());
            await().until(() -> Files.exists(file()));
            fill(outbox, 50);
            try (Forwarder forwarder = forwarder(outbox, broker)) {
                broker.connect(forwarder, 1, 10);
                broker.awaitMessages(101);
                assertThat(new HashSet<>(broker.sequences("meter-1"))).hasSize(101);
                assertThat(broker.ranges()).isEmpty();
            }
        }
        try (SqliteOutbox outbox = open()) {
            assertThat(outbox.balance().storedMessages()).isEqualTo(101);
        }
    }

    @Test
    void whileTheDatabaseCannotBeWrittenAppendsDoNotWaitAndTheLossIsRecordedAfterwards() throws Exception {
        OutboxSettings smallHandOff = new OutboxSettings(
                directory, 64L << 20, Optional.empty(), 0, Duration.ZERO, OutboxSettings.WhenFull.DROP_OLDEST, 20_000);
        Broker broker = Broker.acknowledgingAll();
        try (SqliteOutbox outbox = SqliteOutbox.open(smallHandOff, machine.host())) {
            fill(outbox, 1);
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                    Statement statement = other.createStatement()) {
                statement.execute("BEGIN IMMEDIATE");
                outbox.append("meter-1", data("waits"));
                await().until(() -> !outbox.degraded().isEmpty());
                for (int i = 0; i < 100; i++) {
                    outbox.append("meter-1", data("%01000d".formatted(i)));
                }
                assertThat(outbox.balance().lostReadingsBeforeStoring()).containsKey(LossReason.NOT_STORED);
                statement.execute("ROLLBACK");
            }
            await().until(() -> outbox.degraded().isEmpty());
            outbox.flush().get(10, TimeUnit.SECONDS);
            try (Forwarder forwarder = forwarder(outbox, broker)) {
                broker.connect(forwarder, 1, 10);
                await().until(() -> outbox.balance().pendingMessages() == 0);
            }
            Balance balance = outbox.balance();
            long notStored = broker.messages().stream()
                    .map(Outgoing::content)
                    .filter(Outgoing.Loss.class::isInstance)
                    .mapToLong(content -> ((Outgoing.Loss) content)
                            .readings().values().stream()
                                    .mapToLong(Long::longValue)
                                    .sum())
                    .sum();
            assertThat(notStored).isPositive();
            assertThat(balance.offeredReadings()).isEqualTo(1_020).isEqualTo(balance.storedReadings() + notStored);
        }
    }
}

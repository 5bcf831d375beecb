package io.sluice.outbox;

import static io.sluice.outbox.Bench.data;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A database of version 1, as the first version of this program wrote it, is brought up to date and loses nothing. */
class SchemaVersionTest {

    private static final long EPOCH_ORDER = 1_600_000_000L;

    @TempDir
    Path directory;

    private final Bench.Machine machine = new Bench.Machine();

    private Path file() {
        return directory.resolve("outbox.db");
    }

    private Connection connect() throws Exception {
        return DriverManager.getConnection("jdbc:sqlite:" + file());
    }

    /** One stream with the numbers 1 to 4, of which 1 is acknowledged, one older loss range, one alias. */
    private void writeVersion1() throws Exception {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            for (String sql : List.of(
                    "CREATE TABLE ledger (id INTEGER PRIMARY KEY CHECK (id = 1), commits INTEGER NOT NULL, next_position"
                            + " INTEGER NOT NULL, next_range INTEGER NOT NULL, stored_messages INTEGER NOT NULL,"
                            + " stored_readings INTEGER NOT NULL, acknowledged_messages INTEGER NOT NULL,"
                            + " acknowledged_readings INTEGER NOT NULL, pending_messages INTEGER NOT NULL,"
                            + " pending_readings INTEGER NOT NULL, pending_bytes INTEGER NOT NULL, age_ms INTEGER NOT"
                            + " NULL, monotonic_ns INTEGER NOT NULL) STRICT",
                    "INSERT INTO ledger VALUES (1, 9, 5, 1, 4, 30, 1, 0, 3, 30, 153, 5000, 7)",
                    "CREATE TABLE loss_total (reason TEXT PRIMARY KEY, before_storing INTEGER NOT NULL, messages INTEGER"
                            + " NOT NULL, readings INTEGER NOT NULL) STRICT, WITHOUT ROWID",
                    "CREATE TABLE run (id INTEGER PRIMARY KEY, epoch_order INTEGER NOT NULL, epoch_random INTEGER NOT"
                            + " NULL, boot_id TEXT NOT NULL, started_ns INTEGER NOT NULL, clean INTEGER NOT NULL) STRICT",
                    "INSERT INTO run VALUES (1, " + EPOCH_ORDER + ", 42, 'boot-0', 1, 1)",
                    "CREATE TABLE device (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
                    "INSERT INTO device VALUES (1, 'meter-1')",
                    "CREATE TABLE stream (id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES device, run INTEGER"
                            + " NOT NULL REFERENCES run, last INTEGER NOT NULL, gone BLOB NOT NULL, last_reading_ns"
                            + " INTEGER, opened INTEGER NOT NULL) STRICT",
                    "INSERT INTO stream VALUES (1, 1, 1, 4, x'0100', 1003, 1)",
                    "CREATE TABLE message (position INTEGER PRIMARY KEY, destination INTEGER NOT NULL, stream INTEGER NOT"
                            + " NULL, sequence INTEGER NOT NULL, kind INTEGER NOT NULL, readings INTEGER NOT NULL, age_ms"
                            + " INTEGER NOT NULL, body BLOB NOT NULL) STRICT",
                    "INSERT INTO message VALUES (2, 0, 1, 2, 0, 10, 4000, CAST('one' AS BLOB)),"
                            + " (3, 0, 1, 3, 0, 10, 4000, CAST('two' AS BLOB)),"
                            + " (4, 0, 1, 4, 0, 10, 4000, CAST('six' AS BLOB))",
                    "CREATE TABLE loss_range (id INTEGER PRIMARY KEY, destination INTEGER NOT NULL, device INTEGER NOT"
                            + " NULL REFERENCES device, first_run INTEGER NOT NULL, first INTEGER NOT NULL, last_run"
                            + " INTEGER NOT NULL, last INTEGER NOT NULL, counts TEXT NOT NULL, version INTEGER NOT NULL)"
                            + " STRICT",
                    "CREATE TABLE dead_letter (position INTEGER PRIMARY KEY, destination INTEGER NOT NULL, device TEXT"
                            + " NOT NULL, epoch TEXT NOT NULL, sequence INTEGER NOT NULL, kind TEXT NOT NULL, readings"
                            + " INTEGER NOT NULL, reason TEXT NOT NULL, rejected_ns INTEGER NOT NULL, body BLOB NOT NULL)"
                            + " STRICT",
                    "CREATE TABLE alias (device INTEGER NOT NULL REFERENCES device, number INTEGER NOT NULL, key BLOB NOT"
                            + " NULL, PRIMARY KEY (device, number)) STRICT, WITHOUT ROWID",
                    "INSERT INTO alias VALUES (1, 1, x'AA')",
                    "PRAGMA user_version = 1")) {
                statement.executeUpdate(sql);
            }
        }
    }

    private SqliteOutbox open() {
        return SqliteOutbox.open(Bench.settings(directory), machine.host());
    }

    @Test
    void keepsRowsCountersAndNumbersOfVersion1() throws Exception {
        writeVersion1();
        RunEpoch older = new RunEpoch((int) EPOCH_ORDER, 42);
        Broker broker = Broker.acknowledgingAll();
        try (SqliteOutbox outbox = open();
                Forwarder forwarder =
                        new Forwarder(outbox, broker, Forwarder.Replay.LIVE_FIRST, OptionalInt.empty(), List.of())) {
            OutboxView.StreamStatistics stream =
                    outbox.view().statistics().streams().getFirst();
            assertThat(stream.epoch()).isEqualTo(older);
            assertThat(stream.waitingMessages()).isEqualTo(3);
            assertThat(stream.waitingReadings()).isEqualTo(30);
            assertThat(stream.waitingBytes()).isEqualTo(3 * (3 + Row.OVERHEAD_BYTES));
            assertThat(outbox.balance().storedReadings()).isEqualTo(30);
            assertThat(outbox.bind("meter-1", new byte[] {(byte) 0xAA})).isEqualTo(1);
            outbox.append("meter-1", data("new"));
            broker.connect(forwarder, 1, 10);
            broker.awaitMessages(6);
            assertThat(broker.messages().stream()
                            .filter(message -> message.epoch().equals(older))
                            .map(Bench::text))
                    .containsExactly("one", "two", "six");
            assertThat(broker.messages().stream().map(Outgoing::content)).contains(new Outgoing.EpochEnd(older, 4));
        }
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet version = statement.executeQuery("PRAGMA user_version")) {
            assertThat(version.getInt(1)).isEqualTo(Schema.VERSION);
        }
    }

    @Test
    void aDamagedFileOfVersion1IsSetAsideAndCarriedOverLikeOthers() throws Exception {
        writeVersion1();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("WITH RECURSIVE n(i) AS (SELECT 5 UNION ALL SELECT i + 1 FROM n WHERE i < 400)"
                    + " INSERT INTO message SELECT i, 0, 1, i, 0, 10, 4000, zeroblob(200) FROM n");
            statement.executeUpdate("UPDATE stream SET last = 400");
            statement.executeUpdate(
                    "UPDATE ledger SET next_position = 401, stored_messages = 400, pending_messages = 399");
        }
        try (RandomAccessFile raw = new RandomAccessFile(file().toFile(), "rw")) {
            raw.seek(raw.length() / 4096 / 2 * 4096);
            raw.write(new byte[4096]);
        }
        try (SqliteOutbox outbox = open()) {
            assertThat(outbox.pendingEpochs("meter-1")).containsExactly(new RunEpoch((int) EPOCH_ORDER, 42));
            assertThat(outbox.balance().pendingMessages()).isBetween(300L, 398L);
            assertThat(outbox.view().losses()).allMatch(loss -> loss.counts().containsKey(LossReason.UNREADABLE));
            assertThat(outbox.view().losses()).isNotEmpty();
        }
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString())).anyMatch(name -> name.contains("unreadable"));
        }
    }
}

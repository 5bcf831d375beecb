package io.sluice.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A command that comes twice is carried out once. */
class CommandLedgerTest {

    @TempDir
    Path directory;

    private final Bench.Machine machine = new Bench.Machine();

    private SqliteOutbox open() {
        return SqliteOutbox.open(Bench.settings(directory), machine.host());
    }

    private Instant inSeconds(long seconds) {
        return Instant.ofEpochSecond(machine.wallSeconds.get() + seconds);
    }

    private static byte[] resultOf(CommandLedger.Acceptance acceptance) {
        return ((CommandLedger.Acceptance.Finished) acceptance).result();
    }

    @Test
    void takesACommandOnOnceAndThenSaysHowItEnded() throws Exception {
        try (SqliteOutbox outbox = open()) {
            CommandLedger ledger = outbox.commands();
            assertThat(ledger.accept("c1", inSeconds(60))).isEqualTo(new CommandLedger.Acceptance.First());
            assertThat(ledger.accept("c1", inSeconds(60))).isEqualTo(new CommandLedger.Acceptance.Unfinished());
            ledger.finish("c1", new byte[] {7});
            ledger.finish("c1", new byte[] {8});
            assertThat(resultOf(ledger.accept("c1", inSeconds(60)))).containsExactly(7);
            assertThat(ledger.accept("c2", inSeconds(60))).isEqualTo(new CommandLedger.Acceptance.First());
        }
    }

    @Test
    void rememberedIsWhatWasAcceptedBeforeAKill(@TempDir Path killed) throws Exception {
        try (SqliteOutbox outbox = open()) {
            outbox.commands().accept("begun", inSeconds(60));
            outbox.commands().accept("ended", inSeconds(60));
            outbox.commands().finish("ended", new byte[] {1});
            for (String name : List.of("outbox.db", "outbox.db-wal")) {
                Files.copy(directory.resolve(name), killed.resolve(name));
            }
        }
        directory = killed;
        try (SqliteOutbox outbox = open()) {
            assertThat(outbox.commands().accept("begun", inSeconds(60)))
                    .isEqualTo(new CommandLedger.Acceptance.Unfinished());
            assertThat(resultOf(outbox.commands().accept("ended", inSeconds(60))))
                    .containsExactly(1);
        }
    }

    @Test
    void forgetsACommandAfterItsExpiry() throws Exception {
        try (SqliteOutbox outbox = open()) {
            outbox.commands().accept("c1", inSeconds(60));
            machine.wallSeconds.addAndGet(59);
            assertThat(outbox.commands().accept("c1", inSeconds(60)))
                    .isEqualTo(new CommandLedger.Acceptance.Unfinished());
            machine.wallSeconds.addAndGet(1);
            assertThat(outbox.commands().accept("c1", inSeconds(60))).isEqualTo(new CommandLedger.Acceptance.First());
        }
    }

    @Test
    void aResultForACommandThatIsNotKnownIsIgnored() throws Exception {
        try (SqliteOutbox outbox = open()) {
            outbox.commands().finish("never", new byte[] {1});
            assertThat(outbox.commands().accept("never", inSeconds(60)))
                    .isEqualTo(new CommandLedger.Acceptance.First());
        }
    }

    @RepeatedTest(20)
    void isCarriedOverFromADamagedFile() throws Exception {
        try (SqliteOutbox outbox = open()) {
            outbox.commands().accept("c1", inSeconds(60));
            for (int i = 0; i < 300; i++) {
                outbox.append("meter-1", Bench.data(900, 1));
            }
        }
        try (RandomAccessFile raw =
                new RandomAccessFile(directory.resolve("outbox.db").toFile(), "rw")) {
            raw.seek(raw.length() / 2 / 4096 * 4096);
            raw.write(new byte[4096]);
        }
        try (SqliteOutbox outbox = open();
                ForwardingOutbox.RowReader reader = outbox.reader()) {
            for (int i = 0; i < 300; i += 100) {
                try {
                    reader.read(1 + i, Long.MAX_VALUE, 100);
                } catch (ForwardingOutbox.StoreUnreadable e) {
                    // the writer sets the file aside now
                }
            }
            assertThat(outbox.commands().accept("c1", inSeconds(60)))
                    .isEqualTo(new CommandLedger.Acceptance.Unfinished());
        }
    }

    @Test
    void refusesAnEmptyOrEndlessId() {
        try (SqliteOutbox outbox = open()) {
            assertThatThrownBy(() -> outbox.commands().accept("", inSeconds(1)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> outbox.commands().accept("x".repeat(257), inSeconds(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }
}

package io.sluice.outbox;

import static io.sluice.outbox.Bench.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an outbox on disk promises beyond {@link OutboxContractTest}: from one run to the next. */
class SqliteOutboxTest {

    @TempDir
    Path directory;

    private final Bench.Machine machine = new Bench.Machine();

    private SqliteOutbox open() {
        return SqliteOutbox.open(Bench.settings(directory), machine.host());
    }

    private static void flush(SqliteOutbox outbox) throws Exception {
        outbox.flush().get(10, TimeUnit.SECONDS);
    }

    private static Forwarder forwarder(Outbox outbox, Publisher broker) {
        return new Forwarder(outbox, broker, Forwarder.Replay.LIVE_FIRST, OptionalInt.empty(), List.of());
    }

    @Test
    void keepsWhatWasNotAcknowledgedForTheNextRunUnderItsOldEpochAndSequence() throws Exception {
        RunEpoch first;
        try (SqliteOutbox outbox = open()) {
            first = outbox.epoch();
            outbox.append("meter-1", data("a"));
            outbox.append("meter-1", data("b"));
        }
        Broker broker = Broker.acknowledgingAll();
        try (SqliteOutbox outbox = open();
                Forwarder forwarder = forwarder(outbox, broker)) {
            assertThat(outbox.epoch()).isGreaterThan(first);
            assertThat(outbox.pendingEpochs("meter-1")).containsExactly(first);
            broker.connect(forwarder, 1, 100);
            outbox.append("meter-1", data("c"));
            broker.awaitMessages(6);
            assertThat(broker.messages().stream()
                            .filter(message -> message.epoch().equals(first)))
                    .extracting(Outgoing::sequence)
                    .containsExactly(1L, 2L, 3L);
            Outgoing.Start start = broker.messages().stream()
                    .filter(message -> message.epoch().equals(outbox.epoch()))
                    .map(Outgoing::content)
                    .filter(Outgoing.Start.class::isInstance)
                    .map(Outgoing.Start.class::cast)
                    .findFirst()
                    .orElseThrow();
            assertThat(start.previous()).contains(first);
            assertThat(start.previousLast()).isEqualTo(3);
            assertThat(start.previousClean()).isTrue();
            assertThat(start.lastReadingNanos()).contains(1_001L);
            assertThat(start.bootId()).isEqualTo("boot-1");
            assertThat(broker.messages().stream().map(Outgoing::content)).contains(new Outgoing.EpochEnd(first, 3));
            await().until(() -> outbox.pendingEpochs("meter-1").isEmpty());
        }
    }

    @Test
    void theEpochEndIsAppendedAlsoWhenTheLastAcknowledgementAndTheNewEpochsFirstRowShareACommit() throws Exception {
        RunEpoch first;
        try (SqliteOutbox outbox = open()) {
            first = outbox.epoch();
            outbox.append("meter-1", data("a"));
        }
        OutboxSettings onlyOnFlush = new OutboxSettings(
                directory,
                1 << 20,
                Optional.empty(),
                0,
                Duration.ofHours(1),
                OutboxSettings.WhenFull.DROP_OLDEST,
                1 << 20);
        try (SqliteOutbox outbox = SqliteOutbox.open(onlyOnFlush, machine.host());
                ForwardingOutbox.RowReader reader = outbox.reader()) {
            reader.read(1, Long.MAX_VALUE, 10).forEach(outbox::acknowledge);
            outbox.append("meter-1", data("b"));
            flush(outbox);
            assertThat(reader.read(1, Long.MAX_VALUE, 10))
                    .extracting(Row::content)
                    .contains(new Outgoing.EpochEnd(first, 2));
            assertThat(outbox.pendingEpochs("meter-1")).isEmpty();
        }
    }

    @Test
    void positionsAreNotUsedAgainAfterTheOutboxWasEmpty() throws Exception {
        Broker broker = Broker.acknowledgingAll();
        for (int run = 0; run < 3; run++) {
            try (SqliteOutbox outbox = open();
                    Forwarder forwarder = forwarder(outbox, broker)) {
                broker.connect(forwarder, 1, 100);
                outbox.append("meter-1", data("x"));
                flush(outbox);
                await().until(() -> outbox.balance().pendingMessages() == 0);
            }
        }
        assertThat(broker.messages()).extracting(Outgoing::position).doesNotHaveDuplicates();
    }

    @Test
    void bindsTheSameKeyToTheSameNumberAcrossRuns() throws Exception {
        try (SqliteOutbox outbox = open()) {
            assertThat(outbox.bind("meter-1", new byte[] {1})).isEqualTo(1);
            assertThat(outbox.bind("meter-1", new byte[] {2})).isEqualTo(2);
            assertThat(outbox.bind("press-2", new byte[] {2})).isEqualTo(1);
            assertThat(outbox.bind("meter-1", new byte[] {1})).isEqualTo(1);
        }
        try (SqliteOutbox outbox = open()) {
            assertThat(outbox.bind("meter-1", new byte[] {3})).isEqualTo(3);
            assertThat(outbox.aliases("meter-1")).containsOnlyKeys(1, 2, 3);
            assertThat(outbox.bind("meter-1", new byte[] {2})).isEqualTo(2);
        }
    }

    @Test
    void refusesASecondProcessAndSaysWhichHasTheDirectory() {
        try (SqliteOutbox outbox = open()) {
            assertThatThrownBy(this::open)
                    .isInstanceOf(OutboxException.class)
                    .hasMessageContaining(
                            "in use by process " + ProcessHandle.current().pid());
            assertThat(outbox.degraded()).isEmpty();
        }
    }
}

package io.sluice.outbox;

import static io.sluice.outbox.Bench.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a bounded outbox does when it is full, too old, or short of space. */
class LimitsTest {

    @TempDir
    Path directory;

    private final Bench.Machine machine = new Bench.Machine();

    private static void flush(SqliteOutbox outbox) throws Exception {
        outbox.flush().get(10, TimeUnit.SECONDS);
    }

    private static Forwarder forwarder(Outbox outbox, Publisher broker) {
        return new Forwarder(outbox, broker, Forwarder.Replay.LIVE_FIRST, OptionalInt.empty(), List.of());
    }

    private SqliteOutbox open(long maxBytes, OutboxSettings.WhenFull whenFull) {
        return SqliteOutbox.open(Bench.settings(directory, maxBytes, whenFull), machine.host());
    }

    private static void assertBalanced(Balance balance) {
        assertThat(balance.offeredReadings())
                .isEqualTo(balance.storedReadings()
                        + sum(balance.lostReadingsBeforeStoring())
                        + balance.inHandOffReadings());
        assertThat(balance.storedReadings())
                .isEqualTo(balance.acknowledgedReadings() + balance.pendingReadings() + sum(balance.lostReadings()));
        assertThat(balance.storedMessages())
                .isEqualTo(balance.acknowledgedMessages() + balance.pendingMessages() + sum(balance.lostMessages()));
    }

    private static long sum(Map<LossReason, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    @Test
    void dropsTheOldestAndLeavesOneTouchingRange() throws Exception {
        try (SqliteOutbox outbox = open(20_000, OutboxSettings.WhenFull.DROP_OLDEST)) {
            for (int i = 0; i < 50; i++) {
                outbox.append("meter-1", data(1_000, 10));
                flush(outbox);
            }
            Balance full = outbox.balance();
            assertThat(full.storedBytes()).isLessThanOrEqualTo(20_000);
            assertThat(full.pendingMessages()).isBetween(15L, 20L);
            assertBalanced(full);
            Broker broker = Broker.acknowledgingAll();
            try (Forwarder forwarder = forwarder(outbox, broker)) {
                broker.connect(forwarder, 1, 10);
                await().until(() -> outbox.balance().pendingMessages() == 0);
                Outgoing.Range range =
                        (Outgoing.Range) broker.ranges().getFirst().content();
                long lost = sum(full.lostMessages());
                assertThat(broker.ranges()).hasSize(1);
                assertThat(range.first()).isEqualTo(1);
                assertThat(range.last()).isEqualTo(lost);
                assertThat(range.counts())
                        .containsExactly(Map.entry(LossReason.EVICTED, new Outgoing.Count(lost, (lost - 1) * 10)));
                assertThat(broker.sequences("meter-1").getFirst()).isEqualTo(lost + 1);
                assertThat(broker.received().stream()
                                .filter(m -> m.position() != 0)
                                .findFirst())
                        .get()
                        .extracting(Outgoing::content)
                        .isInstanceOf(Outgoing.Range.class);
                assertBalanced(outbox.balance());
            }
        }
    }

    @Test
    void refusesTheNewestAndRecordsTheLossWhenThereIsRoomAgain() throws Exception {
        try (SqliteOutbox outbox = open(20_000, OutboxSettings.WhenFull.DROP_NEWEST)) {
            for (int i = 0; i < 50; i++) {
                outbox.append("meter-1", data(1_000, 10));
                flush(outbox);
                assertBalanced(outbox.balance());
            }
            long refused = sum(outbox.balance().lostReadingsBeforeStoring());
            assertThat(refused).isGreaterThanOrEqualTo(300);
            Broker broker = Broker.acknowledgingAll();
            try (Forwarder forwarder = forwarder(outbox, broker)) {
                broker.connect(forwarder, 1, 10);
                await().until(() -> outbox.balance().pendingMessages() == 0);
                outbox.append("meter-1", data(1_000, 10));
                await().until(() -> broker.messages().stream().anyMatch(m -> m.content() instanceof Outgoing.Loss));
                Outgoing.Loss loss = (Outgoing.Loss) broker.messages().stream()
                        .map(Outgoing::content)
                        .filter(Outgoing.Loss.class::isInstance)
                        .findFirst()
                        .orElseThrow();
                assertThat(loss.readings()).containsExactly(Map.entry(LossReason.EVICTED, refused));
                assertThat(broker.ranges()).isEmpty();
                assertBalanced(outbox.balance());
            }
        }
    }

    private OutboxSettings expiringAfterAnHour() {
        return new OutboxSettings(
                directory,
                1 << 20,
                Optional.of(Duration.ofHours(1)),
                0,
                Duration.ZERO,
                OutboxSettings.WhenFull.DROP_OLDEST,
                1 << 20);
    }

    @Test
    void expiresByMonotonicTimeAndNotByAStepOfTheWallClock() throws Exception {
        OutboxSettings hour = expiringAfterAnHour();
        try (SqliteOutbox outbox = SqliteOutbox.open(hour, machine.host())) {
            outbox.append("meter-1", data("old"));
            flush(outbox);
            machine.wallSeconds.addAndGet(TimeUnit.DAYS.toSeconds(3650));
            outbox.append("meter-1", data("new"));
            flush(outbox);
            assertThat(outbox.balance().pendingMessages()).isEqualTo(3);
            machine.monotonicOffset.addAndGet(TimeUnit.MINUTES.toNanos(59));
            outbox.append("meter-1", data("newer"));
            flush(outbox);
            assertThat(outbox.balance().pendingMessages()).isEqualTo(4);
            machine.monotonicOffset.addAndGet(TimeUnit.MINUTES.toNanos(2));
            await().until(() -> outbox.balance().pendingMessages() == 1);
            assertThat(outbox.balance().lostMessages()).containsExactly(Map.entry(LossReason.EXPIRED, 3L));
            assertBalanced(outbox.balance());
        }
    }

    @Test
    void agesGoOnAcrossProcessesOfOneBootOnly() throws Exception {
        OutboxSettings hour = expiringAfterAnHour();
        try (SqliteOutbox outbox = SqliteOutbox.open(hour, machine.host())) {
            outbox.append("meter-1", data("a"));
        }
        machine.bootId = "boot-2";
        machine.monotonicOffset.addAndGet(TimeUnit.HOURS.toNanos(2));
        try (SqliteOutbox outbox = SqliteOutbox.open(hour, machine.host())) {
            outbox.append("press-2", data("b"));
            flush(outbox);
            assertThat(outbox.balance().pendingMessages()).isEqualTo(4);
        }
        machine.monotonicOffset.addAndGet(TimeUnit.HOURS.toNanos(2));
        try (SqliteOutbox outbox = SqliteOutbox.open(hour, machine.host())) {
            await().until(() -> outbox.balance().pendingMessages() == 0);
        }
    }

    @Test
    void doesNotGrowTheFileWhereSpaceIsScarce() throws Exception {
        OutboxSettings noSpace = new OutboxSettings(
                directory,
                64L << 20,
                Optional.empty(),
                Long.MAX_VALUE,
                Duration.ZERO,
                OutboxSettings.WhenFull.DROP_OLDEST,
                4L << 20);
        try (SqliteOutbox outbox = SqliteOutbox.open(noSpace, machine.host())) {
            outbox.append("meter-1", data("first"));
            flush(outbox);
            for (int i = 0; i < 3_000; i++) {
                outbox.append("meter-1", data(1_000, 10));
            }
            flush(outbox);
            assertThat(outbox.balance().storedBytes()).isLessThanOrEqualTo(1 << 20);
            assertThat(outbox.balance().lostMessages()).containsKey(LossReason.EVICTED);
            assertBalanced(outbox.balance());
        }
    }

    @Test
    void aRejectedMessageGoesToTheDeadLettersAndLeavesARange() throws Exception {
        Broker broker = Broker.answering(message -> Bench.text(message).equals("poison")
                ? new Outcome.Rejected("payload format invalid")
                : new Outcome.Acknowledged());
        try (SqliteOutbox outbox = open(1 << 20, OutboxSettings.WhenFull.DROP_OLDEST);
                Forwarder forwarder = forwarder(outbox, broker)) {
            broker.connect(forwarder, 1, 10);
            outbox.append("meter-1", data("good"));
            outbox.append("meter-1", data("poison"));
            outbox.append("meter-1", data("better"));
            await().until(() -> !broker.ranges().isEmpty());
            await().until(() -> outbox.balance().pendingMessages() == 0);
            Outgoing.Range range = (Outgoing.Range) broker.ranges().getFirst().content();
            assertThat(range.first()).isEqualTo(3);
            assertThat(range.last()).isEqualTo(3);
            assertThat(range.counts()).containsExactly(Map.entry(LossReason.REJECTED, new Outgoing.Count(1, 10)));
            assertBalanced(outbox.balance());
        }
    }

    @Test
    void countsWhatWasLostBeforeItHadANumberInOneNumberedEvent() throws Exception {
        Broker broker = Broker.acknowledgingAll();
        OutboxSettings onlyOnFlush = new OutboxSettings(
                directory,
                1 << 20,
                Optional.empty(),
                0,
                Duration.ofHours(1),
                OutboxSettings.WhenFull.DROP_OLDEST,
                1 << 20);
        try (SqliteOutbox outbox = SqliteOutbox.open(onlyOnFlush, machine.host());
                Forwarder forwarder = forwarder(outbox, broker)) {
            broker.connect(forwarder, 1, 10);
            outbox.lost("meter-1", LossReason.ADAPTER_QUEUE, 7, 100, 200);
            outbox.lost("meter-1", LossReason.SOURCE_GAP, 2, 50, 150);
            assertBalanced(outbox.balance());
            flush(outbox);
            broker.awaitMessages(2);
            assertThat(broker.messages().get(1).content())
                    .isEqualTo(new Outgoing.Loss(
                            Map.of(LossReason.ADAPTER_QUEUE, 7L, LossReason.SOURCE_GAP, 2L), 50, 200));
            assertThat(outbox.balance().offeredReadings()).isEqualTo(9);
            assertBalanced(outbox.balance());
        }
    }
}

package io.sluice.outbox;

import static io.sluice.outbox.Bench.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the class comment of {@link Outbox} promises within a run, of every outbox. */
class OutboxContractTest {

    enum Kind {
        ON_DISK,
        IN_MEMORY;

        ForwardingOutbox open(OutboxSettings settings, SqliteOutbox.Host host) {
            return switch (this) {
                case ON_DISK -> SqliteOutbox.open(settings, host);
                case IN_MEMORY -> new InMemoryOutbox(settings, host);
            };
        }
    }

    @TempDir
    Path directory;

    private final Bench.Machine machine = new Bench.Machine();

    private ForwardingOutbox open(Kind kind) {
        return kind.open(Bench.settings(directory), machine.host());
    }

    private static void flush(ForwardingOutbox outbox) throws Exception {
        outbox.flush().get(10, TimeUnit.SECONDS);
    }

    private static List<Row> rows(ForwardingOutbox outbox) throws Exception {
        flush(outbox);
        try (ForwardingOutbox.RowReader reader = outbox.reader()) {
            return reader.read(1, Long.MAX_VALUE, 1_000);
        }
    }

    private static Forwarder forwarder(Outbox outbox, Publisher broker) {
        return new Forwarder(outbox, broker, Forwarder.Replay.LIVE_FIRST, OptionalInt.empty(), List.of());
    }

    @ParameterizedTest
    @EnumSource
    void forwardsWhatWasAppendedInOrderAfterAStartRecord(Kind kind) throws Exception {
        Broker broker = Broker.acknowledgingAll();
        try (ForwardingOutbox outbox = open(kind);
                Forwarder forwarder = forwarder(outbox, broker)) {
            broker.connect(forwarder, 1, 100);
            outbox.append("meter-1", data("a"));
            outbox.append("meter-1", data("b"));
            outbox.append("press-2", data("c"));
            broker.awaitMessages(5);
            assertThat(broker.sequences("meter-1")).containsExactly(1L, 2L, 3L);
            assertThat(broker.sequences("press-2")).containsExactly(1L, 2L);
            assertThat(broker.messages().getFirst().content()).isInstanceOf(Outgoing.Start.class);
            assertThat(broker.messages().stream().map(Bench::text)).containsSubsequence("a", "b");
            await().until(() -> outbox.balance().pendingMessages() == 0);
            assertThat(outbox.balance().acknowledgedMessages()).isEqualTo(5);
            assertThat(outbox.balance().acknowledgedReadings()).isEqualTo(30);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anAcknowledgementTakesExactlyThatRowInWhateverOrder(Kind kind) throws Exception {
        try (ForwardingOutbox outbox = open(kind)) {
            for (String text : List.of("a", "b", "c")) {
                outbox.append("meter-1", data(text));
            }
            List<Row> rows = rows(outbox);
            outbox.acknowledge(rows.get(3));
            outbox.acknowledge(rows.get(1).position());
            outbox.acknowledge(rows.get(1).position());
            outbox.acknowledge(987_654);
            assertThat(rows(outbox)).extracting(Row::sequence).containsExactly(1L, 3L);
            assertThat(outbox.balance().acknowledgedMessages()).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void positionsAreNotUsedAgainAfterTheOutboxWasEmpty(Kind kind) throws Exception {
        try (ForwardingOutbox outbox = open(kind)) {
            outbox.append("meter-1", data("a"));
            List<Row> before = rows(outbox);
            before.forEach(outbox::acknowledge);
            assertThat(rows(outbox)).isEmpty();
            outbox.append("meter-1", data("b"));
            assertThat(rows(outbox).getFirst().position())
                    .isGreaterThan(before.getLast().position());
            assertThat(rows(outbox).getFirst().sequence()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRejectedRowLeavesALossRangeThatGoesOnlyInTheVersionThatWasAcknowledged(Kind kind) throws Exception {
        try (ForwardingOutbox outbox = open(kind)) {
            outbox.append("meter-1", data("a"));
            outbox.append("meter-1", data("b"));
            List<Row> rows = rows(outbox);
            outbox.reject(rows.get(1).position(), "poison");
            flush(outbox);
            LossRange first = outbox.attach(change -> {}).ranges().getFirst();
            assertThat(first.counts()).isEqualTo(Map.of(LossReason.REJECTED, new Outgoing.Count(1, 10)));
            outbox.reject(rows.get(2).position(), "poison");
            flush(outbox);
            outbox.acknowledge(first.position());
            flush(outbox);
            LossRange grown = outbox.attach(change -> {}).ranges().getFirst();
            assertThat(grown.first()).isEqualTo(2);
            assertThat(grown.last()).isEqualTo(3);
            outbox.acknowledge(grown.position());
            flush(outbox);
            assertThat(outbox.attach(change -> {}).ranges()).isEmpty();
            assertThat(outbox.balance().lostMessages()).isEqualTo(Map.of(LossReason.REJECTED, 2L));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRangeHoldsLostNumbersOnlyAndGrowsTogetherWhenTheOnesBetweenAreLostToo(Kind kind) throws Exception {
        try (ForwardingOutbox outbox = open(kind)) {
            for (int i = 0; i < 6; i++) {
                outbox.append("meter-1", data("a"));
            }
            List<Row> rows = rows(outbox);
            outbox.reject(rows.get(1).position(), "poison");
            outbox.acknowledge(rows.get(2));
            outbox.reject(rows.get(5).position(), "poison");
            outbox.reject(rows.get(3).position(), "poison");
            flush(outbox);
            assertThat(spans(outbox)).containsExactlyInAnyOrder("2-2", "4-4", "6-6");
            outbox.reject(rows.get(4).position(), "poison");
            flush(outbox);
            assertThat(spans(outbox)).containsExactlyInAnyOrder("2-2", "4-6");
        }
    }

    private static List<String> spans(ForwardingOutbox outbox) {
        return outbox.attach(change -> {}).ranges().stream()
                .map(range -> range.first() + "-" + range.last())
                .toList();
    }

    @ParameterizedTest
    @EnumSource
    void theOldestRowsGoWhenItIsFullAndAreInALossRange(Kind kind) throws Exception {
        OutboxSettings small = Bench.settings(directory, 20_000, OutboxSettings.WhenFull.DROP_OLDEST);
        try (ForwardingOutbox outbox = kind.open(small, machine.host())) {
            for (int i = 0; i < 50; i++) {
                outbox.append("meter-1", data(1_000, 1));
            }
            List<Row> rows = rows(outbox);
            LossRange range = outbox.attach(change -> {}).ranges().getFirst();
            assertThat(range.first()).isEqualTo(1);
            assertThat(range.last()).isEqualTo(rows.getFirst().sequence() - 1);
            assertThat(rows.getLast().sequence()).isEqualTo(51);
            assertThat(outbox.balance().storedBytes()).isLessThanOrEqualTo(20_000);
            assertBalanced(outbox.balance());
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRowThatLeftForALimitIsNotReadAnyMore(Kind kind) throws Exception {
        OutboxSettings small = Bench.settings(directory, 20_000, OutboxSettings.WhenFull.DROP_OLDEST);
        try (ForwardingOutbox outbox = kind.open(small, machine.host())) {
            for (int i = 0; i < 15; i++) {
                outbox.append("meter-1", data(1_000, 1));
            }
            flush(outbox);
            for (int i = 0; i < 15; i++) {
                outbox.append("meter-1", data(1_000, 1));
            }
            List<Row> rows = rows(outbox);
            LossRange range = outbox.attach(change -> {}).ranges().getFirst();
            assertThat(rows.getFirst().sequence()).isEqualTo(range.last() + 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void theNewestAreRefusedInsteadIfSoConfiguredAndCountedAsLost(Kind kind) throws Exception {
        OutboxSettings small = Bench.settings(directory, 20_000, OutboxSettings.WhenFull.DROP_NEWEST);
        try (ForwardingOutbox outbox = kind.open(small, machine.host())) {
            for (int i = 0; i < 50; i++) {
                outbox.append("meter-1", data(1_000, 1));
            }
            flush(outbox);
            assertThat(outbox.balance().lostReadingsBeforeStoring()).containsKey(LossReason.EVICTED);
            assertBalanced(outbox.balance());
            rows(outbox).forEach(outbox::acknowledge);
            flush(outbox);
            assertThat(rows(outbox)).extracting(Row::kind).containsExactly(Row.Kind.LOSS);
            assertBalanced(outbox.balance());
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatIsLostBeforeStoringBecomesANumberedEvent(Kind kind) throws Exception {
        try (ForwardingOutbox outbox = open(kind)) {
            outbox.append("meter-1", data("a"));
            outbox.lost("meter-1", LossReason.SOURCE_GAP, 5, 100, 200);
            assertThat(rows(outbox).getLast().content())
                    .isEqualTo(new Outgoing.Loss(Map.of(LossReason.SOURCE_GAP, 5L), 100, 200));
            assertThat(rows(outbox).getLast().sequence()).isEqualTo(3);
            assertThat(outbox.balance().offeredReadings()).isEqualTo(15);
            assertBalanced(outbox.balance());
        }
    }

    @ParameterizedTest
    @EnumSource
    void bindsTheSameKeyToTheSameNumber(Kind kind) throws Exception {
        try (ForwardingOutbox outbox = open(kind)) {
            assertThat(outbox.bind("meter-1", List.of(new byte[] {1}, new byte[] {2})))
                    .containsExactly(1, 2);
            assertThat(outbox.bind("press-2", new byte[] {2})).isEqualTo(1);
            assertThat(outbox.bind("meter-1", new byte[] {1})).isEqualTo(1);
            assertThat(outbox.aliases("meter-1")).containsOnlyKeys(1, 2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void refusesToAppendAfterClose(Kind kind) {
        ForwardingOutbox outbox = open(kind);
        outbox.close();
        assertThatThrownBy(() -> outbox.append("meter-1", data("a"))).isInstanceOf(IllegalStateException.class);
    }

    private static void assertBalanced(Balance balance) {
        long lostBefore = balance.lostReadingsBeforeStoring().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        long lost = balance.lostReadings().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        assertThat(balance.offeredReadings())
                .isEqualTo(balance.storedReadings() + lostBefore + balance.inHandOffReadings());
        assertThat(balance.storedReadings())
                .isEqualTo(balance.acknowledgedReadings() + balance.pendingReadings() + lost);
    }
}

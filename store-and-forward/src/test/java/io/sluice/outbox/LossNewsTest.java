package io.sluice.outbox;

import static io.sluice.outbox.Bench.data;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** After a loss in the outbox the device is told to report everything: when a connection stands, at most once a minute. */
class LossNewsTest {

    @TempDir
    Path directory;

    private final List<String> told = Collections.synchronizedList(new ArrayList<>());
    private final AtomicLong clock = new AtomicLong();
    private final Broker broker = Broker.silent();

    private SqliteOutbox open(OutboxSettings.WhenFull whenFull) {
        return SqliteOutbox.open(Bench.settings(directory, 20_000, whenFull), new Bench.Machine().host());
    }

    private Forwarder forwarder(Outbox outbox) {
        Forwarder forwarder = new Forwarder(
                outbox,
                broker,
                Forwarder.Replay.LIVE_FIRST,
                OptionalInt.empty(),
                List.of(),
                Forwarder.Timing.DEFAULT,
                () -> System.nanoTime() + clock.get());
        forwarder.onLoss(told::add);
        return forwarder;
    }

    private static void overfill(SqliteOutbox outbox) throws Exception {
        for (int i = 0; i < 40; i++) {
            outbox.append("meter-1", data(1_000, 10));
        }
        outbox.flush().get(10, TimeUnit.SECONDS);
    }

    @Test
    void evictionWhileTheLinkIsDownIsToldAtTheNextConnectionAndAgainOnlyAfterAMinute() throws Exception {
        try (SqliteOutbox outbox = open(OutboxSettings.WhenFull.DROP_OLDEST);
                Forwarder forwarder = forwarder(outbox)) {
            overfill(outbox);
            await().during(Duration.ofMillis(100)).until(told::isEmpty);
            broker.connect(forwarder, 1, 10);
            await().untilAsserted(() -> assertThat(told).containsExactly("meter-1"));
            overfill(outbox);
            await().during(Duration.ofMillis(600)).until(() -> told.size() == 1);
            clock.addAndGet(TimeUnit.SECONDS.toNanos(61));
            await().untilAsserted(() -> assertThat(told).containsExactly("meter-1", "meter-1"));
        }
    }

    @Test
    void whatWasRefusedBeforeItHadANumberIsToldWhenItsRecordGoesOut() throws Exception {
        broker.answerFromNowOn(message -> new Outcome.Acknowledged());
        try (SqliteOutbox outbox = open(OutboxSettings.WhenFull.DROP_NEWEST);
                Forwarder forwarder = forwarder(outbox)) {
            overfill(outbox);
            broker.connect(forwarder, 1, 10);
            await().until(() -> told.contains("meter-1"));
        }
    }

    @Test
    void whatTheAdapterReportedAsLostIsNotToldBackToIt() throws Exception {
        broker.answerFromNowOn(message -> new Outcome.Acknowledged());
        try (SqliteOutbox outbox = open(OutboxSettings.WhenFull.DROP_OLDEST);
                Forwarder forwarder = forwarder(outbox)) {
            broker.connect(forwarder, 1, 10);
            outbox.lost("meter-1", LossReason.SOURCE_GAP, 3, 1, 2);
            broker.awaitMessages(2);
            await().until(() -> outbox.balance().pendingMessages() == 0);
            assertThat(told).isEmpty();
        }
    }
}

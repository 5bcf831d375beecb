package io.sluice.outbox;

import static io.sluice.outbox.Bench.data;
import static io.sluice.outbox.Forwarding.Place.BACKLOG;
import static io.sluice.outbox.Forwarding.Place.HELD;
import static io.sluice.outbox.Forwarding.Place.LIVE;
import static io.sluice.outbox.Forwarding.Place.RETRY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Lanes, credit, settled and heartbeats. */
class ForwarderTest {

    @TempDir
    Path directory;

    private final Bench.Machine machine = new Bench.Machine();
    private SqliteOutbox outbox;

    @BeforeEach
    void open() {
        outbox = SqliteOutbox.open(Bench.settings(directory), machine.host());
    }

    @AfterEach
    void close() {
        outbox.close();
    }

    private static final long HOUR_NANOS = TimeUnit.HOURS.toNanos(1);

    private static final Forwarder.Timing FAST = new Forwarder.Timing(
            TimeUnit.MILLISECONDS.toNanos(40),
            TimeUnit.MILLISECONDS.toNanos(400),
            TimeUnit.MILLISECONDS.toNanos(100),
            TimeUnit.SECONDS.toNanos(2));

    /** What the forwarder's clock is ahead of the machine's. */
    private final AtomicLong aheadNanos = new AtomicLong();

    private Forwarder forwarder(Broker broker, Forwarder.Replay replay, String... devices) {
        return new Forwarder(outbox, broker, replay, OptionalInt.empty(), List.of(devices), FAST, System::nanoTime);
    }

    /** Of whose clock the test decides how long a held stream stands: until {@link #retryIsDue}. */
    private Forwarder forwarderThatRetriesWhenTold(Broker broker) {
        Forwarder.Timing timing =
                new Forwarder.Timing(FAST.settledNanos(), FAST.heartbeatNanos(), HOUR_NANOS, FAST.openingNanos());
        return new Forwarder(
                outbox,
                broker,
                Forwarder.Replay.LIVE_FIRST,
                OptionalInt.empty(),
                List.of(),
                timing,
                () -> System.nanoTime() + aheadNanos.get());
    }

    private void retryIsDue(Forwarder forwarder) {
        forwarder.forwarding().join(); // it has handled the outcomes that came before, and knows since when
        aheadNanos.addAndGet(HOUR_NANOS);
    }

    private void append(String device, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            outbox.append(device, data(device + i));
        }
        outbox.flush().get(10, TimeUnit.SECONDS);
    }

    private void reopen() {
        outbox.close();
        open();
    }

    @Test
    void neverHasMoreWithoutOutcomeThanTheWindow() throws Exception {
        append("meter-1", 50);
        Broker broker = Broker.silent();
        try (Forwarder forwarder = forwarder(broker, Forwarder.Replay.LIVE_FIRST)) {
            broker.connect(forwarder, 1, 8);
            append("meter-1", 50);
            broker.awaitMessages(8);
            forwarder.completed(broker.messages().get(3).position(), new Outcome.Acknowledged());
            broker.awaitMessages(9);
            await().during(Duration.ofMillis(100)).until(() -> broker.messages().size() == 9);
        }
    }

    @Test
    void liveGoesFirstAndTheBacklogKeepsItsOwnOrderAndShare() throws Exception {
        append("meter-1", 400);
        Broker broker = Broker.silent();
        try (Forwarder forwarder = forwarder(broker, Forwarder.Replay.LIVE_FIRST)) {
            broker.connect(forwarder, 1, 20);
            broker.awaitMessages(15);
            append("meter-1", 400);
            broker.awaitMessages(20);
            broker.answerFromNowOn(message -> new Outcome.Acknowledged());
            broker.messages().forEach(m -> forwarder.completed(m.position(), new Outcome.Acknowledged()));
            broker.awaitMessages(801);
            List<Long> live = sequences(broker, Outgoing.Lane.LIVE);
            List<Long> backlog = sequences(broker, Outgoing.Lane.BACKLOG);
            assertThat(live).isSorted().hasSize(400).first().isEqualTo(402L);
            assertThat(backlog).isSorted().hasSize(401).last().isEqualTo(401L);
            int lastLive = broker.sequences("meter-1").indexOf(801L);
            assertThat(broker.sequences("meter-1").subList(0, lastLive).stream().filter(s -> s <= 401))
                    .as("backlog that went while live rows waited")
                    .hasSizeGreaterThan(100);
        }
    }

    private static List<Long> sequences(Broker broker, Outgoing.Lane lane) {
        return broker.messages().stream()
                .filter(message -> message.lane() == lane)
                .map(Outgoing::sequence)
                .toList();
    }

    @Test
    void saysInWhichLaneEverythingIsAndWhatStandsAndWhy() throws Exception {
        append("meter-1", 3);
        Broker broker = Broker.silent();
        try (Forwarder forwarder = forwarderThatRetriesWhenTold(broker)) {
            Forwarding before = forwarder.forwarding().join();
            assertThat(before.connected()).isFalse();
            assertThat(before.waiting()).containsEntry(BACKLOG, 4L);
            broker.connect(forwarder, 1, 2);
            broker.awaitMessages(2);
            append("meter-1", 2);
            Forwarding connected = forwarder.forwarding().join();
            assertThat(connected.connected()).isTrue();
            assertThat(connected.inFlight().values()).hasSize(2).containsOnly(Outgoing.Lane.BACKLOG);
            assertThat(connected.waiting()).containsEntry(BACKLOG, 4L).containsEntry(LIVE, 2L);
            assertThat(places(connected)).containsExactly(BACKLOG, BACKLOG, BACKLOG, BACKLOG, LIVE, LIVE);

            forwarder.completed(broker.messages().getFirst().position(), new Outcome.Held("Quota exceeded (0x97)"));
            Forwarding held = forwarder.forwarding().join();
            assertThat(held.waiting()).containsEntry(HELD, 6L).containsEntry(LIVE, 0L);
            Forwarding.Hold hold = held.streams().getFirst().hold().orElseThrow();
            assertThat(hold.from()).isEqualTo(1);
            assertThat(hold.refused()).isEqualTo(1);
            assertThat(hold.reason()).isEqualTo("Quota exceeded (0x97)");
            assertThat(hold.retryIn()).isLessThanOrEqualTo(Duration.ofNanos(HOUR_NANOS));
            assertThat(places(held)).startsWith(HELD, BACKLOG).endsWith(HELD);

            retryIsDue(forwarder);
            broker.awaitMessages(3);
            forwarder.completed(broker.messages().getLast().position(), new Outcome.Acknowledged());
            await().until(() -> forwarder.forwarding().join().waiting().getOrDefault(RETRY, 0L) == 5);
            assertThat(places(forwarder.forwarding().join())).endsWith(RETRY);
        }
    }

    private List<Forwarding.Place> places(Forwarding forwarding) {
        return outbox.view().waiting(0, 10).stream().map(forwarding::place).toList();
    }

    @Test
    void inOrderGoesStrictlyByPosition() throws Exception {
        append("meter-1", 300);
        Broker broker = Broker.acknowledgingAll();
        try (Forwarder forwarder = forwarder(broker, Forwarder.Replay.IN_ORDER)) {
            broker.connect(forwarder, 1, 10);
            append("press-2", 100);
            append("meter-1", 100);
            broker.awaitMessages(502);
            assertThat(broker.messages())
                    .extracting(Outgoing::position)
                    .isSorted()
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void noRowIsHandedOverTwiceHoweverOftenTheConnectionBreaks() throws Exception {
        append("meter-1", 200);
        Broker broker = Broker.acknowledgingAll();
        try (Forwarder forwarder = forwarder(broker, Forwarder.Replay.LIVE_FIRST)) {
            for (int connection = 1; connection <= 20; connection++) {
                broker.connect(forwarder, connection, 5);
                append("meter-1", 10);
                forwarder.disconnected();
                append("meter-1", 10);
            }
            broker.connect(forwarder, 21, 50);
            broker.awaitMessages(601);
            assertThat(new HashSet<>(broker.sequences("meter-1"))).hasSize(601);
            assertThat(broker.messages()).hasSize(601);
        }
    }

    @Test
    void settledIsTheLowestThatStillWaitsWhateverTheOrderOfAcknowledgements() throws Exception {
        append("meter-1", 30);
        Broker broker = Broker.silent();
        try (Forwarder forwarder = forwarder(broker, Forwarder.Replay.LIVE_FIRST)) {
            broker.connect(forwarder, 1, 10);
            broker.awaitMessages(8);
            List<Outgoing> first = broker.messages();
            Set<Long> waiting = new HashSet<>();
            for (long sequence = 1; sequence <= 31; sequence++) {
                waiting.add(sequence);
            }
            for (int i : new int[] {2, 0, 4, 1, 3}) {
                int before = broker.messages().size();
                forwarder.completed(first.get(i).position(), new Outcome.Acknowledged());
                waiting.remove(first.get(i).sequence());
                broker.awaitMessages(before + 1);
                assertThat(broker.messages().getLast().settled())
                        .isEqualTo(waiting.stream().min(Long::compare).orElseThrow());
            }
        }
    }

    @Test
    void opensEveryKnownDeviceBeforeAnyRowAndOnlyOnTheFirstConnection() throws Exception {
        append("meter-1", 1);
        Broker broker = Broker.acknowledgingAll();
        try (Forwarder forwarder = forwarder(broker, Forwarder.Replay.LIVE_FIRST, "meter-1", "press-2")) {
            broker.connect(forwarder, 1, 10);
            broker.awaitMessages(2);
            assertThat(broker.received().subList(0, 2))
                    .extracting(Outgoing::content)
                    .containsExactlyInAnyOrder(
                            new Outgoing.Heartbeat(2, 1, true, false), new Outgoing.Heartbeat(0, 1, true, false));
            forwarder.disconnected();
            broker.connect(forwarder, 2, 10);
            append("press-2", 1);
            broker.awaitMessages(4);
            append("late-3", 1);
            broker.awaitMessages(6);
            List<Outgoing> openings = openings(broker);
            assertThat(openings).extracting(Outgoing::device).containsExactlyInAnyOrder("meter-1", "press-2", "late-3");
        }
    }

    private static List<Outgoing> openings(Broker broker) {
        return broker.heartbeats().stream()
                .filter(message -> ((Outgoing.Heartbeat) message.content()).opening())
                .toList();
    }

    @Test
    void anOlderEpochIsOpenedOnlyIfItsOwnRunNeverConnected() throws Exception {
        append("meter-1", 1);
        RunEpoch neverConnected = outbox.epoch();
        reopen();
        Broker silent = Broker.silent();
        RunEpoch connected = outbox.epoch();
        try (Forwarder forwarder = forwarder(silent, Forwarder.Replay.LIVE_FIRST)) {
            append("meter-1", 1);
            silent.connect(forwarder, 1, 10);
            silent.awaitMessages(4);
            assertThat(openings(silent))
                    .extracting(Outgoing::epoch)
                    .containsExactlyInAnyOrder(neverConnected, connected);
        }
        reopen();
        Broker broker = Broker.acknowledgingAll();
        try (Forwarder forwarder = forwarder(broker, Forwarder.Replay.LIVE_FIRST, "meter-1")) {
            broker.connect(forwarder, 1, 10);
            broker.awaitMessages(4);
            assertThat(openings(broker)).extracting(Outgoing::epoch).containsOnly(outbox.epoch());
        }
    }

    @Test
    void aHeartbeatFollowsWhenSettledMovedWithNoMessageToCarryIt() throws Exception {
        Broker broker = Broker.acknowledgingAll();
        try (Forwarder forwarder = forwarder(broker, Forwarder.Replay.LIVE_FIRST)) {
            broker.connect(forwarder, 1, 10);
            append("meter-1", 4);
            await().until(() -> broker.heartbeats().stream().anyMatch(message -> message.settled() == 6));
        }
    }

    @Test
    void heartbeatsGoOnWhileNothingHappensAndTheLastOneSaysSo() throws Exception {
        Broker broker = Broker.acknowledgingAll();
        try (Forwarder forwarder = forwarder(broker, Forwarder.Replay.LIVE_FIRST, "meter-1", "press-2")) {
            broker.connect(forwarder, 1, 10);
            append("meter-1", 1);
            await().until(() -> broker.heartbeats().stream()
                            .filter(message -> message.device().equals("meter-1") && message.settled() == 3)
                            .count()
                    >= 3);
            outbox.append("meter-1", data("last"));
        }
        Outgoing last = broker.heartbeats().stream()
                .filter(message -> message.device().equals("meter-1"))
                .toList()
                .getLast();
        assertThat(last.content()).isEqualTo(new Outgoing.Heartbeat(3, 1, false, true));
        assertThat(broker.heartbeats().getLast().content()).isEqualTo(new Outgoing.Heartbeat(0, 1, false, true));
    }

    @Test
    void aHeldMessageStopsItsStreamOnlyAndGoesAgainInTheRetryLane() throws Exception {
        List<Long> refused = new ArrayList<>();
        Broker broker = Broker.answering(message -> {
            if (message.device().equals("meter-1") && message.sequence() == 3 && refused.size() < 2) {
                refused.add(message.sequence());
                return new Outcome.Held("not authorized");
            }
            return new Outcome.Acknowledged();
        });
        try (Forwarder forwarder = forwarderThatRetriesWhenTold(broker)) {
            broker.connect(forwarder, 1, 1);
            append("meter-1", 9);
            append("press-2", 9);
            await().until(() -> broker.sequences("press-2").size() == 10);
            assertThat(broker.sequences("meter-1")).containsExactly(1L, 2L, 3L);
            retryIsDue(forwarder);
            await().until(() -> broker.sequences("meter-1").size() == 4);
            retryIsDue(forwarder);
            await().until(() -> outbox.balance().pendingMessages() == 0);
            List<Long> meter = broker.sequences("meter-1");
            assertThat(meter.subList(0, 3)).containsExactly(1L, 2L, 3L);
            assertThat(meter).containsSubsequence(3L, 3L, 3L, 4L, 5L, 6L, 7L, 8L, 9L, 10L);
            assertThat(meter).hasSize(12);
            assertThat(sequences(broker, Outgoing.Lane.RETRY)).contains(3L, 4L, 10L);
        }
    }

    @Test
    void aMessageThatEndsConnectionsIsSetAsideOnlyWhenALaterOneOfItsStreamWentThrough() throws Exception {
        List<String> answers = Collections.synchronizedList(new ArrayList<>());
        Broker broker = Broker.answering(message -> {
            boolean poison = message.sequence() == 3;
            answers.add(message.sequence() + (poison ? " ends" : " accepted"));
            return poison ? new Outcome.Suspected("ends the connection") : new Outcome.Acknowledged();
        });
        try (Forwarder forwarder = forwarderThatRetriesWhenTold(broker)) {
            broker.connect(forwarder, 1, 1);
            append("meter-1", 6);
            await().until(() -> answers.contains("4 accepted"));
            retryIsDue(forwarder);
            await().until(() -> outbox.balance().pendingMessages() == 0);
            assertThat(answers)
                    .as("one witness, then the culprit again, then the rest")
                    .containsSubsequence("3 ends", "4 accepted", "3 ends", "5 accepted", "6 accepted", "7 accepted");
            assertThat(answers).filteredOn(answer -> answer.startsWith("3")).hasSize(2);
            assertThat(outbox.balance().lostMessages()).containsExactly(Map.entry(LossReason.REJECTED, 1L));
        }
    }

    @Test
    void aMessageThatEndsConnectionsStaysWhileNoLaterOneWentThrough() throws Exception {
        Broker broker = Broker.answering(message ->
                message.sequence() >= 3 ? new Outcome.Suspected("ends the connection") : new Outcome.Acknowledged());
        try (Forwarder forwarder = forwarder(broker, Forwarder.Replay.LIVE_FIRST)) {
            broker.connect(forwarder, 1, 1);
            append("meter-1", 6);
            await().until(() ->
                    broker.sequences("meter-1").stream().filter(n -> n == 3).count() >= 3);
            assertThat(outbox.balance().lostMessages()).isEmpty();
            broker.answerFromNowOn(message -> new Outcome.Acknowledged());
            await().until(() -> outbox.balance().pendingMessages() == 0);
            assertThat(outbox.balance().lostMessages()).isEmpty();
        }
    }

    @Test
    void whatAHeldStreamPassedOverInBothLanesGoesExactlyOnceWhenItGoesOn() throws Exception {
        append("meter-1", 100);
        append("press-2", 100);
        List<Long> refused = new ArrayList<>();
        Broker broker = Broker.answering(message -> {
            if (message.device().equals("meter-1") && message.sequence() > 0 && refused.size() < 30) {
                refused.add(message.sequence());
                return new Outcome.Held("quota");
            }
            return new Outcome.Acknowledged();
        });
        try (Forwarder forwarder = forwarder(broker, Forwarder.Replay.LIVE_FIRST)) {
            broker.connect(forwarder, 1, 7);
            append("meter-1", 100);
            append("press-2", 100);
            broker.answerFromNowOn(message -> new Outcome.Acknowledged());
            await().until(() -> outbox.balance().pendingMessages() == 0);
            assertThat(new HashSet<>(broker.sequences("meter-1"))).hasSize(201);
            assertThat(broker.sequences("meter-1")).hasSize(201 + refused.size());
            assertThat(broker.sequences("press-2")).hasSize(201);
        }
    }

    @Test
    void theReplayRateLimitsTheBacklogAndNotTheLiveRows() throws Exception {
        append("meter-1", 200);
        Broker broker = Broker.acknowledgingAll();
        try (Forwarder forwarder = new Forwarder(
                outbox, broker, Forwarder.Replay.LIVE_FIRST, OptionalInt.of(100), List.of(), FAST, System::nanoTime)) {
            long begin = System.nanoTime();
            broker.connect(forwarder, 1, 50);
            append("press-2", 200);
            await().until(() -> sequences(broker, Outgoing.Lane.LIVE).size() == 201);
            int replayed = sequences(broker, Outgoing.Lane.BACKLOG).size();
            double seconds = (System.nanoTime() - begin) / 1e9; // read later: what went meanwhile is not counted
            assertThat(replayed).isLessThanOrEqualTo((int) (100 * seconds) + 12);
            await().until(() -> sequences(broker, Outgoing.Lane.BACKLOG).size() > 30);
        }
    }

    @Test
    void aRowWithoutAnOutcomeStaysForTheNextProcess() throws Exception {
        append("meter-1", 3);
        Broker closed = Broker.answering(message -> new Outcome.Unknown());
        try (Forwarder forwarder = forwarder(closed, Forwarder.Replay.LIVE_FIRST)) {
            closed.connect(forwarder, 1, 10);
            closed.awaitMessages(4);
            await().during(Duration.ofMillis(100)).until(() -> closed.messages().size() == 4);
        }
        reopen();
        Broker broker = Broker.acknowledgingAll();
        try (Forwarder forwarder = forwarder(broker, Forwarder.Replay.LIVE_FIRST)) {
            broker.connect(forwarder, 1, 10);
            broker.awaitMessages(4);
            assertThat(broker.messages().subList(0, 4))
                    .extracting(Outgoing::sequence)
                    .containsExactly(1L, 2L, 3L, 4L);
        }
    }
}

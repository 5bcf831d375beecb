package io.sluice.benchmarks.outbox;

import io.sluice.benchmarks.Benchmark;
import io.sluice.benchmarks.Figure;
import io.sluice.benchmarks.Plan;
import io.sluice.benchmarks.Rounds;
import io.sluice.outbox.Entry;
import io.sluice.outbox.Forwarder;
import io.sluice.outbox.OutboxSettings;
import io.sluice.outbox.Outcome;
import io.sluice.outbox.SqliteOutbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** An outbox with ten million messages (one million with {@code --short}) beside an empty one. Takes some 600 MB of disk. */
public final class LargeOutboxBenchmark implements Benchmark {

    private static final int BODY_BYTES = 16;
    private static final int DEVICES = 20;
    private static final double NANOS = 1e9;

    @Override
    public String summary() {
        return "opening, appending to and acknowledging in an outbox of ten million messages against an empty one";
    }

    @Override
    public List<Figure> run(Plan plan) throws Exception {
        Rounds rounds = new Rounds();
        Path full = Files.createTempDirectory("sluice-large");
        try {
            fill(full, plan.brief() ? 1_000_000 : 10_000_000);
            int messages = plan.brief() ? 20_000 : 100_000;
            for (int round = -1; round < plan.rounds(); round++) {
                Rounds into = round < 0 ? new Rounds() : rounds; // the first warms up
                Path empty = Files.createTempDirectory("sluice-empty");
                measure(into, "empty", empty, messages);
                measure(into, "large", full, messages);
                Rig.delete(empty);
            }
        } finally {
            Rig.delete(full);
        }
        rounds.write(plan.results().resolve("outbox-large.csv"));
        return List.of(
                Figure.of("outbox-large-open", "s", rounds.median("open", "large"), "one second", 1, "1", "1"),
                figure(rounds, "append", "messages/s"),
                figure(rounds, "acknowledge", "messages/s"));
    }

    private static Figure figure(Rounds rounds, String name, String unit) {
        return Figure.of(
                "outbox-large-" + name,
                unit,
                rounds.median(name, "large"),
                "an empty one",
                rounds.median(name, "empty"),
                "1",
                "1");
    }

    private static SqliteOutbox open(Path directory) {
        return SqliteOutbox.open(new OutboxSettings(
                directory,
                16L << 30,
                Optional.empty(),
                0,
                Duration.ZERO,
                OutboxSettings.WhenFull.DROP_OLDEST,
                Rig.HAND_OFF_BYTES));
    }

    private static void fill(Path directory, int messages) throws InterruptedException {
        try (SqliteOutbox outbox = open(directory)) {
            append(outbox, messages);
        }
    }

    private static void append(SqliteOutbox outbox, int messages) throws InterruptedException {
        byte[] body = new byte[BODY_BYTES];
        for (int i = 0; i < messages; i++) {
            outbox.append("meter-" + i % DEVICES, new Entry.Data(body, 1, 1_700_000_000_000_000_000L + i));
        }
    }

    private static void measure(Rounds rounds, String contender, Path directory, int messages)
            throws IOException, InterruptedException {
        long begin = System.nanoTime();
        try (SqliteOutbox outbox = open(directory)) {
            rounds.add("open", contender, (System.nanoTime() - begin) / NANOS);
            long stored = outbox.balance().storedMessages();
            begin = System.nanoTime();
            append(outbox, messages);
            await(() -> outbox.balance().storedMessages() >= stored + messages);
            rounds.add("append", contender, messages * NANOS / (System.nanoTime() - begin));
        }
        try (SqliteOutbox outbox = open(directory)) { // again: neither finds in memory what it sends
            acknowledge(rounds, contender, outbox, messages);
        }
    }

    /** As many from the oldest on, as a broker that answers at once would. */
    private static void acknowledge(Rounds rounds, String contender, SqliteOutbox outbox, int messages) {
        AtomicLong left = new AtomicLong(messages);
        Forwarder[] forwarder = new Forwarder[1];
        forwarder[0] = new Forwarder(
                outbox,
                message -> {
                    if (message.position() > 0 && left.getAndDecrement() > 0) {
                        forwarder[0].completed(message.position(), new Outcome.Acknowledged());
                    }
                },
                Forwarder.Replay.IN_ORDER,
                OptionalInt.empty(),
                List.of());
        long begin = System.nanoTime();
        forwarder[0].connected(1, Rig.WINDOW);
        await(() -> left.get() <= 0);
        outbox.flush().join(); // what came last would wait for others
        rounds.add("acknowledge", contender, messages * NANOS / (System.nanoTime() - begin));
        forwarder[0].close();
    }

    private interface Condition {
        boolean holds();
    }

    private static void await(Condition condition) {
        while (!condition.holds()) {
            LockSupport.parkNanos(100_000);
        }
    }
}

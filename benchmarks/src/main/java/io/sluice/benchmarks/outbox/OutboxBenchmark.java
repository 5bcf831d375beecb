package io.sluice.benchmarks.outbox;

import io.sluice.benchmarks.Benchmark;
import io.sluice.benchmarks.Figure;
import io.sluice.benchmarks.Plan;
import io.sluice.benchmarks.Rounds;
import io.sluice.outbox.Outgoing;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** What durability costs: commits, rows, bytes on the medium, publishing, draining a backlog. */
public final class OutboxBenchmark implements Benchmark {

    private static final String OURS = "sluice";
    private static final String PYTHON = "python-sqlite3";
    private static final String RAW = "raw-publisher";
    private static final String FDATASYNC = "fdatasync";
    private static final int BODY_BYTES = 256;
    private static final int ROW_BYTES = BODY_BYTES + 48;
    private static final int BATCH_READINGS = 100;
    /** What {@code codec} measures for a reading in a batch of 100. */
    private static final int BATCH_BYTES = 880;

    private static final int DEVICES = 20;
    private static final int LIVE_PER_SECOND = 200;
    private static final double NANOS = 1e9;

    @Override
    public String summary() {
        return "commits, bytes on the medium, publishing and draining against raw writing and raw publishing";
    }

    @Override
    public List<Figure> run(Plan plan) throws Exception {
        Rounds rounds = new Rounds();
        double seconds = plan.brief() ? 1 : 4;
        try (Mosquitto broker = new Mosquitto()) {
            warmUp(plan, broker);
            for (int round = 0; round < plan.rounds(); round++) {
                commits(rounds, seconds);
                publishing(rounds, broker, plan.brief() ? 20_000 : 100_000);
                draining(rounds, broker, plan.brief() ? 6_000 : 60_000);
                intervals(rounds, seconds, plan.brief());
            }
        }
        rounds.write(plan.results().resolve("outbox.csv"));
        return figures(rounds);
    }

    private static void warmUp(Plan plan, Mosquitto broker) throws Exception {
        System.err.println("warming up; these values are not used");
        Rounds unused = new Rounds();
        long begin = System.nanoTime();
        do {
            commits(unused, 1);
            publishing(unused, broker, 10_000);
        } while (System.nanoTime() - begin < plan.warmUp().toNanos());
        System.err.println("measuring");
    }

    // ---- commits

    private static void commits(Rounds rounds, double seconds) throws Exception {
        rounds.add("commits", FDATASYNC, Disk.fdatasyncsPerSecond(seconds));
        rounds.add("commits", PYTHON, Disk.pythonRowsPerSecond(1, seconds));
        rounds.add("commits", OURS, appendsPerSecond(1, seconds));
        rounds.add("rows", PYTHON, Disk.pythonRowsPerSecond(100, seconds));
        rounds.add("rows", OURS, appendsPerSecond(100, seconds));
    }

    /** The hand-off holds that many rows, and the same again while they are committed: so large are the groups. */
    private static double appendsPerSecond(int group, double seconds) throws Exception {
        byte[] body = new byte[BODY_BYTES];
        long handOffBytes = group == 1 ? 1 : 2L * group * ROW_BYTES;
        try (Rig rig = new Rig(Duration.ZERO, handOffBytes, Rig.Sink.NOWHERE)) {
            long begin = System.nanoTime();
            while (System.nanoTime() - begin < seconds * NANOS) {
                for (int i = 0; i < group; i++) {
                    rig.append("meter-1", body, 1);
                }
            }
            return rig.stored() * NANOS / (System.nanoTime() - begin);
        }
    }

    // ---- publishing

    private static void publishing(Rounds rounds, Mosquitto broker, int messages) throws Exception {
        byte[] body = new byte[BODY_BYTES];
        rounds.add("publish", RAW, broker.rawPerSecond(messages, body));
        AtomicLong outcomes = new AtomicLong();
        Rig.Sink counting = (message, outcome) -> broker.publish(message, result -> {
            outcome.accept(result);
            outcomes.incrementAndGet();
        });
        try (Rig rig = new Rig(Duration.ZERO, Rig.HAND_OFF_BYTES, counting)) {
            rig.connect();
            long begin = System.nanoTime();
            for (int i = 0; i < messages; i++) {
                rig.append("meter-" + i % DEVICES, body, 1);
            }
            while (outcomes.get() < messages) {
                LockSupport.parkNanos(100_000);
            }
            rounds.add("publish", OURS, messages * NANOS / (System.nanoTime() - begin));
        }
    }

    // ---- a backlog

    private static void draining(Rounds rounds, Mosquitto broker, int backlog) throws Exception {
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        AtomicLong drained = new AtomicLong();
        AtomicLong first = new AtomicLong();
        Rig.Sink sink = (message, outcome) -> {
            if (message.lane() == Outgoing.Lane.BACKLOG) {
                first.compareAndSet(0, System.nanoTime());
            }
            broker.publish(message, result -> {
                outcome.accept(result);
                if (message.lane() == Outgoing.Lane.BACKLOG) {
                    drained.incrementAndGet();
                } else if (message.content() instanceof Outgoing.Body body) {
                    latencies.add(
                            System.nanoTime() - ByteBuffer.wrap(body.bytes()).getLong());
                }
            });
        };
        try (Rig rig = new Rig(Duration.ZERO, Rig.HAND_OFF_BYTES, sink)) {
            byte[] body = new byte[BODY_BYTES];
            fill(rig, backlog, body);
            AtomicBoolean stop = new AtomicBoolean();
            Thread live = Thread.ofPlatform().name("live").start(() -> live(rig, stop));
            long begin = System.nanoTime();
            rig.connect();
            while (drained.get() < backlog) {
                LockSupport.parkNanos(100_000);
            }
            rounds.add("drain", OURS, backlog * NANOS / (System.nanoTime() - begin));
            rounds.add("first-backlog", OURS, (first.get() - begin) / NANOS);
            rounds.add("live-p99", "draining", percentile(latencies, 0.99));
            latencies.clear();
            Thread.sleep(2_000); // for as many live messages without a backlog
            stop.set(true);
            live.join();
            rounds.add("live-p99", "no-backlog", percentile(latencies, 0.99));
            rounds.add("drain", RAW, broker.rawPerSecond(backlog, body));
        }
    }

    private static void fill(Rig rig, int backlog, byte[] body) throws InterruptedException {
        for (int i = 0; i < backlog; i++) {
            rig.append("meter-" + i % DEVICES, body, 1);
        }
        while (rig.pending() < backlog + DEVICES) {
            LockSupport.parkNanos(100_000);
        }
    }

    /** Small messages at a steady rate that carry the time of their append. */
    private static void live(Rig rig, AtomicBoolean stop) {
        try {
            long due = System.nanoTime();
            for (int i = 0; !stop.get(); i++) {
                byte[] body = new byte[BODY_BYTES];
                ByteBuffer.wrap(body).putLong(System.nanoTime());
                rig.append("live-" + i % DEVICES, body, 1);
                due += 1_000_000_000L / LIVE_PER_SECOND;
                LockSupport.parkNanos(due - System.nanoTime());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static double percentile(Iterable<Long> nanos, double share) {
        List<Long> sorted = new ArrayList<>();
        nanos.forEach(sorted::add);
        sorted.sort(null);
        return sorted.isEmpty() ? Double.NaN : sorted.get((int) (share * (sorted.size() - 1))) / 1e6;
    }

    // ---- the flush interval

    private static void intervals(Rounds rounds, double seconds, boolean brief) throws Exception {
        for (int millis : brief ? new int[] {0, 100} : new int[] {0, 10, 100, 1_000}) {
            interval(rounds, millis, Math.max(seconds, millis * 4 / 1_000.0));
        }
    }

    /** Batches of 100 readings, 200 a second from 20 devices, acknowledged at once. */
    private static void interval(Rounds rounds, int millis, double seconds) throws Exception {
        ConcurrentLinkedQueue<Long> latencies = new ConcurrentLinkedQueue<>();
        Rig.Sink sink = (message, outcome) -> {
            if (message.content() instanceof Outgoing.Body body) {
                latencies.add(System.nanoTime() - ByteBuffer.wrap(body.bytes()).getLong());
            }
            outcome.accept(new io.sluice.outbox.Outcome.Acknowledged());
        };
        String contender = millis + "ms";
        long written = Disk.writtenBytes();
        int messages = (int) (seconds * LIVE_PER_SECOND);
        try (Rig rig = new Rig(Duration.ofMillis(millis), Rig.HAND_OFF_BYTES, sink)) {
            rig.connect();
            long commits = rig.commits();
            long begin = System.nanoTime();
            for (int i = 0; i < messages; i++) {
                byte[] body = new byte[BATCH_BYTES];
                ByteBuffer.wrap(body).putLong(System.nanoTime());
                rig.append("meter-" + i % DEVICES, body, BATCH_READINGS);
                LockSupport.parkNanos(begin + (i + 1) * 1_000_000_000L / LIVE_PER_SECOND - System.nanoTime());
            }
            double elapsed = (System.nanoTime() - begin) / NANOS;
            long made = rig.commits() - commits;
            rounds.add("commits-per-second", contender, made / elapsed);
            if (millis > 0) {
                rounds.add("commits-per-interval", contender, made / (elapsed * 1_000 / millis));
            }
        }
        // What closing writes belongs to it: pages that wait in the log for the database file.
        rounds.add("medium-bytes", contender, (double) (Disk.writtenBytes() - written) / messages / BATCH_READINGS);
        rounds.add("interval-p50", contender, percentile(latencies, 0.5));
        rounds.add("interval-p99", contender, percentile(latencies, 0.99));
    }

    // ---- figures

    private static List<Figure> figures(Rounds rounds) {
        List<Figure> figures = new ArrayList<>();
        figures.add(against(rounds, "publish", "messages/s", RAW, "0.5", "0.85"));
        figures.add(against(rounds, "commits", "commits/s", FDATASYNC, "0.6", "0.75"));
        figures.add(against(rounds, "commits", "commits/s", PYTHON, "0.6", "0.75"));
        figures.add(against(rounds, "rows", "rows/s", PYTHON, "0.5", "0.8"));
        figures.add(of(rounds, "commits-per-interval", "100ms", "commits", 1, "the interval", "1", "1"));
        double encoded = (double) BATCH_BYTES / BATCH_READINGS;
        figures.add(of(rounds, "medium-bytes", "100ms", "B/reading", encoded, "encoded size", "6", "4"));
        if (rounds.has("medium-bytes", "1000ms")) {
            figures.add(of(rounds, "medium-bytes", "1000ms", "B/reading", encoded, "encoded size", "3", "2.5"));
        }
        figures.add(against(rounds, "drain", "messages/s", RAW, "0.2", "0.5"));
        figures.add(Figure.of(
                "outbox-live-p99-draining",
                "ms",
                rounds.median("live-p99", "draining"),
                "no backlog",
                rounds.median("live-p99", "no-backlog"),
                "5",
                "2"));
        figures.add(of(rounds, "first-backlog", OURS, "s", 1, "one second", "0.5", "0.1"));
        return figures;
    }

    private static Figure against(Rounds rounds, String name, String unit, String peer, String must, String aim) {
        return Figure.of("outbox-" + name, unit, rounds.median(name, OURS), peer, rounds.median(name, peer), must, aim);
    }

    private static Figure of(
            Rounds rounds,
            String name,
            String contender,
            String unit,
            double base,
            String peer,
            String must,
            String aim) {
        return Figure.of(
                "outbox-" + name + "-" + contender, unit, rounds.median(name, contender), peer, base, must, aim);
    }
}

package io.sluice.adapter.opcua;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Many counters, and every kind of interruption one after the other. It takes a minute and is run by name: {@code mvn test -pl
 * adapters/opcua -am -Dtest=GapFaults -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class GapFaults {

    private static final int COUNTERS = 1_000;
    private static final int WITH_HISTORY = 900;
    private static final Duration BLACK_HOLE = Duration.ofSeconds(15);

    private static final Timings TIMINGS = new Timings(
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(3),
            Duration.ofSeconds(3),
            Duration.ofSeconds(45),
            Duration.ofSeconds(30),
            Duration.ofMillis(100),
            Duration.ofSeconds(1),
            Duration.ofSeconds(2));

    @TempDir
    Path state;

    private final History history = new History();
    private final AtomicReference<@Nullable MiloServer> running = new AtomicReference<>();
    private volatile long last;

    /** The historian follows the plant also while the server does not run. */
    private synchronized void count() {
        long value = last + 1;
        DateTime now = DateTime.now();
        DataValue data = new DataValue(Variant.ofInt64(value), StatusCode.GOOD, now);
        @Nullable MiloServer server = running.get();
        for (int i = 0; i < COUNTERS; i++) {
            if (i < WITH_HISTORY) {
                history.keep("C" + i, data);
            }
            if (server != null) {
                server.count("C" + i, data);
            }
        }
        last = value;
    }

    private MiloServer start(int port) throws Exception {
        MiloServer server = MiloServer.start(port);
        for (int i = 0; i < COUNTERS; i++) {
            server.addCounter("C" + i, i < WITH_HISTORY ? history : null);
        }
        return server;
    }

    private static OpcUaPlan.Item counter(int i) {
        return ItemBuilder.node("C" + i)
                .sampling(Duration.ofMillis(20))
                .queue(600)
                .item();
    }

    @Test
    void everyValueComesOnceThroughABlackHoleACutAndARestartOrTheLossIsNamed() throws Exception {
        Counting sink = new Counting();
        int port = MiloServer.freePort();
        running.set(start(port));
        OpcUaPlan.Item[] items = new OpcUaPlan.Item[COUNTERS];
        Arrays.setAll(items, GapFaults::counter);
        try (TcpProxy proxy = new TcpProxy(port);
                ScheduledExecutorService plant = Executors.newSingleThreadScheduledExecutor();
                Bench bench = new Bench(Bench.plan(proxy.endpoint(), items), state, TIMINGS, sink)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> sink.tagsSeen() == COUNTERS);
            var _ = plant.scheduleAtFixedRate(this::count, 0, 100, MILLISECONDS);
            await().until(() -> sink.newest(0) > 10);

            proxy.darken();
            long dark = last;
            await().atMost(BLACK_HOLE.multipliedBy(2)).until(() -> last >= dark + BLACK_HOLE.toMillis() / 100);
            proxy.lighten();
            caughtUp(sink);
            assertThat(sink.losses).isEmpty();
            assertThat(sink.history).isZero();

            proxy.cut();
            long cut = last;
            await().until(() -> last > cut + 20);
            caughtUp(sink);
            assertThat(sink.losses).isEmpty();

            long down = last;
            takeDown().close();
            await().until(() -> last > down + 20);
            running.set(start(port));
            long up = last;
            caughtUp(sink);
            await().atMost(Duration.ofSeconds(20)).until(() -> sink.losses.size() == 1);
            plant.shutdownNow();
            plant.awaitTermination(1, java.util.concurrent.TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(20)).until(() -> sink.complete(WITH_HISTORY, last));

            for (int i = 0; i < WITH_HISTORY; i++) {
                assertThat(sink.inOrder(i)).as("counter %d", i).isEqualTo(numbersTo(last));
                assertThat(sink.liveIsInOrder(i)).isTrue();
            }
            for (int i = WITH_HISTORY; i < COUNTERS; i++) {
                List<Long> came = sink.inOrder(i);
                assertThat(came).as("counter %d", i).doesNotHaveDuplicates();
                assertThat(numbersTo(last).stream().filter(value -> !came.contains(value)))
                        .allMatch(value -> value >= down - 5 && value <= up + 100);
            }
            assertThat(sink.losses.getFirst().reason()).isEqualTo(LossReason.SOURCE_GAP);
            assertThat(sink.losses.getFirst().lastNanos()
                            - sink.losses.getFirst().firstNanos())
                    .isBetween(2_000_000_000L, 15_000_000_000L);
            assertThat(Objects.requireNonNull(running.get()).sessions()).isEqualTo(1);
            assertThat(bench.bugs).isEmpty();
        } finally {
            @Nullable MiloServer left = running.getAndSet(null);
            if (left != null) {
                left.close();
            }
        }
    }

    /** No count is under way any more. */
    private synchronized MiloServer takeDown() {
        return Objects.requireNonNull(running.getAndSet(null));
    }

    private void caughtUp(Counting sink) {
        long target = last;
        await().atMost(Duration.ofSeconds(45))
                .until(() -> sink.newest(0) > target && sink.newest(COUNTERS - 1) > target);
    }

    private static List<Long> numbersTo(long last) {
        return LongStream.rangeClosed(1, last).boxed().toList();
    }

    /** Keeps numbers only. The first value of a counter, before it counts, is left out. */
    private static final class Counting implements DeviceSink {

        private final List<List<Long>> live = new ArrayList<>();
        private final List<List<Long>> backfilled = new ArrayList<>();
        private final long[] newest = new long[COUNTERS];
        private final boolean[] seen = new boolean[COUNTERS];
        private final List<RecordingSink.Loss> losses = new CopyOnWriteArrayList<>();
        private volatile int tagsSeen;
        private volatile int history;

        Counting() {
            for (int i = 0; i < COUNTERS; i++) {
                live.add(new ArrayList<>());
                backfilled.add(new ArrayList<>());
            }
        }

        @Override
        public synchronized void accept(Sample sample) {
            if (!seen[sample.tag()]) {
                seen[sample.tag()] = true;
                tagsSeen++;
            }
            if (sample.value() instanceof Value.Signed number && number.value() > 0) {
                live.get(sample.tag()).add(number.value());
                newest[sample.tag()] = number.value();
            }
        }

        @Override
        public synchronized void acceptHistory(Sample sample) {
            history++;
            backfilled.get(sample.tag()).add(((Value.Signed) Objects.requireNonNull(sample.value())).value());
        }

        int tagsSeen() {
            return tagsSeen;
        }

        synchronized long newest(int tag) {
            return newest[tag];
        }

        synchronized List<Long> inOrder(int tag) {
            List<Long> all = new ArrayList<>(live.get(tag));
            all.addAll(backfilled.get(tag));
            all.sort(null);
            return all;
        }

        synchronized boolean liveIsInOrder(int tag) {
            List<Long> sorted = new ArrayList<>(live.get(tag));
            sorted.sort(null);
            return sorted.equals(live.get(tag));
        }

        synchronized boolean complete(int tags, long last) {
            for (int tag = 0; tag < tags; tag++) {
                if (newest[tag] < last
                        || live.get(tag).size() + backfilled.get(tag).size() < last) {
                    return false;
                }
            }
            return true;
        }

        @Override
        public void describe(int tag, TagMeaning meaning) {}

        @Override
        public void flush() {}

        @Override
        public void online() {}

        @Override
        public void connecting() {}

        @Override
        public void offline(Status status, String error) {}

        @Override
        public void lost(LossReason reason, long readings, long firstNanos, long lastNanos) {
            losses.add(new RecordingSink.Loss(reason, readings, firstNanos, lastNanos));
        }
    }
}

package io.sluice.adapter;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SampleQueueTest {

    private static final int CAPACITY = 1_000;

    private final GatedSink sink = new GatedSink();
    private final SampleQueue queue = new SampleQueue("test-queue", CAPACITY, sink, context(sink));

    private static AdapterContext context(DeviceSink sink) {
        return new AdapterContext(
                device -> sink, () -> 7, Path.of("."), new SplittableRandom(1), (thread, bug) -> bug.printStackTrace());
    }

    @AfterEach
    void close() {
        sink.gate.countDown();
        queue.close();
    }

    private static List<Sample> samples(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(i -> new Sample(i, new Value.Signed(i), Status.GOOD, i))
                .toList();
    }

    private static List<Integer> tags(int from, int to) {
        return IntStream.range(from, to).boxed().toList();
    }

    @Test
    void cutsALongListIntoBatchesOfAHundred() throws Exception {
        sink.gate.countDown();
        queue.offerPatiently(samples(0, 250));
        assertThat(sink.batch()).isEqualTo(tags(0, 100));
        assertThat(sink.batch()).isEqualTo(tags(100, 200));
        assertThat(sink.batch()).isEqualTo(tags(200, 250));
    }

    @Test
    void tellsOfAListAsAWholeBeforeItsFirstSample() throws Exception {
        sink.gate.countDown();
        queue.offerPatiently(samples(0, 250));
        assertThat(sink.batch()).isEqualTo(tags(0, 100));
        assertThat(sink.coming).containsExactly(250);
        queue.offer(samples(250, 251).getFirst());
        assertThat(sink.batch()).isEqualTo(tags(100, 200));
        assertThat(sink.coming).containsExactly(250);
    }

    @Test
    void putsWhatComesAtOnceIntoOneBatch() throws Exception {
        queue.offer(samples(0, 1).getFirst());
        queue.offerPatiently(List.of());
        queue.offerPatiently(samples(1, 31));
        queue.offer(samples(31, 32).getFirst());
        sink.gate.countDown();
        List<Integer> got = new ArrayList<>();
        while (got.size() < 32) {
            got.addAll(sink.batch());
        }
        assertThat(got).isEqualTo(tags(0, 32));
    }

    @Test
    void waitsForRoomWithAListThatDoesNotFit() throws Exception {
        queue.offerPatiently(samples(0, CAPACITY - 50));
        Thread offering = Thread.ofPlatform().start(() -> {
            try {
                queue.offerPatiently(samples(CAPACITY - 50, 2 * CAPACITY));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        assertThat(offering.join(Duration.ofMillis(20))).as("has room for all").isFalse();
        sink.gate.countDown();
        List<Integer> got = new ArrayList<>();
        while (got.size() < 2 * CAPACITY) {
            got.addAll(sink.batch());
        }
        assertThat(got).isEqualTo(tags(0, 2 * CAPACITY));
        assertThat(sink.lost).isEmpty();
    }

    @Test
    void countsAsLostWhatDoesNotFit() throws Exception {
        queue.offerPatiently(samples(0, CAPACITY));
        samples(0, 3).forEach(queue::offer);
        sink.gate.countDown();
        assertThat(sink.lost.poll(10, TimeUnit.SECONDS)).isEqualTo(3);
    }

    @Test
    void waitsForRoomForSoLongInAllAndNotForEachHundred() throws Exception {
        GatedSink slow = new GatedSink();
        slow.gate.countDown();
        slow.flushNanos = TimeUnit.MILLISECONDS.toNanos(30);
        try (SampleQueue impatient = new SampleQueue("slow", CAPACITY, slow, context(slow), Duration.ofMillis(50))) {
            impatient.offerPatiently(samples(0, CAPACITY));
            impatient.offerPatiently(samples(0, 20 * CAPACITY));
            assertThat(slow.lost.poll(10, TimeUnit.SECONDS)).isPositive();
        }
    }

    /** Takes nothing before its gate is open; tells the tags of each batch. */
    private static final class GatedSink implements DeviceSink {
        private final CountDownLatch gate = new CountDownLatch(1);
        private final BlockingQueue<List<Integer>> batches = new LinkedBlockingQueue<>();
        private final BlockingQueue<Long> lost = new LinkedBlockingQueue<>();
        private final List<Integer> coming = new CopyOnWriteArrayList<>();
        private List<Integer> open = new ArrayList<>();
        private volatile long flushNanos;

        private List<Integer> batch() throws InterruptedException {
            List<Integer> batch = batches.poll(10, TimeUnit.SECONDS);
            assertThat(batch).as("a batch within 10 s").isNotNull();
            return batch;
        }

        @Override
        public void coming(List<Sample> samples) throws InterruptedException {
            gate.await();
            coming.add(samples.size());
        }

        @Override
        public void accept(Sample sample) throws InterruptedException {
            gate.await();
            open.add(sample.tag());
        }

        @Override
        public void flush() {
            LockSupport.parkNanos(flushNanos); // a sink that waits for a disk
            if (!open.isEmpty()) {
                batches.add(open);
                open = new ArrayList<>();
            }
        }

        @Override
        public void lost(LossReason reason, long readings, long firstNanos, long lastNanos) {
            lost.add(readings);
        }

        @Override
        public void describe(int tag, TagMeaning meaning) {}

        @Override
        public void acceptHistory(Sample sample) {}

        @Override
        public void online() {}

        @Override
        public void connecting() {}

        @Override
        public void offline(Status status, String error) {}
    }
}

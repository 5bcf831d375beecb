package io.sluice.adapter;

import io.sluice.telemetry.Message.LossReason;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Stands between a library's callback, which must never wait, and the thread that runs a device's sink. Bounded: what does
 * not fit is dropped, counted and reported to the sink as lost. Closes a batch 20 ms after its first sample or when it
 * has 100 samples, whichever is first; samples that came together may make it up to twice as large.
 */
public final class SampleQueue implements AutoCloseable {

    /** Work for the sink's thread that must keep its place among the samples, such as a change of state. */
    @FunctionalInterface
    public interface SinkAction {
        void run(DeviceSink sink) throws InterruptedException;
    }

    /** Samples that came in one piece. */
    private record Together(List<Sample> samples) {}

    private static final long BATCH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int BATCH_SAMPLES = 100;
    /** Well under the time after which a library takes a callback that waits for a source that is silent. */
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Samples one by one or together, and actions; as many as {@link #room} lets in. */
    private final BlockingQueue<Object> queue = new LinkedBlockingQueue<>();

    private final Semaphore room;
    private final DeviceSink sink;
    private final AdapterContext context;
    private final long patienceNanos;
    private final AtomicLong dropped = new AtomicLong();
    private final AtomicLong firstDrop = new AtomicLong();
    private final Thread thread;
    private volatile boolean closed;
    private volatile boolean stuck;

    /**
     * @param threadName the role: {@code opcua-<device>} or {@code gpio-<chip>}
     * @param capacity in samples
     */
    public SampleQueue(String threadName, int capacity, DeviceSink sink, AdapterContext context) {
        this(threadName, capacity, sink, context, PATIENCE);
    }

    SampleQueue(String threadName, int capacity, DeviceSink sink, AdapterContext context, Duration patience) {
        this.patienceNanos = patience.toNanos();
        this.room = new Semaphore(capacity);
        this.sink = sink;
        this.context = context;
        this.thread = Thread.ofPlatform().name(threadName).daemon().start(this::run);
    }

    /** Any thread; never waits. */
    public void offer(Sample sample) {
        if (room.tryAcquire()) {
            queue.add(sample);
        } else {
            drop(1);
        }
    }

    /**
     * For a library that holds its source back while a callback waits: waits for room, for 2 s in all. Once that was in vain it
     * drops at once, until there is room again.
     *
     * @param samples in their order; not to be changed any more
     */
    public void offerPatiently(List<Sample> samples) throws InterruptedException {
        if (samples.isEmpty()) {
            return;
        }
        // In one piece, since to wake the sink's thread costs more than what is done with a hundred samples.
        if (room.tryAcquire(samples.size())) {
            stuck = false;
            queue.add(new Together(samples));
            return;
        }
        long deadline = System.nanoTime() + (stuck ? 0 : patienceNanos);
        for (int from = 0; from < samples.size(); from += BATCH_SAMPLES) {
            offerPart(samples.subList(from, Math.min(samples.size(), from + BATCH_SAMPLES)), deadline);
        }
    }

    private void offerPart(List<Sample> part, long deadline) throws InterruptedException {
        int size = part.size();
        boolean taken = room.tryAcquire(size, deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
        stuck = !taken;
        if (taken) {
            queue.add(new Together(part));
        } else {
            drop(size);
        }
    }

    private void drop(int samples) {
        firstDrop.compareAndSet(0, context.clock().getAsLong());
        dropped.addAndGet(samples);
    }

    /** Any thread but the sink's; waits for room, since a change of state must not be dropped. */
    public void submit(SinkAction action) throws InterruptedException {
        boolean taken = false;
        while (!taken && !closed) {
            taken = room.tryAcquire(100, TimeUnit.MILLISECONDS);
        }
        if (taken) {
            queue.add(action);
        }
    }

    private void run() {
        try {
            while (!closed || !queue.isEmpty()) {
                Object first = queue.poll(50, TimeUnit.MILLISECONDS);
                if (first != null) {
                    long deadline = System.nanoTime() + BATCH_NANOS;
                    int handled = handle(first);
                    long left;
                    while (handled < BATCH_SAMPLES && (left = deadline - System.nanoTime()) > 0) {
                        Object next = queue.poll(left, TimeUnit.NANOSECONDS);
                        if (next == null) {
                            break;
                        }
                        handled += handle(next);
                    }
                }
                sink.flush(); // also without anything new: the sink may have something of its own to send
                reportDrops();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            context.bugs().report(thread.getName(), e);
        }
    }

    /** @return how many samples the open batch has of it */
    private int handle(Object item) throws InterruptedException {
        return switch (item) {
            case Sample sample -> {
                sink.accept(sample);
                room.release();
                yield 1;
            }
            case Together(List<Sample> samples) -> handleAll(samples);
            default -> {
                ((SinkAction) item).run(sink);
                room.release();
                yield 1;
            }
        };
    }

    /** Closes a batch whenever it has enough, and leaves the last one open. */
    private int handleAll(List<Sample> samples) throws InterruptedException {
        sink.coming(samples);
        int size = samples.size();
        int inBatch = 0;
        for (int i = 0; i < size; i++) {
            if (inBatch == BATCH_SAMPLES) {
                sink.flush();
                room.release(inBatch);
                inBatch = 0;
            }
            sink.accept(samples.get(i));
            inBatch++;
        }
        room.release(inBatch);
        return inBatch;
    }

    private void reportDrops() {
        long count = dropped.getAndSet(0);
        if (count > 0) {
            sink.lost(
                    LossReason.ADAPTER_QUEUE,
                    count,
                    firstDrop.getAndSet(0),
                    context.clock().getAsLong());
        }
    }

    /** Lets the thread finish what is queued, for at most one second. */
    @Override
    public void close() {
        closed = true;
        try {
            if (!thread.join(Duration.ofSeconds(1))) {
                thread.interrupt();
                thread.join(Duration.ofSeconds(1));
            }
        } catch (InterruptedException e) {
            thread.interrupt();
            Thread.currentThread().interrupt();
        }
    }
}

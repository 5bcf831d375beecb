package io.sluice.adapter.modbus;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** What waits to be done on a bus besides polls, writes ahead of reads. Any thread may add, the bus's thread takes. */
final class Errands {

    /** More than that is a mistake of whoever asks; a bus of 9,600 baud has work for seconds then. */
    private static final int MOST = 100;

    private static final Status UNREACHABLE = Status.bad(SluiceCode.DEVICE_UNREACHABLE);

    private final Queue<Errand> writes = new ConcurrentLinkedQueue<>();
    private final Queue<Errand> reads = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private final LongSupplier clock;
    private volatile boolean ended;

    Errands(LongSupplier clock) {
        this.clock = clock;
    }

    /** Takes it on, or answers at once that it will not be done. */
    void add(Errand errand) {
        if (waiting.incrementAndGet() > MOST) {
            waiting.decrementAndGet();
            decline(errand, "more than " + MOST + " requests wait for this connection");
            return;
        }
        switch (errand) {
            case Errand.Write write -> writes.add(write);
            case Errand.Read read -> reads.add(read);
        }
        if (ended) {
            end();
        }
    }

    boolean none() {
        return writes.isEmpty() && reads.isEmpty();
    }

    /** The next one, {@code null} if there is none. */
    @Nullable
    Errand next() {
        Errand next = writes.isEmpty() ? reads.poll() : writes.poll();
        if (next != null) {
            waiting.decrementAndGet();
        }
        return next;
    }

    /** Answers everything that waits, now and later: it will not be done. */
    void end() {
        ended = true;
        Errand left;
        while ((left = next()) != null) {
            decline(left, "the gateway stops");
        }
    }

    private void decline(Errand errand, String why) {
        switch (errand) {
            case Errand.Write write -> write.result().complete(new WriteResult.Failed(UNREACHABLE, why));
            case Errand.Read read -> read.result().complete(unreadable(read.tags(), UNREACHABLE, clock.getAsLong()));
        }
    }

    /** A bad sample of each tag. */
    static List<Sample> unreadable(List<Integer> tags, Status status, long time) {
        return tags.stream().map(tag -> new Sample(tag, null, status, time)).toList();
    }
}

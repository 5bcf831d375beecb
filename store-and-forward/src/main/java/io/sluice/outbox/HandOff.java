package io.sluice.outbox;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * What waits for the next commit, bounded in bytes: appended entries, acknowledgements and requests. Many threads put,
 * {@code outbox-writer} takes all of it at once.
 */
final class HandOff {

    /**
     * How long acknowledgements, rejections and losses wait to be committed together: each commit with one of them saves
     * the counters and streams too, which costs several pages of wear and most of the processor time.
     */
    static final long ALONE_NANOS = 100_000_000;

    /**
     * So many outcomes wait no longer: deleting what a fast drain acknowledges in all of that time would hold up the
     * live rows that come meanwhile by ten milliseconds.
     */
    static final int MANY_OUTCOMES = 1_000;

    private static final long FAR_NANOS = 3_600_000_000_000L;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final long limitBytes;
    private final long flushNanos;
    private final LongSupplier monotonicNanos;

    private Group next = new Group();
    /** When the first of those came that can wait; 0 if there is none. */
    private long aloneSinceNanos;
    /** Until when the writer sleeps if nothing wakes it; only what is due earlier does. */
    private long asleepUntilNanos;

    private boolean expectsOutcomes;
    private long lastCommitNanos;
    private long takenBytes;
    private final Offered offered;
    private Map<String, LossTally> carried = new HashMap<>();
    private final Set<String> openedDevices = new HashSet<>();
    private String degraded = "";
    private boolean closed;

    HandOff(long limitBytes, long flushNanos, LongSupplier monotonicNanos, Ledger committed) {
        this.limitBytes = limitBytes;
        this.flushNanos = flushNanos;
        this.monotonicNanos = monotonicNanos;
        this.lastCommitNanos = monotonicNanos.getAsLong(); // opening the database was a commit too
        this.offered = new Offered(committed);
    }

    /** Waits for room, unless the disk fails: then what does not fit is counted as lost. */
    void append(Group.Pending pending, LongSupplier wallNanos) throws InterruptedException {
        long bytes = pending.bytes();
        lock.lockInterruptibly();
        try {
            while (isFullFor(bytes) && degraded.isEmpty() && !closed) {
                room.await();
            }
            requireOpen();
            offered.add(pending.readings());
            if (isFullFor(bytes)) {
                long now = wallNanos.getAsLong();
                tally(pending.device(), LossReason.NOT_STORED, pending.readings(), now, now);
                return;
            }
            next.entries.add(pending);
            next.bytes += bytes;
            next.readings += pending.readings();
            if (next.entries.size() == 1 || isFullFor(0)) {
                wake();
            }
        } finally {
            lock.unlock();
        }
    }

    /** An entry larger than the whole hand-off passes when it is alone. */
    private boolean isFullFor(long bytes) {
        long used = takenBytes + next.bytes;
        return used > 0 && used + bytes > limitBytes;
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the outbox is closed");
        }
    }

    void lost(String device, LossReason reason, long readings, long firstNanos, long lastNanos) {
        locked(() -> {
            offered.add(readings);
            tally(device, reason, readings, firstNanos, lastNanos);
            arriveAlone();
        });
    }

    private void tally(String device, LossReason reason, long readings, long firstNanos, long lastNanos) {
        next.losses.computeIfAbsent(device, none -> new LossTally()).add(reason, readings, firstNanos, lastNanos);
    }

    void acknowledge(Row row) {
        locked(() -> {
            next.acknowledgedRows.add(row);
            arriveAlone();
        });
    }

    void acknowledge(long position) {
        locked(() -> {
            next.acknowledged.add(position);
            arriveAlone();
        });
    }

    void reject(Group.Rejection rejection) {
        locked(() -> {
            next.rejections.add(rejection);
            arriveAlone();
        });
    }

    private void arriveAlone() {
        boolean first = aloneSinceNanos == 0;
        if (first) {
            aloneSinceNanos = monotonicNanos.getAsLong() | 1;
        }
        if (first || next.outcomes() == MANY_OUTCOMES) {
            wake();
        }
    }

    private void wake() {
        if (monotonicNanos.getAsLong() + nanosUntilDue() - asleepUntilNanos < 0) {
            work.signal();
        }
    }

    void bind(Collection<Group.Binding> bindings) {
        locked(() -> {
            requireOpen();
            next.bindings.addAll(bindings);
            work.signal();
        });
    }

    void command(Group.CommandRequest request) {
        locked(() -> {
            requireOpen();
            next.commands.add(request);
            work.signal();
        });
    }

    void opened(Collection<StreamKey> streams, CompletableFuture<Void> done) {
        locked(() -> {
            if (closed) {
                done.cancel(false);
                return;
            }
            next.opened.addAll(streams);
            streams.forEach(stream -> openedDevices.add(stream.device()));
            next.done.add(done);
            work.signal();
        });
    }

    void flush(CompletableFuture<Void> done) {
        opened(List.of(), done);
    }

    void damaged(Group.Damage damage) {
        locked(() -> {
            next.damage = damage;
            work.signal();
        });
    }

    /** Devices whose opening heartbeat was announced in this run. */
    Set<String> openedDevices() {
        lock.lock();
        try {
            return Set.copyOf(openedDevices);
        } finally {
            lock.unlock();
        }
    }

    void close() {
        locked(() -> {
            closed = true;
            next.last = true;
            work.signal();
            room.signalAll();
        });
    }

    /**
     * Waits until a group is due and takes it; an empty group if none was due in time.
     *
     * @param hurry whether what can wait is taken with any group
     */
    Group take(long atMostNanos, boolean hurry) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            // Outcomes follow a commit soon: sleeping no longer than they may wait saves being woken for the first.
            long until = monotonicNanos.getAsLong() + (expectsOutcomes ? Math.min(atMostNanos, waits()) : atMostNanos);
            expectsOutcomes = false;
            long wait = Math.min(nanosUntilDue(), until - monotonicNanos.getAsLong());
            while (wait > 0) {
                asleepUntilNanos = monotonicNanos.getAsLong() + wait;
                work.awaitNanos(wait);
                wait = Math.min(nanosUntilDue(), until - monotonicNanos.getAsLong());
            }
            return nanosUntilDue() <= 0 ? takeDue(hurry) : new Group();
        } finally {
            lock.unlock();
        }
    }

    /** At most {@link #FAR_NANOS}. */
    private long nanosUntilDue() {
        long now = monotonicNanos.getAsLong();
        if (next.isUrgent() || takenBytes + next.bytes >= limitBytes) {
            return 0;
        }
        if (!next.entries.isEmpty() || next.outcomes() >= MANY_OUTCOMES) {
            return lastCommitNanos + flushNanos - now;
        }
        return aloneSinceNanos == 0 ? FAR_NANOS : aloneSinceNanos + waits() - now;
    }

    private long waits() {
        return Math.max(ALONE_NANOS, flushNanos);
    }

    private Group takeDue(boolean hurry) {
        Group group = next;
        next = new Group();
        next.last = closed;
        if (hurry || group.isUrgent() || group.outcomes() >= MANY_OUTCOMES || areOutcomesDueBeforeTheNext()) {
            aloneSinceNanos = 0;
            carried.forEach((device, tally) -> group.losses
                    .computeIfAbsent(device, none -> new LossTally())
                    .addAll(tally));
            carried = new HashMap<>();
        } else {
            group.leaveTo(next);
        }
        takenBytes = group.bytes;
        offered.taken(group);
        return group;
    }

    /** Whether what waits since {@link #aloneSinceNanos} would soon need a commit of its own if it did not go now. */
    private boolean areOutcomesDueBeforeTheNext() {
        long soon = flushNanos + waits() / 4;
        return aloneSinceNanos != 0 && monotonicNanos.getAsLong() + soon - (aloneSinceNanos + waits()) >= 0;
    }

    /**
     * The group that was taken is on disk, or there was nothing in it.
     *
     * @param refused losses that are to be recorded later
     */
    void settled(Ledger ledger, Map<String, LossTally> refused, boolean wrote) {
        locked(() -> {
            offered.settled(ledger);
            refused.forEach((device, tally) ->
                    carried.computeIfAbsent(device, none -> new LossTally()).addAll(tally));
            takenBytes = 0;
            degraded = "";
            if (wrote) {
                lastCommitNanos = monotonicNanos.getAsLong();
                expectsOutcomes = true;
            }
            room.signalAll();
        });
    }

    /** From now on appends do not wait. */
    void degrade(String why) {
        locked(() -> {
            degraded = why;
            room.signalAll();
        });
    }

    /** Waits before the next attempt to write; returns early on {@link #close}. */
    boolean awaitRetry(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (left > 0 && !closed) {
                left = work.awaitNanos(left);
            }
            return !closed;
        } finally {
            lock.unlock();
        }
    }

    String degraded() {
        lock.lock();
        try {
            return degraded;
        } finally {
            lock.unlock();
        }
    }

    Balance balance() {
        lock.lock();
        try {
            return offered.balance(next, carried);
        } finally {
            lock.unlock();
        }
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
        } finally {
            lock.unlock();
        }
    }
}

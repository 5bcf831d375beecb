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

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final long limitBytes;
    private final LongSupplier monotonicNanos;
    private final CommitPace pace;

    private Group next = new Group();
    /** Until when the writer sleeps if nothing wakes it; only what is due earlier does. */
    private long asleepUntilNanos;

    private long takenBytes;
    private final Offered offered;
    private Map<String, LossTally> carried = new HashMap<>();
    private final Set<String> openedDevices = new HashSet<>();
    private String degraded = "";
    private boolean closed;

    HandOff(long limitBytes, long flushNanos, LongSupplier monotonicNanos, Ledger committed) {
        this.limitBytes = limitBytes;
        this.monotonicNanos = monotonicNanos;
        this.pace = new CommitPace(flushNanos, monotonicNanos);
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
        if (pace.arrivedAlone(next)) {
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
            long until = monotonicNanos.getAsLong() + pace.sleepNanos(atMostNanos);
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

    private long nanosUntilDue() {
        return takenBytes + next.bytes >= limitBytes ? 0 : pace.nanosUntilDue(next);
    }

    private Group takeDue(boolean hurry) {
        Group group = next;
        next = new Group();
        next.last = closed;
        if (hurry || pace.takesAll(group)) {
            pace.tookAll();
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
                pace.committed();
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

package io.sluice.outbox;

import java.util.function.LongSupplier;

/**
 * When the next commit is due, and whether what can wait goes with it. Appended rows are due a flush interval after the last
 * commit; acknowledgements, rejections and losses wait for each other. Guarded by {@link HandOff}.
 */
final class CommitPace {

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

    private final long flushNanos;
    private final LongSupplier monotonicNanos;

    /** When the first of those came that can wait; 0 if there is none. */
    private long aloneSinceNanos;

    private long lastCommitNanos;
    private boolean expectsOutcomes;

    CommitPace(long flushNanos, LongSupplier monotonicNanos) {
        this.flushNanos = flushNanos;
        this.monotonicNanos = monotonicNanos;
        this.lastCommitNanos = monotonicNanos.getAsLong(); // opening the database was a commit too
    }

    /**
     * One of those that can wait has come into the group.
     *
     * @return whether the group may be due earlier by it
     */
    boolean arrivedAlone(Group group) {
        boolean first = aloneSinceNanos == 0;
        if (first) {
            aloneSinceNanos = monotonicNanos.getAsLong() | 1;
        }
        return first || group.outcomes() == MANY_OUTCOMES;
    }

    /** At most an hour; 0 or less if it is due now. */
    long nanosUntilDue(Group group) {
        long now = monotonicNanos.getAsLong();
        if (group.isUrgent()) {
            return 0;
        }
        if (!group.entries.isEmpty() || group.outcomes() >= MANY_OUTCOMES) {
            return lastCommitNanos + flushNanos - now;
        }
        return aloneSinceNanos == 0 ? FAR_NANOS : aloneSinceNanos + waits() - now;
    }

    /** How long to sleep at most. Outcomes follow a commit soon: no longer than they may wait saves being woken for the first. */
    long sleepNanos(long atMostNanos) {
        long nanos = expectsOutcomes ? Math.min(atMostNanos, waits()) : atMostNanos;
        expectsOutcomes = false;
        return nanos;
    }

    /** Whether what can wait goes with a group that is due. */
    boolean takesAll(Group group) {
        return group.isUrgent() || group.outcomes() >= MANY_OUTCOMES || areOutcomesDueBeforeTheNext();
    }

    /** Whether what waits since {@link #aloneSinceNanos} would soon need a commit of its own if it did not go now. */
    private boolean areOutcomesDueBeforeTheNext() {
        long soon = flushNanos + waits() / 4;
        return aloneSinceNanos != 0 && monotonicNanos.getAsLong() + soon - (aloneSinceNanos + waits()) >= 0;
    }

    private long waits() {
        return Math.max(ALONE_NANOS, flushNanos);
    }

    /** Nothing waits any more. */
    void tookAll() {
        aloneSinceNanos = 0;
    }

    void committed() {
        lastCommitNanos = monotonicNanos.getAsLong();
        expectsOutcomes = true;
    }
}

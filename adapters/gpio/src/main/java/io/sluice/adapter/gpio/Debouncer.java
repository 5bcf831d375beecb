package io.sluice.adapter.gpio;

import java.util.OptionalLong;

/**
 * Accepts a level that has lasted. Time is passed in. Not safe for threads.
 *
 * <p>The accepted change is dated by the edge from which on the level lasted, not by the end of the wait.
 */
final class Debouncer {

    private final long lastingNanos;
    private boolean accepted;
    private boolean raw;
    private long rawMonotonic;
    private long rawTime;

    /**
     * @param lastingNanos how long a level must last; 0: not at all
     */
    Debouncer(long lastingNanos, boolean level) {
        this.lastingNanos = lastingNanos;
        this.accepted = level;
        this.raw = level;
    }

    boolean level() {
        return accepted;
    }

    /**
     * An edge, or a reading of the level, which heals an edge that got lost.
     *
     * @param monotonic nanoseconds of the monotonic clock
     * @param time nanoseconds since 1970-01-01 UTC
     */
    void observe(boolean level, long monotonic, long time) {
        if (level != raw) {
            raw = level;
            rawMonotonic = monotonic;
            rawTime = time;
        }
    }

    /** Nanoseconds until {@link #settle} may accept a change; 0 or less: now; empty: there is none to come. */
    OptionalLong due(long monotonic) {
        return raw == accepted ? OptionalLong.empty() : OptionalLong.of(rawMonotonic + lastingNanos - monotonic);
    }

    /** Accepts a change that has lasted, and says when it began, in nanoseconds since 1970-01-01 UTC. */
    OptionalLong settle(long monotonic) {
        OptionalLong due = due(monotonic);
        if (due.isEmpty() || due.getAsLong() > 0) {
            return OptionalLong.empty();
        }
        accepted = raw;
        return OptionalLong.of(rawTime);
    }
}

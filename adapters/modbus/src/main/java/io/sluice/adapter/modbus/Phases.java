package io.sluice.adapter.modbus;

import java.time.Duration;
import java.util.Collection;

/**
 * Spreads the polls of all devices over slots of time. A few polls share a slot, and with it the wake-up of threads, the
 * commit and the packet; the many never fall into the same millisecond. Times are monotonic nanoseconds. Not thread-safe.
 */
final class Phases {

    private static final int POLLS_PER_SLOT = 2;
    private static final long[] WIDTHS_MILLIS = {100, 50, 20, 10, 5, 2, 1};

    private final long origin;
    private final long width;
    private long given;

    /**
     * @param originNanos of the first slot
     * @param intervals of every poll class of every device; the more polls a second, the narrower the slots
     */
    Phases(long originNanos, Collection<Duration> intervals) {
        this.origin = originNanos;
        this.width = width(intervals);
    }

    private static long width(Collection<Duration> intervals) {
        double pollsPerMilli =
                intervals.stream().mapToDouble(each -> 1e6 / each.toNanos()).sum();
        for (long millis : WIDTHS_MILLIS) {
            if (pollsPerMilli * millis <= POLLS_PER_SLOT) {
                return Duration.ofMillis(millis).toNanos();
            }
        }
        return Duration.ofMillis(1).toNanos();
    }

    long origin() {
        return origin;
    }

    /** A slot within {@code intervalNanos} from the origin; slots are given in turn. */
    long next(long intervalNanos) {
        long slots = Math.max(1, intervalNanos / width);
        return origin + given++ % slots * width;
    }
}

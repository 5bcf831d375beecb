package io.sluice.adapter.opcua;

import io.sluice.adapter.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Knows of each tag what came last, over all Sessions of a device: drops what comes twice, and finds where values are missing.
 * Any thread.
 *
 * <p>It remembers the last {@value #DEPTH} values of a tag. A value that comes again later than that is taken for a new one.
 */
final class Continuity {

    static final int DEPTH = 16;

    private static final int LOCKS = 64;
    private static final long STEADY = Long.MIN_VALUE;
    private static final long AGAIN = Long.MIN_VALUE + 1;

    private final Object[] locks = new Object[LOCKS];
    private final long[] newest;
    private final long[] times;
    /** Of the value in the upper half, of what else makes a notification in the lower one. */
    private final long[] hashes;

    private final int[] next;
    /** What the next value of a tag is: one more, or the first again, or the first after a silence since this time. */
    private final long[] expected;

    private final ConcurrentLinkedQueue<Gap> gaps = new ConcurrentLinkedQueue<>();

    Continuity(int tags) {
        Arrays.setAll(locks, i -> new Object());
        newest = new long[tags];
        times = new long[tags * DEPTH];
        hashes = new long[tags * DEPTH];
        next = new int[tags];
        expected = new long[tags];
        Arrays.fill(newest, Sample.NO_TIME);
        Arrays.fill(times, Sample.NO_TIME);
        Arrays.fill(expected, STEADY);
    }

    private Object lock(int tag) {
        return locks[tag % LOCKS];
    }

    /**
     * Values may be missing before the next one of each tag.
     *
     * @param heardNanos UTC nanoseconds until when everything came
     */
    void broken(long heardNanos) {
        for (int tag = 0; tag < newest.length; tag++) {
            synchronized (lock(tag)) {
                if (expected[tag] == STEADY || expected[tag] == AGAIN) {
                    expected[tag] = heardNanos;
                }
            }
        }
    }

    /** The next value of the tag is to be told even if it came before. */
    void again(int tag) {
        synchronized (lock(tag)) {
            if (expected[tag] == STEADY) {
                expected[tag] = AGAIN;
            }
        }
    }

    /**
     * Takes note of a value of a Subscription.
     *
     * @param serverTime says with the rest whether it is the same notification again; 0 if there is none
     * @param overflowed whether the server says that it dropped values before this one
     * @return whether it is to be delivered
     */
    boolean admit(Sample sample, long serverTime, boolean overflowed) {
        int tag = sample.tag();
        synchronized (lock(tag)) {
            long before = newest[tag];
            long was = expected[tag];
            if (sample.value() == null && was != STEADY) {
                // A server that has just started has nodes without values yet: that ends no silence.
                return true;
            }
            expected[tag] = STEADY;
            int server = serverTime == 0
                    ? 0
                    : 31 * Long.hashCode(serverTime) + sample.status().code();
            // What is newer than everything before cannot be the same again.
            boolean repeated = was == STEADY
                    && server != 0
                    && sample.time() <= before
                    && find(tag, sample.time(), hash(sample), server);
            if (repeated) {
                return false;
            }
            if (before != Sample.NO_TIME && sample.time() != before) {
                if (was != STEADY && was != AGAIN) {
                    gaps.add(new Gap(tag, before, sample.time(), was));
                } else if (overflowed) {
                    gaps.add(new Gap(tag, before, sample.time(), before));
                }
            }
            remember(sample, server);
            return true;
        }
    }

    /**
     * The events of a tag come from now on; those of a silence before are gone, since no history is asked for them.
     *
     * @param nowNanos UTC nanoseconds
     */
    void eventsCome(int tag, long nowNanos) {
        synchronized (lock(tag)) {
            long since = expected[tag];
            expected[tag] = STEADY;
            if (since != STEADY && since != AGAIN) {
                gaps.add(new Gap(tag, since, nowNanos, since));
            }
        }
    }

    /** The server says that events of the tag did not fit into its queue. */
    void eventsLost(int tag, long sinceNanos, long nowNanos) {
        gaps.add(new Gap(tag, sinceNanos, nowNanos, sinceNanos));
    }

    /** Whether a value of the server's history belongs into the gap and has not come otherwise. */
    boolean admit(Sample sample, Gap gap) {
        long time = sample.time();
        if (time < gap.fromNanos() || time > gap.toNanos()) {
            return false;
        }
        synchronized (lock(sample.tag())) {
            boolean edge = time == gap.fromNanos() || time == gap.toNanos();
            if (edge && !knows(sample.tag(), time) || find(sample.tag(), time, hash(sample), 0)) {
                return false;
            }
            if (edge) {
                remember(sample, 0);
            }
            return true;
        }
    }

    private void remember(Sample sample, int server) {
        int tag = sample.tag();
        if (sample.time() == Sample.NO_TIME) {
            return;
        }
        newest[tag] = Math.max(newest[tag], sample.time());
        int at = tag * DEPTH + next[tag];
        times[at] = sample.time();
        hashes[at] = (long) hash(sample) << Integer.SIZE | Integer.toUnsignedLong(server);
        next[tag] = (next[tag] + 1) % DEPTH;
    }

    private static int hash(Sample sample) {
        return sample.value() == null ? 0 : sample.value().hashCode();
    }

    /** An edge whose values have been forgotten was delivered long ago. */
    private boolean knows(int tag, long time) {
        for (int at = tag * DEPTH; at < (tag + 1) * DEPTH; at++) {
            if (times[at] == time) {
                return true;
            }
        }
        return false;
    }

    private boolean find(int tag, long time, int value, int server) {
        for (int at = tag * DEPTH; at < (tag + 1) * DEPTH; at++) {
            if (times[at] == time
                    && (int) (hashes[at] >>> Integer.SIZE) == value
                    && (server == 0 || (int) hashes[at] == server)) {
                return true;
            }
        }
        return false;
    }

    boolean hasGaps() {
        return !gaps.isEmpty();
    }

    /** What was found since the last call. */
    List<Gap> takeGaps() {
        List<Gap> taken = new ArrayList<>();
        Gap gap;
        while ((gap = gaps.poll()) != null) {
            taken.add(gap);
        }
        return taken;
    }

    /** A gap that could not be filled yet. */
    void giveBack(Gap gap) {
        gaps.add(gap);
    }
}

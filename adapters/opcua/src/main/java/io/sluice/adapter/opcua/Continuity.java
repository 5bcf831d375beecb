package io.sluice.adapter.opcua;

import io.sluice.adapter.Sample;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;

/**
 * Knows of each tag what came last, over all Sessions of a device: drops what comes twice, and finds where values are missing.
 * Any thread.
 *
 * <p>It remembers the last {@value #DEPTH} values of a tag. A value that comes again later than that is taken for a new one.
 */
final class Continuity {

    static final int DEPTH = 16;

    private static final long STEADY = Long.MIN_VALUE;
    private static final long AGAIN = Long.MIN_VALUE + 1;

    private final int tags;
    private final long[] newest;

    /**
     * What came last, in pairs: a time; then a hash of the value in the upper half, and of what else makes a notification in the
     * lower one, 0 if it came otherwise. First those of the place that all tags write first: tags that come together stand together.
     */
    private final long[] remembered;

    /** The place of each tag that is written next. */
    private final int[] next;
    /** What the next value of a tag is: one more, or the first again, or the first after a silence since this time. */
    private final long[] expected;

    private final ConcurrentLinkedQueue<Gap> gaps = new ConcurrentLinkedQueue<>();

    Continuity(int tags) {
        this.tags = tags;
        newest = new long[tags];
        remembered = new long[2 * tags * DEPTH];
        next = new int[tags];
        expected = new long[tags];
        Arrays.fill(newest, Sample.NO_TIME);
        Arrays.fill(remembered, Sample.NO_TIME);
        Arrays.fill(expected, STEADY);
    }

    /**
     * Values may be missing before the next one of each tag.
     *
     * @param heardNanos UTC nanoseconds until when everything came
     */
    synchronized void broken(long heardNanos) {
        for (int tag = 0; tag < tags; tag++) {
            if (expected[tag] == STEADY || expected[tag] == AGAIN) {
                expected[tag] = heardNanos;
            }
        }
    }

    /** The next value of the tag is to be told even if it came before. */
    synchronized void again(int tag) {
        if (expected[tag] == STEADY) {
            expected[tag] = AGAIN;
        }
    }

    /**
     * Takes note of the values of a notification message, at once: to lock for each would cost more than the rest.
     *
     * @param tags one for each value
     * @return what is to be delivered of them
     */
    synchronized List<Sample> admit(int[] tags, List<DataValue> values, Translation translation) {
        List<Sample> admitted = new ArrayList<>(tags.length);
        for (int i = 0; i < tags.length; i++) {
            DataValue value = values.get(i);
            Sample sample = translation.sample(tags[i], value);
            if (admit(sample, Translation.serverTicks(value), Translation.isOverflow(value))) {
                admitted.add(sample);
            }
        }
        return admitted;
    }

    /**
     * Takes note of a value of a Subscription.
     *
     * @param serverTime says with the rest whether it is the same notification again; 0 if there is none
     * @param overflowed whether the server says that it dropped values before this one
     * @return whether it is to be delivered
     */
    synchronized boolean admit(Sample sample, long serverTime, boolean overflowed) {
        int tag = sample.tag();
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

    /**
     * Takes the value of now of a tag of which a notification may be missing and nothing has come since. It ends the silence as the
     * next notification would have done, which may be long in coming.
     *
     * @return whether it is to be delivered
     */
    synchronized boolean takeStock(Sample now) {
        int tag = now.tag();
        if (expected[tag] == STEADY || expected[tag] == AGAIN || now.value() == null) {
            return false;
        }
        if (find(tag, now.time(), hash(now), 0)) {
            expected[tag] = STEADY;
            return false;
        }
        return admit(now, 0, false);
    }

    /**
     * The events of a tag come from now on; those of a silence before are gone, since no history is asked for them.
     *
     * @param nowNanos UTC nanoseconds
     */
    synchronized void eventsCome(int tag, long nowNanos) {
        long since = expected[tag];
        expected[tag] = STEADY;
        if (since != STEADY && since != AGAIN) {
            gaps.add(new Gap(tag, since, nowNanos, since));
        }
    }

    /** The server says that events of the tag did not fit into its queue. */
    void eventsLost(int tag, long sinceNanos, long nowNanos) {
        gaps.add(new Gap(tag, sinceNanos, nowNanos, sinceNanos));
    }

    /** Whether a value of the server's history belongs into the gap and has not come otherwise. */
    synchronized boolean admit(Sample sample, Gap gap) {
        long time = sample.time();
        if (time < gap.fromNanos() || time > gap.toNanos()) {
            return false;
        }
        boolean edge = time == gap.fromNanos() || time == gap.toNanos();
        if (edge && !knows(sample.tag(), time) || find(sample.tag(), time, hash(sample), 0)) {
            return false;
        }
        if (edge) {
            remember(sample, 0);
        }
        return true;
    }

    private void remember(Sample sample, int server) {
        int tag = sample.tag();
        if (sample.time() == Sample.NO_TIME) {
            return;
        }
        newest[tag] = Math.max(newest[tag], sample.time());
        int place = next[tag];
        int at = at(tag, place);
        remembered[at] = sample.time();
        remembered[at + 1] = (long) hash(sample) << Integer.SIZE | Integer.toUnsignedLong(server);
        next[tag] = (place + 1) % DEPTH;
    }

    private int at(int tag, int place) {
        return 2 * (place * tags + tag);
    }

    private static int hash(Sample sample) {
        return sample.value() == null ? 0 : sample.value().hashCode();
    }

    /** An edge whose values have been forgotten was delivered long ago. */
    private boolean knows(int tag, long time) {
        for (int place = 0; place < DEPTH; place++) {
            if (remembered[at(tag, place)] == time) {
                return true;
            }
        }
        return false;
    }

    private boolean find(int tag, long time, int value, int server) {
        for (int place = 0; place < DEPTH; place++) {
            int at = at(tag, place);
            long hashes = remembered[at + 1];
            if (remembered[at] == time
                    && (int) (hashes >>> Integer.SIZE) == value
                    && (server == 0 || (int) hashes == 0 || (int) hashes == server)) {
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

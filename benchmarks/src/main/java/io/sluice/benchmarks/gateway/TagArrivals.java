package io.sluice.benchmarks.gateway;

import java.util.Arrays;

/** Counts the values of counting variables that arrive, and those that are missing between two of one variable. Any thread. */
final class TagArrivals {
    private static final long NEVER = -1;

    private final int step;
    private final long[] last;
    private long arrived;
    private long missing;
    private int seen;

    /**
     * @param step by how much a variable counts up
     */
    TagArrivals(int tags, int step) {
        this.step = step;
        this.last = new long[tags];
        Arrays.fill(last, NEVER);
    }

    /**
     * @param arrived values
     * @param missing values that did not come, each between two that did
     */
    record Summary(long arrived, long missing) {}

    synchronized void add(int tag, long value) {
        long before = last[tag];
        arrived++;
        if (before == NEVER) {
            seen++;
        } else if (value > before) {
            missing += (value - before) / step - 1;
        }
        last[tag] = Math.max(before, value);
    }

    /** Variables of which a value has ever come. */
    synchronized int seen() {
        return seen;
    }

    synchronized void begin() {
        arrived = 0;
        missing = 0;
    }

    synchronized Summary end() {
        return new Summary(arrived, missing);
    }
}

package io.sluice.adapter.modbus;

import java.util.ArrayList;
import java.util.List;

/**
 * The tags of one device that are polled at one interval, and when it is their turn. Times are monotonic nanoseconds.
 * Polls do not pile up: one that is late by whole intervals skips them and counts them. Confined to its bus's thread.
 */
final class PollClass {

    /** First readings come soon, whatever the interval. */
    private static final long FIRST_SPREAD = 1_000_000_000L;

    private final long interval;
    private final List<Integer> tags;
    private List<BlockReader> readers;
    private long due;
    private final long grid;
    private boolean first = true;

    /**
     * @param intervalNanos above 0
     * @param tags that it polls, by their index in the plan
     * @param phases gives its place among the polls of all devices
     */
    PollClass(long intervalNanos, List<Integer> tags, List<BlockReader> readers, Phases phases) {
        this.interval = intervalNanos;
        this.tags = List.copyOf(tags);
        this.readers = List.copyOf(readers);
        this.grid = phases.next(interval);
        this.due = phases.origin() + (grid - phases.origin()) % FIRST_SPREAD;
    }

    List<Integer> tags() {
        return tags;
    }

    List<BlockReader> readers() {
        return readers;
    }

    /** What reads its tags from now on. */
    void readers(List<BlockReader> others) {
        readers = List.copyOf(others);
    }

    /** Puts others in the place of a reader whose block the device refused. */
    void replace(BlockReader whole, List<BlockReader> parts) {
        List<BlockReader> changed = new ArrayList<>(readers);
        int at = changed.indexOf(whole);
        changed.remove(at);
        changed.addAll(at, parts);
        readers = List.copyOf(changed);
    }

    long due() {
        return due;
    }

    long intervalNanos() {
        return interval;
    }

    /**
     * A poll has ended. A delay below one interval is caught up by polling again at once.
     *
     * @return polls skipped
     */
    long advance(long nowNanos) {
        if (first) {
            first = false;
            due = nextOnGrid(nowNanos);
            return 0;
        }
        due += interval;
        long skipped = Math.max(0, (nowNanos - due) / interval);
        due += skipped * interval;
        return skipped;
    }

    /** The device was away: nothing was skipped that could have been polled. */
    void resume(long nowNanos) {
        due = nextOnGrid(nowNanos);
    }

    private long nextOnGrid(long nowNanos) {
        return nowNanos < grid ? grid : grid + ((nowNanos - grid) / interval + 1) * interval;
    }
}

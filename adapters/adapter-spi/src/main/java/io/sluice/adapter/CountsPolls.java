package io.sluice.adapter;

import java.util.Optional;

/** An optional power of an {@link Adapter} that asks its devices at intervals: what it counts of them. Any thread. */
public interface CountsPolls {

    /**
     * Counters since the adapter was opened.
     *
     * @param polls that ended, answered or not
     * @param overruns polls that were left out because an earlier one took longer than the interval
     */
    record Polls(long polls, long overruns) {}

    /** Empty if the adapter has no such device. */
    Optional<Polls> polls(String device);
}

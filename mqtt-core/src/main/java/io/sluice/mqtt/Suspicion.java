package io.sluice.mqtt;

import org.jspecify.annotations.Nullable;

/**
 * Finds the message that makes a broker end connections. Three ends in a row with the same oldest message in flight raise the
 * suspicion: from then on everything in flight goes one by one, until all of it is acknowledged or a connection ends while
 * one message is alone in flight. That is the culprit.
 */
final class Suspicion {

    private static final int ENDS = 3;

    private @Nullable Outgoing oldest;
    private int ends;
    private boolean oneByOne;

    /** What is in flight goes one by one. */
    boolean isOneByOne() {
        return oneByOne;
    }

    /**
     * A connection ended.
     *
     * @param oldestInFlight the first of those that were written on it and not acknowledged
     * @return whether that one is the culprit
     */
    boolean ended(Outgoing oldestInFlight) {
        if (oneByOne) {
            clear();
            return true;
        }
        ends = oldestInFlight == oldest ? ends + 1 : 1;
        oldest = oldestInFlight;
        oneByOne = ends == ENDS;
        return false;
    }

    /** Everything that was in flight is acknowledged. */
    void clear() {
        oldest = null;
        ends = 0;
        oneByOne = false;
    }
}

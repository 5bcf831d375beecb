package io.sluice.mqtt;

/**
 * Decides whether acknowledgements are to gather before they are read. Where a broker sends each by itself, and more quickly than
 * a thread is woken, every one of them would cost a wake-up, a read and a write here, and waking somebody there. While the broker
 * has plenty to do, a nap costs nobody anything: it never lasts longer than a fraction of that work, and never long.
 */
final class Gathering {

    static final long LONGEST_NANOS = 100_000;

    /** Less work than this is done before a thread that sleeps has been woken. */
    private static final long LEAST_WORK_NANOS = 200_000;

    /** Acknowledgements that come at longer intervals are worth a wake-up each. */
    private static final long QUICK_NANOS = 50_000;

    /** The share of what is under way that makes a burst, and of the work that a nap may last. */
    private static final int SHARE = 4;

    private long lastBurstAt;

    /**
     * After a burst was handled and answered.
     *
     * @param now nanoseconds at its beginning
     * @param packets that it had, at least one
     * @param unacknowledged what the broker still has to acknowledge
     * @param unsent some of it has not left this process, and only whoever is awake sends it on
     * @return nanoseconds to stay away from the connection; 0: none
     */
    long napNanos(long now, int packets, int unacknowledged, boolean unsent) {
        long spacing = (now - lastBurstAt) / packets;
        lastBurstAt = now;
        long work = spacing * unacknowledged;
        boolean worthIt =
                !unsent && spacing < QUICK_NANOS && work >= LEAST_WORK_NANOS && packets * SHARE < unacknowledged;
        return worthIt ? Math.min(work / SHARE, LONGEST_NANOS) : 0;
    }
}

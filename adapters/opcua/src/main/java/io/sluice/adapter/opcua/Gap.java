package io.sluice.adapter.opcua;

/**
 * A span of one tag's time of which values did not come. Both ends did come.
 *
 * @param fromNanos UTC nanoseconds of the value before, as the source gave it
 * @param toNanos UTC nanoseconds of the value after
 * @param lostSinceNanos UTC nanoseconds of the gateway's clock: where a loss begins if the values cannot be had
 */
record Gap(int tag, long fromNanos, long toNanos, long lostSinceNanos) {

    /** Whether the times allow to ask the server's history for it. */
    boolean hasSpan() {
        return fromNanos >= 0 && toNanos > fromNanos;
    }

    Gap from(long nanos) {
        return new Gap(tag, nanos, toNanos, lostSinceNanos);
    }
}

package io.sluice.outbox;

/** What can be appended to a stream. */
public sealed interface Entry {

    /**
     * @param body opaque; given away, not copied
     * @param readings how many it holds, for the balance
     * @param lastReadingNanos UTC nanoseconds of its newest reading, for the start record of the next run
     */
    record Data(byte[] body, int readings, long lastReadingNanos) implements Entry {}

    /**
     * The clock stepped or its offset changed.
     *
     * @param body encoded by the caller, opaque here
     */
    record ClockStep(byte[] body) implements Entry {}
}

package io.sluice.outbox;

/** The near end of an {@link Outbox}: where the thread of an adapter puts what it has. */
public interface Intake {

    /**
     * Appends to the device's stream. Waits while the hand-off is full. Any thread; order is kept per thread.
     *
     * @throws IllegalStateException after {@link #close}
     */
    void append(String device, Entry entry) throws InterruptedException;

    /**
     * Notes readings that were lost before they could be appended; they become one loss event per stream with the next
     * commit. Never waits.
     *
     * @param firstNanos UTC nanoseconds of the span's begin
     * @param lastNanos UTC nanoseconds of the span's end
     */
    void lost(String device, LossReason reason, long readings, long firstNanos, long lastNanos);
}

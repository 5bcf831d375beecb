package io.sluice.outbox;

import java.util.List;
import java.util.Map;

/**
 * A bounded, durable queue of opaque bodies in streams, one stream for each device and run.
 *
 * <p>{@code append} returns before the body is on disk; what was not yet committed when the process dies is lost, and
 * the next start record names the span. What is committed stays until its {@code acknowledge} or until a limit drops it,
 * and every drop leaves a loss range. It does not look into bodies.
 */
public interface Outbox extends AutoCloseable {

    /** The epoch of this run. */
    RunEpoch epoch();

    /**
     * Appends to the device's stream. Waits while the hand-off is full. Any thread; order is kept per thread.
     *
     * @throws IllegalStateException after {@link #close}
     */
    void append(String device, Entry entry) throws InterruptedException;

    /**
     * Notes readings that were lost before they could be appended; they become one loss event per stream with the next
     * commit. Never waits.
     */
    void lost(String device, LossReason reason, long readings, long firstNanos, long lastNanos);

    /**
     * The number that stands for {@code key} in the device's messages; committed before this returns. Numbers start at 1
     * for each device and are never reused in a database. Waits for the commit; not for {@code mqtt-io}.
     */
    int bind(String device, byte[] key) throws InterruptedException;

    /** All numbers of a device ever bound, with their keys. */
    Map<Integer, byte[]> aliases(String device);

    /** Epochs of the device that have rows or loss ranges waiting, oldest first, without the current one. */
    List<RunEpoch> pendingEpochs(String device);

    /** The broker has exactly this message; its row goes with the next commit. Unknown positions are ignored. */
    void acknowledge(long position);

    /** It can never be accepted: moves the row to the dead letters and leaves a loss range. */
    void reject(long position, String reason);

    /** Counters since the database was made; consistent among themselves. */
    Balance balance();

    /** Commits what was appended, marks the run as clean, closes the database. */
    @Override
    void close();
}

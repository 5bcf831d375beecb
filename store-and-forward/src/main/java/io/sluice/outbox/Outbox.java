package io.sluice.outbox;

import java.util.List;
import java.util.Map;

/**
 * A bounded, durable queue of opaque bodies in streams, one stream for each device and run.
 *
 * <p><b>What it promises.</b>
 *
 * <ul>
 *   <li>Sequences are contiguous from 1 within a stream and are given inside the transaction that stores the row; number
 *       1 is the start record, stored together with the stream's first row. A number that was rolled back was never used.
 *   <li>What is committed stays until its {@link #acknowledge}, its {@link #reject} or until a limit drops it; every drop
 *       leaves a loss range, which stays until a broker has it.
 *   <li>Nothing is handed to a {@link Forwarder} before it is on disk. Positions are never used again, also after the
 *       outbox was empty.
 *   <li>Bodies appended by one thread to one device keep their order.
 *   <li>The counters of {@link #balance} change in the same transaction as the rows.
 * </ul>
 *
 * <p><b>What it does not promise.</b>
 *
 * <ul>
 *   <li>{@link #append} returns before the body is on disk. What was not yet committed when the process dies is lost; the
 *       next start record says that the run did not end cleanly and when its last stored reading was.
 *   <li>An acknowledgement is on disk only with a later commit, at most {@code max(100 ms, flush interval)} later, since
 *       acknowledgements wait for each other. A row whose acknowledgement was not committed comes again after a crash,
 *       under the same stream and sequence.
 *   <li>While the disk fails ({@link #degraded}) {@code append} does not wait: what does not fit into the hand-off is
 *       counted as {@link LossReason#NOT_STORED}.
 *   <li>No order between devices. It does not look into bodies. The file does not shrink; its free pages are used again.
 *   <li>A row may be dropped by a limit while it is in flight: it is then in a loss range although the broker may get it.
 * </ul>
 */
public sealed interface Outbox extends Intake, AutoCloseable permits ForwardingOutbox {

    /** The epoch of this run. */
    RunEpoch epoch();

    /**
     * The numbers that stand for the keys in the device's messages, in their order; committed together before this
     * returns. Numbers start at 1 for each device and are never reused in a database. Waits for the commit; not for
     * {@code mqtt-io}.
     */
    List<Integer> bind(String device, List<byte[]> keys) throws InterruptedException;

    /** {@link #bind(String, List)} of one key. */
    default int bind(String device, byte[] key) throws InterruptedException {
        return bind(device, List.of(key)).getFirst();
    }

    /** All numbers of a device ever bound, with their keys. */
    Map<Integer, byte[]> aliases(String device);

    /** Epochs of the device that have rows or loss ranges waiting, oldest first, without the current one. */
    List<RunEpoch> pendingEpochs(String device);

    /**
     * The broker has exactly this message; its row goes with the next commit. A negative position names a version of a
     * loss range ({@link Outgoing#position}), which goes only if it has not changed since. Unknown positions are ignored.
     */
    void acknowledge(long position);

    /**
     * It can never be accepted: moves the row to the dead letters, of which the newest 1,000 are kept, and leaves a loss
     * range. Unknown positions are ignored.
     */
    void reject(long position, String reason);

    /** Counters since the database was made; consistent among themselves. */
    Balance balance();

    /** Why nothing can be stored at the moment; empty while all is well. */
    String degraded();

    /** Commits what was appended, marks the run as clean, closes the database. */
    @Override
    void close();
}

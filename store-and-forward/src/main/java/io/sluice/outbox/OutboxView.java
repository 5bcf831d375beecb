package io.sluice.outbox;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Looks into an outbox: one that runs ({@link SqliteOutbox#view}) or the files that a gateway left ({@link #ofStopped}).
 * Each call reads in one short transaction over a connection of its own and never changes anything: no row, no counter,
 * no file. Between two calls a view holds nothing open.
 *
 * <p>It does not promise that two calls see the same moment: rows come and go between them. While the database cannot be
 * read the methods throw {@link OutboxException}; a later call may succeed. Any thread may call that may wait for the disk.
 */
public sealed interface OutboxView permits DatabaseView {

    /** Most rows of one page. */
    int LARGEST_PAGE = 10_000;

    /**
     * The files in a directory that no gateway uses at the moment. They may also be in use: what is seen then is what was
     * committed last.
     *
     * @throws OutboxException if there is no outbox in the directory, it cannot be read, or another version wrote it
     */
    static OutboxView ofStopped(Path directory) {
        return DatabaseView.ofStopped(directory, SqliteOutbox.Host.system());
    }

    /** All that is counted, without reading bodies: the time it takes does not depend on how many messages wait. */
    Statistics statistics();

    /**
     * Messages that wait, in the order of their positions.
     *
     * @param afterPosition 0 for the first page, the last position of the page before for the next
     * @param limit 1 to {@link #LARGEST_PAGE}
     */
    List<WaitingMessage> waiting(long afterPosition, int limit);

    /** Messages that can never be accepted, the newest 1,000; pages as those of {@link #waiting}. */
    List<DeadLetter> deadLetters(long afterPosition, int limit);

    /** What drops left behind and no broker has yet: at most some thousand, by device and place. */
    List<WaitingLoss> losses();

    /**
     * @param epoch of the newest run; empty if none has begun
     * @param streams one for each device and epoch that has something waiting, and those of the newest run
     * @param balance of a stopped gateway with nothing in the hand-off
     * @param commits since the database was made
     * @param written to the medium since the start; empty where the kernel does not say, and for a stopped gateway
     * @param databaseBytes size of the database file; it does not shrink
     * @param walBytes size of the write-ahead log file
     * @param degraded why nothing can be stored at the moment; empty if all is well, and for a stopped gateway
     */
    record Statistics(
            Optional<RunEpoch> epoch,
            List<StreamStatistics> streams,
            Balance balance,
            long waitingLosses,
            long deadLetters,
            long commits,
            Optional<Written> written,
            long databaseBytes,
            long walBytes,
            String degraded) {}

    /**
     * What storing has cost the medium since the process began, both as of the same moment, at most a second ago.
     *
     * @param bytes sent to the medium by the thread that writes, as the kernel counts them: whole pages of the database and
     *     its log, without what the file system writes for itself
     * @param readings that were committed
     */
    record Written(long bytes, long readings) {

        /** Empty before the first reading. */
        public OptionalDouble bytesPerReading() {
            return readings == 0 ? OptionalDouble.empty() : OptionalDouble.of((double) bytes / readings);
        }
    }

    /**
     * Where a stream stands.
     *
     * @param current whether it is of the newest run; of an older one nothing new comes
     * @param last last sequence given
     * @param settled lowest sequence that waits, as a message or inside a loss range; last + 1 if none
     * @param waitingBytes as limits count them: bodies and 48 bytes each
     * @param oldestAge of the oldest message that waits, by monotonic time within a boot; at most this where more than
     *     5,000 messages of other streams wait before it; empty if none waits
     */
    record StreamStatistics(
            String device,
            RunEpoch epoch,
            boolean current,
            long last,
            long settled,
            long waitingMessages,
            long waitingReadings,
            long waitingBytes,
            Optional<Duration> oldestAge) {}

    /**
     * @param kind {@code data}, {@code clock-step}, {@code start}, {@code loss} or {@code epoch-end}
     * @param readings 0 if it is not data
     */
    record WaitingMessage(
            long position,
            String device,
            RunEpoch epoch,
            long sequence,
            String kind,
            int readings,
            int bodyBytes,
            Duration age) {}

    /**
     * @param kind as in {@link WaitingMessage}
     * @param reason what the broker or the publisher said
     * @param rejected by the wall clock
     */
    record DeadLetter(
            long position,
            String device,
            RunEpoch epoch,
            long sequence,
            String kind,
            int readings,
            int bodyBytes,
            String reason,
            Instant rejected) {}

    /** The numbers from {@code first} to {@code last}; some between them may not be lost. */
    record WaitingLoss(
            String device,
            RunEpoch firstEpoch,
            long first,
            RunEpoch lastEpoch,
            long last,
            Map<LossReason, Outgoing.Count> counts) {}
}

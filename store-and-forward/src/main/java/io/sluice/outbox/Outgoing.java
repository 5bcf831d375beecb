package io.sluice.outbox;

import java.util.Map;
import java.util.Optional;

/**
 * A message on its way out.
 *
 * @param position what the outcome is reported under. Positive: the key of a row, never reused in a database. 0: a heartbeat,
 *     which has no outcome. Negative: one version of a loss range, the id of the range above the lowest 20 bits of its
 *     version; a range that changed after it went out has another position, and the outcome of the older one removes
 *     nothing. Of one range at most one version is on its way at a time
 * @param sequence 0 if it has none (loss range, heartbeat)
 * @param settled lowest sequence of the stream that still waits for a PUBACK, at this moment
 */
public record Outgoing(
        long position, String device, RunEpoch epoch, long sequence, long settled, Lane lane, Content content) {

    public enum Lane {
        LIVE,
        BACKLOG,
        RETRY
    }

    public sealed interface Content {}

    /** A stored body, byte for byte as it was appended. */
    public record Body(byte[] bytes) implements Content {}

    /**
     * Sequence 1 of a stream.
     *
     * @param previousClean that run ended with everything committed
     * @param lastReadingNanos UTC nanoseconds
     * @param startedNanos UTC nanoseconds
     */
    public record Start(
            Optional<RunEpoch> previous,
            long previousLast,
            boolean previousClean,
            Optional<Long> lastReadingNanos,
            String bootId,
            long startedNanos)
            implements Content {}

    /**
     * Lost before it had a number.
     *
     * @param readings by reason
     */
    public record Loss(Map<LossReason, Long> readings, long firstNanos, long lastNanos) implements Content {}

    public record EpochEnd(RunEpoch epoch, long last) implements Content {}

    /** Drop of stored messages. */
    public record Range(
            RunEpoch firstEpoch, long first, RunEpoch lastEpoch, long last, Map<LossReason, Count> counts, long version)
            implements Content {}

    public record Count(long messages, long readings) {}

    public record Heartbeat(long last, long connection, boolean opening, boolean closing) implements Content {}
}

package io.sluice.outbox;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The side of an outbox that the {@link Forwarder} sees. */
sealed interface ForwardingOutbox extends Outbox permits SqliteOutbox, InMemoryOutbox {

    /** Where a stream stands. {@code gone} is the receiver's own copy. */
    record StreamSnapshot(StreamKey key, long last, SequenceSet gone, boolean opened) {}

    /** All that waits, at one moment between two commits. */
    record Snapshot(List<StreamSnapshot> streams, List<LossRange> ranges, long lastPosition) {}

    /** Numbers of a stream that were dropped. */
    record Dropped(StreamKey key, long first, long last) {}

    /**
     * What one commit changed.
     *
     * @param streams those that got rows, with their last sequence
     * @param dropped rows that left without an acknowledgement
     * @param ranges new or changed loss ranges
     * @param rangesGone ids of loss ranges that were acknowledged or became part of another
     */
    record Change(
            long lastPosition,
            List<StreamSnapshot> streams,
            List<Dropped> dropped,
            List<LossRange> ranges,
            List<Long> rangesGone) {}

    /** Told after each commit that changed more than acknowledgements, on {@code outbox-writer}; must not wait. */
    @FunctionalInterface
    interface Listener {
        void committed(Change change);
    }

    /** Registers the listener: it gets every change after the snapshot. */
    Snapshot attach(Listener listener);

    void detach();

    /** A reader for one thread. */
    RowReader reader();

    /** As {@link #acknowledge(long)}, for a row that was read here. */
    void acknowledge(Row row);

    /** Notes durably that the opening heartbeats of these streams are about to be sent. */
    CompletableFuture<Void> markOpened(Collection<StreamKey> streams);

    /** Done when all that was appended before is committed. */
    CompletableFuture<Void> flush();

    /** Reads committed rows. Confined to one thread. */
    interface RowReader extends AutoCloseable {

        /**
         * Rows with {@code from <= position <= to} in order, at most {@code limit} of them and about 1 MiB.
         *
         * @throws StoreUnreadable if the database cannot be read now
         */
        List<Row> read(long from, long to, int limit);

        /** Rows of one stream only; looks at no more than 10,000 positions. */
        List<Row> read(long from, long to, int stream, int limit);

        @Override
        void close();
    }

    /** The database could not be read; a later attempt may succeed. */
    final class StoreUnreadable extends RuntimeException {
        private static final long serialVersionUID = 1;

        StoreUnreadable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}

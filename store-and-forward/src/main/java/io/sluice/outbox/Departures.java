package io.sluice.outbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The rows that leave with a transaction: acknowledged, rejected, or dropped for their age or for room. */
final class Departures {

    private static final int FIRST_CHUNK = 4;
    private static final int EVICTION_CHUNK = 512;

    private final State base;
    private final Medium medium;
    private final long wallNanos;
    private final StreamChanges streams;
    private final Arrivals rows;
    private final LossRanges ranges;
    private final Ledger ledger;

    private final List<Long> leaving = new ArrayList<>();
    private final List<ForwardingOutbox.Dropped> dropped = new ArrayList<>();
    private final Set<String> maybeEnded = new LinkedHashSet<>();
    private long droppedTo;
    private boolean any;

    Departures(
            State base,
            Medium medium,
            long wallNanos,
            StreamChanges streams,
            Arrivals rows,
            LossRanges ranges,
            Ledger ledger) {
        this.base = base;
        this.medium = medium;
        this.wallNanos = wallNanos;
        this.streams = streams;
        this.rows = rows;
        this.ranges = ranges;
        this.ledger = ledger;
    }

    /** Whether a row left. */
    boolean any() {
        return any;
    }

    /** Those that were lost by it. */
    List<ForwardingOutbox.Dropped> dropped() {
        return dropped;
    }

    /** No row up to this position is left after a limit dropped some; 0 if none did. */
    long droppedTo() {
        return droppedTo;
    }

    /** Devices of which an older epoch may have ended with it. */
    Set<String> maybeEnded() {
        return maybeEnded;
    }

    void acknowledge(Row row) {
        leave(row.position(), row.stream().id(), row.sequence(), row.readings(), row.bytes());
    }

    /** Looks the row up first: for a caller that knows only the position. */
    void acknowledge(long position) throws SQLException {
        if (position < 0) {
            acknowledgeRange(position);
            return;
        }
        for (Medium.Head head : medium.heads(position, position, 1)) {
            leave(position, head.stream(), head.sequence(), head.readings(), head.bytes());
        }
    }

    private void leave(long position, int streamId, long sequence, int readings, long bytes) {
        State.StreamState stream = streams.changing(streamId);
        if (stream == null || stream.gone.contains(sequence)) {
            return;
        }
        any = true;
        stream.left(sequence, readings, bytes);
        ledger.acknowledged(readings, bytes);
        leaving.add(position);
        noteMaybeEnded(stream);
    }

    private void acknowledgeRange(long position) {
        LossRange range = ranges.acknowledged(position);
        if (range != null) {
            maybeEnded.add(range.device());
        }
    }

    void reject(long position, String reason) throws SQLException {
        for (Medium.Head head : medium.heads(position, position, 1)) {
            State.StreamState stream = streams.changing(head.stream());
            if (stream == null || stream.gone.contains(head.sequence())) {
                continue;
            }
            medium.keepDeadLetter(position, stream.key, reason, wallNanos);
            drop(stream, head, LossReason.REJECTED);
            leaving.add(position);
        }
    }

    private void drop(State.StreamState stream, Medium.Head head, LossReason reason) {
        any = true;
        stream.left(head.sequence(), head.readings(), head.bytes());
        ledger.lost(reason, 1, head.readings(), head.bytes());
        ranges.add(stream.key, head.sequence(), reason, head.readings());
        noteDropped(stream.key, head.sequence());
    }

    private void noteDropped(StreamKey key, long sequence) {
        ForwardingOutbox.Dropped last = dropped.isEmpty() ? null : dropped.getLast();
        if (last != null && last.key().equals(key) && last.last() + 1 == sequence) {
            dropped.removeLast();
            dropped.add(new ForwardingOutbox.Dropped(key, last.first(), sequence));
        } else {
            dropped.add(new ForwardingOutbox.Dropped(key, sequence, sequence));
        }
    }

    /** Deletes what {@code acknowledge} and {@code reject} noted: one statement for each run of neighbours. */
    void deleteLeaving() throws SQLException {
        leaving.sort(Comparator.naturalOrder());
        for (int i = 0; i < leaving.size(); ) {
            int end = i + 1;
            while (end < leaving.size() && leaving.get(end) == leaving.get(i) + (end - i)) {
                end++;
            }
            medium.delete(leaving.get(i), leaving.get(end - 1));
            i = end;
        }
        leaving.clear();
    }

    /** Drops the oldest rows, all of which must be inserted, until no more than {@code limit} bytes are stored. */
    void evictDownTo(long limit) throws SQLException {
        dropOldestWhile(head -> ledger.pendingBytes > limit, LossReason.EVICTED);
    }

    /** Drops rows that were stored before this age. */
    void expire(long beforeAgeMillis) throws SQLException {
        dropOldestWhile(head -> head.ageMillis() < beforeAgeMillis, LossReason.EXPIRED);
    }

    /** Looks at few rows first: mostly there is nothing to drop. */
    private void dropOldestWhile(Condition goes, LossReason reason) throws SQLException {
        int chunk = FIRST_CHUNK;
        while (dropOldest(goes, reason, chunk)) {
            chunk = EVICTION_CHUNK;
        }
    }

    private interface Condition {
        boolean holds(Medium.Head head);
    }

    /** @return whether there may be more to drop */
    private boolean dropOldest(Condition goes, LossReason reason, int chunk) throws SQLException {
        List<Medium.Head> heads = medium.heads(0, Long.MAX_VALUE, chunk);
        long last = 0;
        for (Medium.Head head : heads) {
            if (!goes.holds(head)) {
                break;
            }
            last = head.position();
            State.StreamState stream = streams.changing(head.stream());
            if (stream != null) {
                drop(stream, head, reason);
            }
        }
        if (last > 0) {
            medium.delete(0, last);
            rows.dropTo(last);
            droppedTo = last;
        }
        return last > 0 && last == heads.getLast().position();
    }

    private void noteMaybeEnded(State.StreamState stream) {
        if (stream.run != base.currentRun && stream.drained()) {
            maybeEnded.add(stream.key.device());
        }
    }
}

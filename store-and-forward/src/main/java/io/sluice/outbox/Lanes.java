package io.sluice.outbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Which row goes next. Each position belongs to exactly one segment, so that none is handed over twice. Confined to
 * thread {@code forwarder}.
 */
final class Lanes {

    /** A row and the lane it goes in. */
    record Choice(Row row, Outgoing.Lane lane) {}

    /** Live rows that may go one after another while backlog waits. */
    private static final int LIVE_STREAK = 3;

    private final Forwarder.Replay replay;
    private final @Nullable TokenBucket replayRate;
    private final Deque<Segment> backlog = new ArrayDeque<>();
    private final Deque<Segment> retry = new ArrayDeque<>();
    private final Deque<Row> retryRows = new ArrayDeque<>();
    private Segment live;
    private int liveStreak;

    Lanes(Forwarder.Replay replay, OptionalInt replayRate, long nowNanos) {
        this.replay = replay;
        this.replayRate = replayRate.isPresent() ? new TokenBucket(replayRate.getAsInt(), nowNanos) : null;
        this.live = new Segment(1, Long.MAX_VALUE);
    }

    /** All that is committed now and was not yet handed over becomes backlog. */
    void connected(long committed) {
        live.endAt(committed);
        if (!live.isExhausted()) {
            backlog.addLast(live);
        }
        live = new Segment(committed + 1, Long.MAX_VALUE);
        liveStreak = 0;
    }

    /** A stream that was held goes on: its refused rows first, then what was passed over meanwhile. */
    void release(StreamView stream) {
        retryRows.addAll(stream.held.values());
        stream.held.clear();
        Segment passedOver = stream.unpark();
        if (passedOver != null) {
            retry.addLast(passedOver);
        }
    }

    /**
     * Takes the next row.
     *
     * @param backlogAllowed whether the backlog may use more of the window
     */
    @Nullable
    Choice next(ForwardingOutbox.RowReader reader, long committed, long nowNanos, boolean backlogAllowed) {
        Row retried = nextRetry(reader, committed);
        if (retried != null) {
            return new Choice(retried, Outgoing.Lane.RETRY);
        }
        return switch (replay) {
            case IN_ORDER -> inOrder(reader, committed, nowNanos);
            case LIVE_FIRST -> liveFirst(reader, committed, nowNanos, backlogAllowed);
        };
    }

    private @Nullable Row nextRetry(ForwardingOutbox.RowReader reader, long committed) {
        if (!retryRows.isEmpty()) {
            return retryRows.remove();
        }
        Segment segment = firstOf(retry, reader, committed);
        return segment == null ? null : take(segment, reader, committed);
    }

    private @Nullable Choice inOrder(ForwardingOutbox.RowReader reader, long committed, long nowNanos) {
        Segment segment = firstOf(backlog, reader, committed);
        return segment == null ? fromLive(reader, committed) : fromBacklog(segment, reader, committed, nowNanos);
    }

    private @Nullable Choice liveFirst(
            ForwardingOutbox.RowReader reader, long committed, long nowNanos, boolean backlogAllowed) {
        Segment segment = backlogAllowed ? firstOf(backlog, reader, committed) : null;
        if (segment != null && liveStreak >= LIVE_STREAK) {
            Choice choice = fromBacklog(segment, reader, committed, nowNanos);
            if (choice != null) {
                return choice;
            }
        }
        Choice choice = fromLive(reader, committed);
        return choice != null || segment == null ? choice : fromBacklog(segment, reader, committed, nowNanos);
    }

    private @Nullable Choice fromLive(ForwardingOutbox.RowReader reader, long committed) {
        Row row = take(live, reader, committed);
        liveStreak++;
        return row == null ? null : new Choice(row, Outgoing.Lane.LIVE);
    }

    private @Nullable Choice fromBacklog(
            Segment segment, ForwardingOutbox.RowReader reader, long committed, long nowNanos) {
        if (replayRate != null && !replayRate.take(nowNanos)) {
            return null;
        }
        liveStreak = 0;
        Row row = take(segment, reader, committed);
        return row == null ? null : new Choice(row, Outgoing.Lane.BACKLOG);
    }

    private static @Nullable Row take(Segment segment, ForwardingOutbox.RowReader reader, long committed) {
        Row row = segment.peek(reader, committed);
        if (row != null) {
            segment.take();
        }
        return row;
    }

    /** The first segment that has a row; exhausted ones are let go. */
    private static @Nullable Segment firstOf(
            Deque<Segment> segments, ForwardingOutbox.RowReader reader, long committed) {
        while (!segments.isEmpty()) {
            Segment first = segments.getFirst();
            if (first.peek(reader, committed) != null) {
                return first;
            }
            segments.removeFirst();
        }
        return null;
    }

    /** How long until the rate limit lets a row of the backlog pass; 0 if it is not what holds it. */
    long nanosUntilReplay(long nowNanos) {
        return replayRate == null || backlog.isEmpty() ? 0 : replayRate.nanosUntilNext(nowNanos);
    }
}

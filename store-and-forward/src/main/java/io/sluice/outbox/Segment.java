package io.sluice.outbox;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A span of positions that is handed over in order, read in chunks. Confined to thread {@code forwarder}. */
final class Segment {

    private static final int CHUNK_ROWS = 256;
    private static final long SCAN_POSITIONS = 10_000;

    private final int stream;
    private final @Nullable SequenceSet only;
    private final Deque<Row> buffer = new ArrayDeque<>();
    private long next;
    private long to;

    /** All rows of the span. */
    Segment(long from, long to) {
        this(from, to, 0, null);
    }

    /** Only these numbers of one stream. */
    Segment(long from, long to, int stream, @Nullable SequenceSet only) {
        this.next = from;
        this.to = to;
        this.stream = stream;
        this.only = only;
    }

    /** The next row without taking it; null if there is none up to {@code committed} at the moment. */
    @Nullable
    Row peek(ForwardingOutbox.RowReader reader, long committed) {
        long end = Math.min(to, committed);
        while (buffer.isEmpty() && next <= end) {
            fill(reader, end);
        }
        return buffer.peek();
    }

    private void fill(ForwardingOutbox.RowReader reader, long end) {
        if (only == null) {
            List<Row> rows = reader.read(next, end, CHUNK_ROWS);
            buffer.addAll(rows);
            next = rows.isEmpty() ? end + 1 : rows.getLast().position() + 1;
        } else {
            List<Row> rows = reader.read(next, end, stream, CHUNK_ROWS);
            rows.stream().filter(row -> only.contains(row.sequence())).forEach(buffer::add);
            next = rows.isEmpty()
                    ? Math.min(end + 1, next + SCAN_POSITIONS)
                    : rows.getLast().position() + 1;
        }
    }

    void take() {
        buffer.remove();
    }

    /** From now on it ends there. */
    void endAt(long position) {
        to = position;
    }

    boolean isExhausted() {
        return buffer.isEmpty() && next > to;
    }
}

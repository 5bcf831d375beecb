package io.sluice.outbox;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * The newest committed rows in memory, so that the forwarder need not read the disk while it keeps up. Bounded in bytes:
 * the oldest leave first. Written by {@code outbox-writer}, read by {@code forwarder}.
 */
final class Tail {

    private final Deque<Row> rows = new ArrayDeque<>();
    private final long limitBytes;
    private long bytes;

    Tail(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /**
     * What a commit changed.
     *
     * @param droppedTo rows up to this position left the outbox for a limit
     */
    synchronized void add(List<Row> committed, long droppedTo) {
        while (!rows.isEmpty() && rows.peekFirst().position() <= droppedTo) {
            bytes -= rows.removeFirst().bytes();
        }
        for (Row row : committed) {
            rows.addLast(row);
            bytes += row.bytes();
        }
        while (bytes > limitBytes && !rows.isEmpty()) {
            bytes -= rows.removeFirst().bytes();
        }
    }

    /**
     * The rows from a position on, if they are all here; empty if the disk must be asked. Those before it are let go:
     * there is one reader, and it does not come back for them.
     */
    synchronized List<Row> takeFrom(long from, long to, int limit) {
        if (rows.isEmpty() || rows.peekFirst().position() > from) {
            return List.of();
        }
        List<Row> taken = new ArrayList<>(Math.min(limit, rows.size()));
        while (!rows.isEmpty() && rows.peekFirst().position() <= to && taken.size() < limit) {
            Row row = rows.removeFirst();
            bytes -= row.bytes();
            if (row.position() >= from) {
                taken.add(row);
            }
        }
        return taken;
    }
}

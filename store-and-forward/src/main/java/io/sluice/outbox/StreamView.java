package io.sluice.outbox;

import java.util.TreeMap;

/** A stream as the forwarder sees it: ahead of the disk by the acknowledgements that are not yet committed. */
final class StreamView {

    final StreamKey key;
    final SequenceSet gone;
    long last;
    boolean opened;
    /** Lowest number of this stream inside a loss range that waits; {@code Long.MAX_VALUE} if none. */
    long lowestLost = Long.MAX_VALUE;

    private long settledSaid;
    private long movedSinceNanos;
    private boolean moved;
    private long heartbeatNanos;

    /** Rows that were refused for now; the stream stands while there are any. */
    final TreeMap<Long, Row> held = new TreeMap<>();

    long retryAtNanos;
    boolean probing;
    long parkedFrom = Long.MAX_VALUE;
    long parkedTo;

    StreamView(StreamKey key, long last, SequenceSet gone, boolean opened, long nowNanos) {
        this.key = key;
        this.last = last;
        this.gone = gone;
        this.opened = opened;
        this.heartbeatNanos = nowNanos;
    }

    /** Lowest number that still waits for a PUBACK, as a message or inside a loss range; last + 1 if none. */
    long settled() {
        return Math.min(gone.lowestAbsent(), lowestLost);
    }

    boolean isDrained() {
        return settled() > last;
    }

    boolean isHeld() {
        return !held.isEmpty();
    }

    void noteMoved(long nowNanos) {
        if (!moved && settled() != settledSaid) {
            moved = true;
            movedSinceNanos = nowNanos;
        }
    }

    /** A message or a heartbeat carries {@code settled} now. */
    long say() {
        settledSaid = settled();
        moved = false;
        return settledSaid;
    }

    void saidByHeartbeat(long nowNanos) {
        heartbeatNanos = nowNanos;
    }

    boolean isHeartbeatDue(long nowNanos, Forwarder.Timing timing) {
        return moved && nowNanos - movedSinceNanos >= timing.settledNanos()
                || nowNanos - heartbeatNanos >= timing.heartbeatNanos();
    }

    void park(long position) {
        parkedFrom = Math.min(parkedFrom, position);
        parkedTo = Math.max(parkedTo, position);
    }
}

package io.sluice.outbox;

import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
    /** Why the last of them was refused. */
    String heldReason = "";

    /** The held row that is in flight again; 0 if none. */
    long probePosition;

    /** Numbers whose hand-over ended connections, and that are held for it. */
    final Set<Long> suspected = new HashSet<>();

    /** Up to here it was committed when the connection came: what waits of it is backlog. */
    private long backlogTo;

    /** Up to here it goes in lane {@code RETRY}, since the stream stood; 0 if it did not. */
    private long retryTo;

    /** The highest number acknowledged since this process began. */
    long lastAcknowledged;

    /** The message let through past a suspected one; 0 if none. */
    private long witness;

    /** Rows that were passed over while the stream stood: exactly these go when it goes on. */
    private SequenceSet parked = new SequenceSet();

    private long parkedFrom = Long.MAX_VALUE;
    private long parkedTo;

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

    /** It ended connections before, and a later message of the stream did not. */
    boolean isProvenCulprit(Row row) {
        return suspected.contains(row.sequence()) && lastAcknowledged > row.sequence();
    }

    /**
     * Whether this row goes although the stream stands: while nothing later than what is suspected has been acknowledged, one
     * message shows whether the broker takes others of the stream.
     */
    boolean takesWitness(Row row) {
        boolean wanted = witness == 0
                && suspected.stream().anyMatch(number -> number > lastAcknowledged && number < row.sequence());
        witness = wanted ? row.sequence() : witness;
        return wanted;
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

    void connected() {
        backlogTo = last;
    }

    /** It stood, and goes on: what was refused or passed over goes first. */
    void goesOn() {
        held.values().forEach(row -> retryTo = Math.max(retryTo, row.sequence()));
        retryTo = Math.max(retryTo, parked.highest());
    }

    /** Where what waits of it is; without a connection everything is what the next one finds. */
    Forwarding.Stream standing(boolean isConnected, long nowNanos) {
        long backlog = isConnected ? backlogTo : last;
        long heldFrom = held.isEmpty() ? last + 1 : held.firstEntry().getValue().sequence();
        long retryEnd = Math.min(retryTo, heldFrom - 1);
        long backlogEnd = Math.max(retryEnd, Math.min(backlog, heldFrom - 1));
        return new Forwarding.Stream(
                key.device(),
                key.epoch(),
                retryTo,
                backlog,
                isHeld() ? Optional.of(standing(heldFrom, nowNanos)) : Optional.empty(),
                Map.of(
                        Forwarding.Place.RETRY, gone.absentIn(1, retryEnd),
                        Forwarding.Place.BACKLOG, gone.absentIn(retryEnd + 1, backlogEnd),
                        Forwarding.Place.LIVE, gone.absentIn(backlogEnd + 1, heldFrom - 1),
                        Forwarding.Place.HELD, gone.absentIn(heldFrom, last)));
    }

    private Forwarding.Hold standing(long heldFrom, long nowNanos) {
        Duration retryIn = Duration.ofNanos(probePosition == 0 ? Math.max(0, retryAtNanos - nowNanos) : 0);
        return new Forwarding.Hold(heldFrom, held.size(), retryIn, heldReason);
    }

    void park(Row row) {
        parked.add(row.sequence());
        parkedFrom = Math.min(parkedFrom, row.position());
        parkedTo = Math.max(parkedTo, row.position());
    }

    /** What was passed over, as a segment; null if nothing was. */
    @Nullable
    Segment unpark() {
        if (parkedTo == 0) {
            return null;
        }
        Segment segment = new Segment(parkedFrom, parkedTo, key.id(), parked);
        parked = new SequenceSet();
        parkedFrom = Long.MAX_VALUE;
        parkedTo = 0;
        return segment;
    }
}

package io.sluice.outbox;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the forwarder knows and decides: which row goes next, what {@code settled} is, when a heartbeat is due. Time is
 * passed in. Confined to thread {@code forwarder}.
 */
final class Dispatch {

    private record InFlight(Row row, Outgoing.Lane lane) {}

    private final ForwardingOutbox outbox;
    private final ForwardingOutbox.RowReader reader;
    private final Publisher publisher;
    private final Forwarder.Timing timing;
    private final Lanes lanes;
    private final Heartbeats heartbeats;
    private final RangeDispatch ranges;

    private final Map<Integer, StreamView> streams = new LinkedHashMap<>();
    private final Map<Long, InFlight> inFlight = new HashMap<>();
    private final LossNews lossNews = new LossNews();
    private int backlogInFlight;
    private int heldStreams;
    private long committed;

    // valid for the connection
    private boolean connected;
    private int window;

    Dispatch(
            ForwardingOutbox outbox,
            ForwardingOutbox.Snapshot snapshot,
            Publisher publisher,
            Forwarder.Replay replay,
            OptionalInt replayRate,
            Collection<String> devices,
            Forwarder.Timing timing,
            long nowNanos) {
        this.outbox = outbox;
        this.reader = outbox.reader();
        this.publisher = publisher;
        this.timing = timing;
        this.lanes = new Lanes(replay, replayRate, nowNanos);
        RunEpoch current = outbox.epoch();
        this.heartbeats = new Heartbeats(publisher, timing, current, streams, devices, nowNanos);
        this.ranges = new RangeDispatch(outbox, publisher, timing, streams);
        this.committed = snapshot.lastPosition();
        snapshot.streams().forEach(stream -> grow(stream, nowNanos));
        snapshot.ranges().forEach(range -> ranges.change(range, nowNanos));
        streams.values().removeIf(view -> view.isDrained() && !view.key.epoch().equals(current));
    }

    // ---- what happens

    void connected(long number, int newWindow) {
        connected = true;
        heartbeats.connected(number);
        window = newWindow;
        lanes.connected(committed);
        streams.values().forEach(StreamView::connected);
    }

    void disconnected() {
        connected = false;
    }

    /** How far what waits is on its way. */
    Forwarding forwarding(long nowNanos) {
        Map<Long, Outgoing.Lane> positions = new HashMap<>();
        inFlight.forEach((position, sent) -> positions.put(position, sent.lane()));
        return new Forwarding(
                connected,
                positions,
                streams.values().stream()
                        .filter(view -> !view.gone.coversTo(view.last))
                        .map(view -> view.standing(connected, nowNanos))
                        .toList());
    }

    Heartbeats heartbeats() {
        return heartbeats;
    }

    boolean isConnected() {
        return connected;
    }

    void changed(ForwardingOutbox.Change change, long nowNanos) {
        committed = Math.max(committed, change.lastPosition());
        change.streams().forEach(stream -> grow(stream, nowNanos));
        for (ForwardingOutbox.Dropped dropped : change.dropped()) {
            lossNews.add(dropped.key().device());
            StreamView view = streams.get(dropped.key().id());
            if (view != null) {
                view.gone.addAll(dropped.first(), dropped.last());
            }
        }
        change.rangesGone().forEach(id -> ranges.remove(id, nowNanos));
        change.ranges().forEach(range -> ranges.change(range, nowNanos));
    }

    private void grow(ForwardingOutbox.StreamSnapshot stream, long nowNanos) {
        StreamView view = streams.get(stream.key().id());
        if (view == null) {
            boolean opened = heartbeats.isOpened(stream);
            streams.put(
                    stream.key().id(), new StreamView(stream.key(), stream.last(), stream.gone(), opened, nowNanos));
        } else {
            view.last = stream.last();
        }
    }

    void completed(long position, Outcome outcome, long nowNanos) {
        if (position < 0) {
            ranges.completed(position, outcome, nowNanos);
            return;
        }
        InFlight done = inFlight.remove(position);
        if (done == null) {
            return;
        }
        if (done.lane() == Outgoing.Lane.BACKLOG) {
            backlogInFlight--;
        }
        StreamView view = streams.get(done.row().stream().id());
        switch (outcome) {
            case Outcome.Acknowledged() -> acknowledged(done.row(), view, nowNanos);
            case Outcome.Rejected(String reason) -> {
                outbox.reject(position, reason);
                goOn(view, position);
            }
            case Outcome.Held(String reason) -> hold(done.row(), view, reason, nowNanos);
            case Outcome.Suspected(String reason) -> suspect(done.row(), view, reason, nowNanos);
            case Outcome.Unknown() -> goOn(view, position);
        }
    }

    private void acknowledged(Row row, @Nullable StreamView view, long nowNanos) {
        outbox.acknowledge(row);
        if (view != null) {
            view.gone.add(row.sequence());
            view.lastAcknowledged = Math.max(view.lastAcknowledged, row.sequence());
            view.noteMoved(nowNanos);
            goOn(view, row.position());
        }
    }

    private void hold(Row row, @Nullable StreamView view, String reason, long nowNanos) {
        if (view != null) {
            view.heldReason = reason;
            heldStreams += view.isHeld() ? 0 : 1;
            view.held.put(row.position(), row);
            view.retryAtNanos = nowNanos + timing.retryNanos();
            view.probePosition = view.probePosition == row.position() ? 0 : view.probePosition;
        }
    }

    private void suspect(Row row, @Nullable StreamView view, String reason, long nowNanos) {
        if (view != null && view.isProvenCulprit(row)) {
            outbox.reject(row.position(), reason);
            goOn(view, row.position());
        } else {
            hold(row, view, reason, nowNanos);
            if (view != null) {
                view.suspected.add(row.sequence());
            }
        }
    }

    /** If this was the probe of a held stream, the stream goes on. */
    private void goOn(@Nullable StreamView view, long position) {
        if (view != null && view.probePosition == position) {
            view.held.remove(position);
            view.probePosition = 0;
            view.goesOn();
            lanes.release(view);
            heldStreams--;
        }
    }

    // ---- what goes out

    /** Hands over as much as the window allows. */
    void pump(long nowNanos) {
        ranges.send(this::hasCredit, nowNanos);
        probeHeld(nowNanos);
        while (hasCredit()) {
            Lanes.Choice choice = lanes.next(reader, committed, nowNanos, backlogInFlight < backlogWindow());
            if (choice == null) {
                return;
            }
            offer(choice);
        }
    }

    private boolean hasCredit() {
        return inFlight.size() + ranges.inFlight() < window;
    }

    /** A part of the window is kept for live rows, so that they do not queue behind the backlog. */
    private int backlogWindow() {
        return Math.max(1, window - window / 4);
    }

    private void offer(Lanes.Choice choice) {
        StreamView view = streams.get(choice.row().stream().id());
        if (view == null || view.gone.contains(choice.row().sequence())) {
            return; // dropped or ended since it was read
        }
        if (view.isHeld() && !view.takesWitness(choice.row())) {
            view.park(choice.row());
            return;
        }
        send(choice.row(), view, choice.lane());
    }

    /** Tells of devices that lost something, those that are due. */
    void tellLosses(Consumer<String> told, long nowNanos) {
        lossNews.tell(told, nowNanos);
    }

    private void send(Row row, StreamView view, Outgoing.Lane lane) {
        lossNews.look(row);
        inFlight.put(row.position(), new InFlight(row, lane));
        if (lane == Outgoing.Lane.BACKLOG) {
            backlogInFlight++;
        }
        publisher.publish(new Outgoing(
                row.position(), view.key.device(), view.key.epoch(), row.sequence(), view.say(), lane, row.content()));
    }

    private void probeHeld(long nowNanos) {
        if (heldStreams == 0) {
            return;
        }
        for (StreamView view : streams.values()) {
            if (view.isHeld() && view.probePosition == 0 && nowNanos - view.retryAtNanos >= 0 && hasCredit()) {
                Row probe = view.held.firstEntry().getValue();
                view.probePosition = probe.position();
                send(probe, view, Outgoing.Lane.RETRY);
            }
        }
    }

    /** How long nothing is due if nothing happens. */
    long nanosUntilDue(long nowNanos) {
        long replay = lanes.nanosUntilReplay(nowNanos);
        long timer = timing.settledNanos() / 4;
        return replay > 0 ? Math.min(replay, timer) : timer;
    }

    void close() {
        reader.close();
    }
}

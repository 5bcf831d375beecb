package io.sluice.outbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What the forwarder knows and decides: which row goes next, what {@code settled} is, when a heartbeat is due. Time is
 * passed in. Confined to thread {@code forwarder}.
 */
final class Dispatch {

    private record InFlight(Row row, Outgoing.Lane lane) {}

    private static final class RangeView {
        LossRange range;
        long sentPosition;
        long notBeforeNanos;

        RangeView(LossRange range, long nowNanos) {
            this.range = range;
            this.notBeforeNanos = nowNanos;
        }
    }

    private final ForwardingOutbox outbox;
    private final ForwardingOutbox.RowReader reader;
    private final Publisher publisher;
    private final Forwarder.Timing timing;
    private final Lanes lanes;
    private final RunEpoch current;
    private final Set<String> announced;

    private final Map<Integer, StreamView> streams = new LinkedHashMap<>();
    private final Map<Long, RangeView> ranges = new TreeMap<>();
    private final Map<Long, InFlight> inFlight = new HashMap<>();
    private final Set<String> openedWithoutRows = new LinkedHashSet<>();
    private final LossNews lossNews = new LossNews();
    private int rangesInFlight;
    private int backlogInFlight;
    private int heldStreams;
    private long committed;
    private boolean mayBeUnopened = true;
    private long heartbeatsLookedNanos;

    // valid for the connection
    private boolean connected;
    private long connection;
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
        this.current = outbox.epoch();
        this.announced = new LinkedHashSet<>(devices);
        this.committed = snapshot.lastPosition();
        this.heartbeatsLookedNanos = nowNanos - timing.settledNanos();
        snapshot.streams().forEach(stream -> grow(stream, nowNanos));
        snapshot.ranges().forEach(range -> changeRange(range, nowNanos));
        streams.values().removeIf(view -> view.isDrained() && !view.key.epoch().equals(current));
    }

    // ---- what happens

    void connected(long number, int newWindow) {
        connected = true;
        connection = number;
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
        change.rangesGone().forEach(id -> removeRange(id, nowNanos));
        change.ranges().forEach(range -> changeRange(range, nowNanos));
    }

    private void grow(ForwardingOutbox.StreamSnapshot stream, long nowNanos) {
        StreamView view = streams.get(stream.key().id());
        if (view == null) {
            boolean opened = stream.opened() || isOpenedWithoutRows(stream.key());
            mayBeUnopened |= !opened;
            streams.put(
                    stream.key().id(), new StreamView(stream.key(), stream.last(), stream.gone(), opened, nowNanos));
        } else {
            view.last = stream.last();
        }
    }

    private boolean isOpenedWithoutRows(StreamKey key) {
        return key.epoch().equals(current) && openedWithoutRows.contains(key.device());
    }

    private void changeRange(LossRange range, long nowNanos) {
        RangeView view = ranges.get(range.id());
        if (view == null) {
            ranges.put(range.id(), new RangeView(range, nowNanos));
        } else {
            view.range = range;
        }
        lostChanged(range.device(), nowNanos);
    }

    private void removeRange(long id, long nowNanos) {
        RangeView gone = ranges.remove(id);
        if (gone != null) {
            if (gone.sentPosition != 0) {
                rangesInFlight--;
            }
            lostChanged(gone.range.device(), nowNanos);
        }
    }

    private void lostChanged(String device, long nowNanos) {
        for (StreamView view : streams.values()) {
            if (view.key.device().equals(device)) {
                view.lowestLost = lowestLost(view.key);
                view.noteMoved(nowNanos);
            }
        }
    }

    private long lowestLost(StreamKey key) {
        return ranges.values().stream()
                .map(view -> view.range)
                .filter(range -> range.device().equals(key.device()) && range.touches(key.epoch()))
                .mapToLong(range -> range.lowestIn(key.epoch()))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    void completed(long position, Outcome outcome, long nowNanos) {
        if (position < 0) {
            rangeCompleted(position, outcome, nowNanos);
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

    private void rangeCompleted(long position, Outcome outcome, long nowNanos) {
        RangeView view = ranges.get(LossRange.idOf(position));
        if (view == null || view.sentPosition != position) {
            return;
        }
        view.sentPosition = 0;
        rangesInFlight--;
        switch (outcome) {
            case Outcome.Acknowledged() -> {
                outbox.acknowledge(position);
                view.notBeforeNanos = nowNanos + timing.settledNanos();
                if (view.range.isAt(position)) {
                    ranges.remove(view.range.id());
                    lostChanged(view.range.device(), nowNanos);
                }
            }
            case Outcome.Rejected(String reason) -> view.notBeforeNanos = nowNanos + timing.retryNanos();
            case Outcome.Held(String reason) -> view.notBeforeNanos = nowNanos + timing.retryNanos();
            case Outcome.Suspected(String reason) -> view.notBeforeNanos = nowNanos + timing.retryNanos();
            case Outcome.Unknown() -> view.notBeforeNanos = nowNanos;
        }
    }

    // ---- opening heartbeats

    /** Streams and devices whose opening heartbeat has not been sent; those without rows have the id 0. */
    List<StreamKey> unopened() {
        if (!mayBeUnopened) {
            return List.of();
        }
        List<StreamKey> unopened = new ArrayList<>();
        Set<String> withRows = new LinkedHashSet<>();
        for (StreamView view : streams.values()) {
            if (view.key.epoch().equals(current)) {
                withRows.add(view.key.device());
            }
            if (!view.opened) {
                unopened.add(view.key);
            }
        }
        for (String device : announced) {
            if (!withRows.contains(device) && !openedWithoutRows.contains(device)) {
                unopened.add(new StreamKey(0, device, current));
            }
        }
        mayBeUnopened = !unopened.isEmpty();
        return unopened;
    }

    /**
     * Sends them.
     *
     * @param noted whether the database knows that they are opened; if not, they go as ordinary heartbeats, so that no
     *     later one can claim to be the first
     */
    void open(List<StreamKey> keys, boolean noted, long nowNanos) {
        for (StreamKey key : keys) {
            StreamView view = streams.get(key.id());
            if (view != null) {
                view.opened = true;
                heartbeat(view, noted, false, nowNanos);
            } else if (key.id() == 0 && openedWithoutRows.add(key.device())) {
                publisher.publish(heartbeat(key, 1, 0, noted, false));
            }
        }
    }

    // ---- what goes out

    /** Hands over as much as the window allows. */
    void pump(long nowNanos) {
        sendRanges(nowNanos);
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
        return inFlight.size() + rangesInFlight < window;
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

    private void sendRanges(long nowNanos) {
        for (RangeView view : ranges.values()) {
            if (!hasCredit()) {
                return;
            }
            if (view.sentPosition == 0 && nowNanos - view.notBeforeNanos >= 0) {
                send(view);
            }
        }
    }

    private void send(RangeView view) {
        LossRange range = view.range;
        view.sentPosition = range.position();
        rangesInFlight++;
        long settled = streams.values().stream()
                .filter(stream -> stream.key.device().equals(range.device())
                        && stream.key.epoch().equals(range.lastEpoch()))
                .mapToLong(StreamView::say)
                .findFirst()
                .orElse(0);
        publisher.publish(new Outgoing(
                range.position(),
                range.device(),
                range.lastEpoch(),
                0,
                settled,
                Outgoing.Lane.BACKLOG,
                range.content()));
    }

    // ---- heartbeats

    /** Sends those that are due; an older epoch that has drained gets its last one and is forgotten. */
    void heartbeats(long nowNanos) {
        if (nowNanos - heartbeatsLookedNanos < timing.settledNanos() / 4) {
            return;
        }
        heartbeatsLookedNanos = nowNanos;
        List<Integer> ended = new ArrayList<>();
        for (StreamView view : streams.values()) {
            boolean over = view.isDrained() && !view.key.epoch().equals(current);
            if (over) {
                ended.add(view.key.id());
            }
            if (over || view.isHeartbeatDue(nowNanos, timing)) {
                heartbeat(view, false, over, nowNanos);
            }
        }
        ended.forEach(streams::remove);
    }

    /** The last ones of a clean stop. */
    void closing(long nowNanos) {
        Set<String> said = new LinkedHashSet<>();
        for (StreamView view : streams.values()) {
            boolean isCurrent = view.key.epoch().equals(current);
            if (isCurrent) {
                said.add(view.key.device());
            }
            heartbeat(view, false, isCurrent, nowNanos);
        }
        for (String device : openedWithoutRows) {
            if (said.add(device)) {
                publisher.publish(heartbeat(new StreamKey(0, device, current), 1, 0, false, true));
            }
        }
    }

    private void heartbeat(StreamView view, boolean opening, boolean closing, long nowNanos) {
        view.saidByHeartbeat(nowNanos);
        publisher.publish(heartbeat(view.key, view.say(), view.last, opening, closing));
    }

    private Outgoing heartbeat(StreamKey key, long settled, long last, boolean opening, boolean closing) {
        return new Outgoing(
                0,
                key.device(),
                key.epoch(),
                0,
                settled,
                Outgoing.Lane.LIVE,
                new Outgoing.Heartbeat(last, connection, opening, closing));
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

package io.sluice.outbox;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The heartbeats of all streams: the opening ones before the first message, those that are due, the last ones. Time is
 * passed in. Confined to thread {@code forwarder}.
 */
final class Heartbeats {

    private final Publisher publisher;
    private final Forwarder.Timing timing;
    private final RunEpoch current;
    private final Map<Integer, StreamView> streams;
    private final Set<String> announced;
    private final Set<String> openedWithoutRows = new LinkedHashSet<>();
    private boolean mayBeUnopened = true;
    private long lookedNanos;
    private long connection;

    /**
     * @param current the epoch of this run
     * @param streams those of the forwarder; an older one that has drained is taken out
     * @param announced devices that get heartbeats even before their first message
     */
    Heartbeats(
            Publisher publisher,
            Forwarder.Timing timing,
            RunEpoch current,
            Map<Integer, StreamView> streams,
            Collection<String> announced,
            long nowNanos) {
        this.publisher = publisher;
        this.timing = timing;
        this.current = current;
        this.streams = streams;
        this.announced = new LinkedHashSet<>(announced);
        this.lookedNanos = nowNanos - timing.settledNanos();
    }

    void connected(long number) {
        connection = number;
    }

    /** A stream is seen for the first time: whether its opening heartbeat has been sent. */
    boolean isOpened(ForwardingOutbox.StreamSnapshot stream) {
        StreamKey key = stream.key();
        boolean opened = stream.opened() || key.epoch().equals(current) && openedWithoutRows.contains(key.device());
        mayBeUnopened |= !opened;
        return opened;
    }

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

    /** Sends those that are due; an older epoch that has drained gets its last one and is forgotten. */
    void sendDue(long nowNanos) {
        if (nowNanos - lookedNanos < timing.settledNanos() / 4) {
            return;
        }
        lookedNanos = nowNanos;
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
}

package io.sluice.outbox;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;

/**
 * Loss ranges on their way to the broker: each goes until the version that was acknowledged is the one that stands. Time is
 * passed in. Confined to thread {@code forwarder}.
 */
final class RangeDispatch {

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
    private final Publisher publisher;
    private final Forwarder.Timing timing;
    private final Map<Integer, StreamView> streams;
    private final Map<Long, RangeView> ranges = new TreeMap<>();
    private int inFlight;

    /** @param streams those of the forwarder; what is lost is noted in them */
    RangeDispatch(
            ForwardingOutbox outbox, Publisher publisher, Forwarder.Timing timing, Map<Integer, StreamView> streams) {
        this.outbox = outbox;
        this.publisher = publisher;
        this.timing = timing;
        this.streams = streams;
    }

    /** How many were handed over and have no outcome. */
    int inFlight() {
        return inFlight;
    }

    void change(LossRange range, long nowNanos) {
        RangeView view = ranges.get(range.id());
        if (view == null) {
            ranges.put(range.id(), new RangeView(range, nowNanos));
        } else {
            view.range = range;
        }
        lostChanged(range.device(), nowNanos);
    }

    /** The database has let go of it. */
    void remove(long id, long nowNanos) {
        RangeView gone = ranges.remove(id);
        if (gone != null) {
            if (gone.sentPosition != 0) {
                inFlight--;
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
        RangeView view = ranges.get(LossRange.idOf(position));
        if (view == null || view.sentPosition != position) {
            return;
        }
        view.sentPosition = 0;
        inFlight--;
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

    /** Hands over those that are due, as far as there is credit. */
    void send(BooleanSupplier hasCredit, long nowNanos) {
        for (RangeView view : ranges.values()) {
            if (!hasCredit.getAsBoolean()) {
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
        inFlight++;
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
}

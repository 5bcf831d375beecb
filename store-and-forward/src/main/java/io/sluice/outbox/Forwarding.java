package io.sluice.outbox;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How far what waits is on its way to the broker, at one moment: in which lane it goes, what is in flight, what stands. It
 * knows an acknowledgement before the database does, so that what it counts may differ from what the database counts by
 * the last moments.
 *
 * @param connected whether anything is handed over at the moment
 * @param inFlight positions that were handed over and have no outcome, with the lane they went in
 * @param streams those that have something waiting
 */
public record Forwarding(boolean connected, Map<Long, Outgoing.Lane> inFlight, List<Stream> streams) {

    /** Where a message goes, or that it does not. */
    public enum Place {
        LIVE,
        BACKLOG,
        RETRY,
        HELD
    }

    /**
     * Why a stream stands.
     *
     * @param from the lowest sequence that was refused for now; it and what follows waits
     * @param refused how many were
     * @param retryIn until the first of them is tried again; zero if it is being tried, or waits for a connection
     * @param reason what the broker or the publisher said of the last of them
     */
    public record Hold(long from, int refused, Duration retryIn, String reason) {}

    /**
     * @param retryTo up to this sequence it goes in lane retry, since it stood; 0 if it did not
     * @param backlogTo up to this sequence it is backlog
     * @param waiting messages by place, in flight or not
     */
    public record Stream(
            String device,
            RunEpoch epoch,
            long retryTo,
            long backlogTo,
            Optional<Hold> hold,
            Map<Place, Long> waiting) {

        private Place place(long sequence) {
            if (hold.isPresent() && sequence >= hold.get().from()) {
                return Place.HELD;
            }
            if (sequence <= retryTo) {
                return Place.RETRY;
            }
            return sequence <= backlogTo ? Place.BACKLOG : Place.LIVE;
        }
    }

    public Forwarding {
        inFlight = Map.copyOf(inFlight);
        streams = List.copyOf(streams);
    }

    /** How a stream stands; empty if nothing of it waited. */
    public Optional<Stream> stream(String device, RunEpoch epoch) {
        return streams.stream()
                .filter(stream ->
                        stream.device().equals(device) && stream.epoch().equals(epoch))
                .findFirst();
    }

    /** Where a waiting message is; one of a stream that came later is live, or backlog while there is no connection. */
    public Place place(OutboxView.WaitingMessage message) {
        Outgoing.Lane lane = inFlight.get(message.position());
        if (lane != null) {
            return switch (lane) {
                case LIVE -> Place.LIVE;
                case BACKLOG -> Place.BACKLOG;
                case RETRY -> Place.RETRY;
            };
        }
        return stream(message.device(), message.epoch())
                .map(stream -> stream.place(message.sequence()))
                .orElse(connected ? Place.LIVE : Place.BACKLOG);
    }

    /** Messages by place, of all streams. */
    public Map<Place, Long> waiting() {
        Map<Place, Long> all = new EnumMap<>(Place.class);
        for (Place place : Place.values()) {
            all.put(place, 0L);
        }
        streams.forEach(stream -> stream.waiting().forEach((place, count) -> all.merge(place, count, Long::sum)));
        return all;
    }
}

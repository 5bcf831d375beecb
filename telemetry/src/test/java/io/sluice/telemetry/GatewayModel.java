package io.sluice.telemetry;

import io.sluice.telemetry.Message.Lane;
import io.sluice.telemetry.Message.LossCount;
import io.sluice.telemetry.Message.LossReason;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A gateway, a broker and a subscriber that joins some time, as simple as can be, with everything written down that really
 * happened. It drops the oldest rows, is killed, reconnects, and the way after the broker may lose messages.
 */
final class GatewayModel {

    /** What really happened to one stream. */
    static final class Stream {
        final String device;
        final Epoch epoch;
        long last;
        boolean opened;
        boolean endSaid;
        final TreeSet<Long> waiting = new TreeSet<>();
        final Map<Long, Message.Body> bodies = new HashMap<>();
        final Set<Long> dropped = new HashSet<>();
        final Set<Long> delivered = new HashSet<>();
        final List<Message.LossRange> ranges = new ArrayList<>();
        long repeats;

        /** Where the subscriber may begin to judge by what it was given. */
        long baseline = Long.MAX_VALUE;

        Stream(String device, Epoch epoch) {
            this.device = device;
            this.epoch = epoch;
        }

        long settled() {
            long lowest = waiting.isEmpty() ? last + 1 : waiting.first();
            for (Message.LossRange range : ranges) {
                lowest = Math.min(lowest, range.first());
            }
            return lowest;
        }
    }

    private record Sent(Stream stream, Message message) {}

    private static final String GATEWAY = "g";

    final Random random;
    final Verifier verifier = new Verifier();
    final Map<String, Stream> streams = new LinkedHashMap<>();
    final boolean lossy;
    boolean joined;

    @Nullable
    Epoch heard;

    private Epoch epoch = new Epoch(1, 1);
    private boolean connected;
    private long connection;
    private List<Sent> unsentBacklog = new ArrayList<>();
    private List<Sent> unsentLive = new ArrayList<>();
    private final List<Sent> unacknowledged = new ArrayList<>();
    private final ArrayDeque<Sent> toBroker = new ArrayDeque<>();
    private final ArrayDeque<Sent> toGateway = new ArrayDeque<>();

    GatewayModel(Random random, boolean lossy) {
        this.random = random;
        this.lossy = lossy;
    }

    void step() {
        switch (random.nextInt(18)) {
            case 0, 1, 2, 3 -> append("d" + random.nextInt(2));
            case 4 -> connect();
            case 5, 6, 7, 8 -> send();
            case 9, 10, 11 -> broker();
            case 12, 13 -> acknowledge();
            case 14 -> heartbeats();
            case 15 -> dropOldest();
            case 16 -> sendRanges();
            case 17 -> rarely();
            default -> throw new AssertionError();
        }
    }

    private void rarely() {
        switch (random.nextInt(8)) {
            case 0 -> kill();
            case 1, 2 -> disconnect();
            case 3, 4 -> joined = true;
            default -> endEpochs();
        }
    }

    /** Everything goes out, is delivered and acknowledged. */
    void drain() {
        joined = true;
        connect();
        for (int i = 0; i < 3; i++) {
            while (!unsentLive.isEmpty() || !unsentBacklog.isEmpty()) {
                send();
            }
            flow();
            sendRanges();
            flow();
            endEpochs();
        }
        heartbeats();
        flow();
    }

    private void flow() {
        while (!toBroker.isEmpty() || !toGateway.isEmpty()) {
            broker();
            acknowledge();
        }
    }

    private Stream stream(String device) {
        return streams.computeIfAbsent(device + epoch, _ -> new Stream(device, epoch));
    }

    private void append(String device) {
        Stream stream = stream(device);
        if (stream.last == 0) {
            append(stream, start(device));
        }
        append(stream, batch());
    }

    static Message.Batch batch() {
        return new Message.Batch(ClockState.UNKNOWN, Message.Origin.LIVE, PtpTimestamp.ofNanos(0), List.of());
    }

    private Message.Start start(String device) {
        Optional<Stream> previous = streams.values().stream()
                .filter(stream -> stream.device.equals(device) && !stream.epoch.equals(epoch) && stream.last > 0)
                .reduce((_, second) -> second);
        return new Message.Start(
                previous.map(stream -> stream.epoch),
                previous.map(stream -> stream.last).orElse(0L),
                false,
                Optional.empty(),
                "",
                PtpTimestamp.ofNanos(0),
                "");
    }

    private void append(Stream stream, Message.Body body) {
        long sequence = ++stream.last;
        stream.waiting.add(sequence);
        stream.bodies.put(sequence, body);
        unsentLive.add(new Sent(stream, message(stream, sequence, Lane.LIVE, body)));
    }

    private static Message message(Stream stream, long sequence, Lane lane, Message.Body body) {
        return new Message(1, GATEWAY, stream.device, stream.epoch, sequence, stream.settled(), lane, body);
    }

    private void connect() {
        if (connected) {
            return;
        }
        connected = true;
        connection++;
        streams.values().forEach(this::open);
        unacknowledged.forEach(sent -> transmit(sent.stream, sent.message));
        unsentLive.forEach(sent -> unsentBacklog.add(inBacklog(sent)));
        unsentLive.clear();
    }

    /** Before anything else of the stream. */
    private void open(Stream stream) {
        if (!stream.opened) {
            stream.opened = true;
            var opening = new Message.Heartbeat(stream.last, connection, true, false);
            toBroker.add(new Sent(stream, message(stream, 0, Lane.LIVE, opening)));
        }
    }

    private static Sent inBacklog(Sent sent) {
        return new Sent(sent.stream, message(sent.stream, sent.message.sequence(), Lane.BACKLOG, sent.message.body()));
    }

    private void disconnect() {
        connected = false;
        toBroker.clear();
        toGateway.clear();
    }

    private void kill() {
        disconnect();
        epoch = new Epoch(epoch.order() + 1, random.nextLong());
        connection = 0;
        unacknowledged.clear();
        unsentLive.clear();
        unsentBacklog = new ArrayList<>();
        for (Stream stream : streams.values()) {
            for (long sequence : stream.waiting) {
                Message.Body body = java.util.Objects.requireNonNull(stream.bodies.get(sequence));
                unsentBacklog.add(new Sent(stream, message(stream, sequence, Lane.BACKLOG, body)));
            }
        }
    }

    private void send() {
        List<Sent> lane =
                unsentLive.isEmpty() || (random.nextBoolean() && !unsentBacklog.isEmpty()) ? unsentBacklog : unsentLive;
        if (!connected || lane.isEmpty()) {
            return;
        }
        Sent next = lane.removeFirst();
        if (next.stream.waiting.contains(next.message.sequence())) {
            Message message = message(next.stream, next.message.sequence(), next.message.lane(), next.message.body());
            unacknowledged.add(new Sent(next.stream, message));
            transmit(next.stream, message);
        }
    }

    private void transmit(Stream stream, Message message) {
        open(stream);
        toBroker.add(new Sent(stream, message));
    }

    private void broker() {
        Sent sent = toBroker.poll();
        if (sent == null) {
            return;
        }
        toGateway.add(sent);
        boolean lost = lossy && sent.message.body() instanceof Message.Batch && random.nextInt(6) == 0;
        if (joined && !lost) {
            deliver(sent);
        }
    }

    private void deliver(Sent sent) {
        note(sent.stream, sent.message);
        verifier.accept(sent.message);
    }

    private void note(Stream stream, Message message) {
        long sequence = message.sequence();
        if (message.body() instanceof Message.Heartbeat heartbeat) {
            stream.baseline = heartbeat.opening() ? 1 : Math.min(stream.baseline, Long.MAX_VALUE);
            if (stream.baseline == Long.MAX_VALUE) {
                stream.baseline = heartbeat.last() + 1;
            }
        } else if (sequence > 0) {
            if (message.lane() == Lane.LIVE) {
                stream.baseline = stream.baseline == Long.MAX_VALUE ? sequence : stream.baseline;
                heard = heard == null || stream.epoch.compareTo(heard) < 0 ? stream.epoch : heard;
            }
            stream.repeats += stream.delivered.add(sequence) ? 0 : 1;
        }
    }

    private void acknowledge() {
        Sent sent = toGateway.poll();
        if (sent == null) {
            return;
        }
        if (sent.message.body() instanceof Message.LossRange range) {
            sent.stream.ranges.remove(range);
        } else if (sent.message.sequence() > 0) {
            sent.stream.waiting.remove(sent.message.sequence());
            unacknowledged.removeIf(
                    other -> other.stream == sent.stream && other.message.sequence() == sent.message.sequence());
        }
    }

    private void heartbeats() {
        if (connected) {
            for (Stream stream : streams.values()) {
                transmit(
                        stream,
                        message(stream, 0, Lane.LIVE, new Message.Heartbeat(stream.last, connection, false, false)));
            }
        }
    }

    private void dropOldest() {
        for (Stream stream : streams.values()) {
            if (!stream.waiting.isEmpty() && random.nextInt(3) == 0) {
                for (int i = random.nextInt(3); i >= 0 && !stream.waiting.isEmpty(); i--) {
                    drop(stream, stream.waiting.first());
                }
            }
        }
    }

    private void drop(Stream stream, long sequence) {
        stream.waiting.remove(sequence);
        stream.dropped.add(sequence);
        unacknowledged.removeIf(sent -> sent.stream == stream && sent.message.sequence() == sequence);
        Message.LossRange range = range(stream, sequence, sequence, 1, 1);
        if (!stream.ranges.isEmpty()) {
            Message.LossRange last = stream.ranges.removeLast();
            long messages = last.counts().getFirst().messages() + 1;
            range = range(stream, last.first(), sequence, messages, last.version() + 1);
        }
        stream.ranges.add(range);
    }

    private static Message.LossRange range(Stream stream, long first, long last, long messages, long version) {
        var counts = List.of(new LossCount(LossReason.EVICTED, messages, messages));
        return new Message.LossRange(stream.epoch, first, stream.epoch, last, counts, version);
    }

    private void sendRanges() {
        if (connected) {
            for (Stream stream : streams.values()) {
                stream.ranges.forEach(range -> transmit(stream, message(stream, 0, Lane.LIVE, range)));
            }
        }
    }

    private void endEpochs() {
        for (Stream stream : List.copyOf(streams.values())) {
            boolean done = stream.waiting.isEmpty() && stream.ranges.isEmpty() && stream.last > 0;
            if (done && !stream.endSaid && !stream.epoch.equals(epoch)) {
                stream.endSaid = true;
                append(stream.device);
                append(stream(stream.device), new Message.EpochEnd(stream.epoch, stream.last));
            }
        }
    }
}

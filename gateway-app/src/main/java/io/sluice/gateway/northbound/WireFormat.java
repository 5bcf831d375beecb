package io.sluice.gateway.northbound;

import io.sluice.outbox.Outgoing;
import io.sluice.telemetry.Epoch;
import io.sluice.telemetry.JsonCodec;
import io.sluice.telemetry.MalformedMessage;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.Message.Lane;
import io.sluice.telemetry.Message.LossCount;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.ProtobufCodec;
import io.sluice.telemetry.PtpTimestamp;
import java.util.List;
import java.util.Map;

/**
 * Makes payloads of what the outbox hands out. In Protobuf the envelope goes in front of the stored body as it is; JSON is
 * made anew from it. Thread-safe.
 */
final class WireFormat {

    private final String gateway;
    private final String software;
    private final boolean json;
    private final AliasTables tables;

    WireFormat(String gateway, String software, boolean json, AliasTables tables) {
        this.gateway = gateway;
        this.software = software;
        this.json = json;
        this.tables = tables;
    }

    /**
     * @throws MalformedMessage if a stored body cannot be read back (JSON only)
     */
    byte[] encode(Outgoing out) throws MalformedMessage {
        if (out.content() instanceof Outgoing.Body(byte[] body)) {
            byte[] whole = ProtobufCodec.envelope(
                    gateway, out.device(), Epochs.of(out.epoch()), out.sequence(), out.settled(), lane(out), body);
            return json ? json(ProtobufCodec.decode(whole)) : whole;
        }
        return encode(new Message(
                Message.SCHEMA,
                gateway,
                out.device(),
                Epochs.of(out.epoch()),
                out.sequence(),
                out.settled(),
                lane(out),
                body(out.content())));
    }

    /** A message that the outbox knows nothing of: a birth or a status. */
    byte[] encode(String device, Epoch epoch, Message.Body body) {
        return encode(new Message(Message.SCHEMA, gateway, device, epoch, 0, 0, Lane.UNSPECIFIED, body));
    }

    /** Whether a payload is a status that says "offline". */
    boolean isOffline(byte[] payload) {
        try {
            Message message = json ? JsonCodec.decode(payload) : ProtobufCodec.decode(payload);
            return message.body() instanceof Message.DeviceStatus status && status.state() == Message.State.OFFLINE;
        } catch (MalformedMessage e) {
            return false;
        }
    }

    private byte[] encode(Message message) {
        return json ? json(message) : ProtobufCodec.encode(message);
    }

    private byte[] json(Message message) {
        return JsonCodec.encode(message, alias -> tables.tag(message.device(), alias));
    }

    private static Lane lane(Outgoing out) {
        return switch (out.lane()) {
            case LIVE -> Lane.LIVE;
            case BACKLOG -> Lane.BACKLOG;
            case RETRY -> Lane.RETRY;
        };
    }

    private Message.Body body(Outgoing.Content content) {
        return switch (content) {
            case Outgoing.Start start ->
                new Message.Start(
                        start.previous().map(Epochs::of),
                        start.previousLast(),
                        start.previousClean(),
                        start.lastReadingNanos().map(PtpTimestamp::ofNanos),
                        start.bootId(),
                        PtpTimestamp.ofNanos(start.startedNanos()),
                        software);
            case Outgoing.Loss loss ->
                new Message.Loss(
                        loss.readings().entrySet().stream()
                                .map(e -> new LossCount(reason(e.getKey()), 0, e.getValue()))
                                .toList(),
                        PtpTimestamp.ofNanos(loss.firstNanos()),
                        PtpTimestamp.ofNanos(loss.lastNanos()));
            case Outgoing.EpochEnd end -> new Message.EpochEnd(Epochs.of(end.epoch()), end.last());
            case Outgoing.Range range ->
                new Message.LossRange(
                        Epochs.of(range.firstEpoch()),
                        range.first(),
                        Epochs.of(range.lastEpoch()),
                        range.last(),
                        counts(range.counts()),
                        range.version());
            case Outgoing.Heartbeat beat ->
                new Message.Heartbeat(beat.last(), beat.connection(), beat.opening(), beat.closing());
            case Outgoing.Body _ -> throw new IllegalArgumentException("a stored body is encoded already");
        };
    }

    private static List<LossCount> counts(Map<io.sluice.outbox.LossReason, Outgoing.Count> counts) {
        return counts.entrySet().stream()
                .map(e -> new LossCount(
                        reason(e.getKey()),
                        e.getValue().messages(),
                        e.getValue().readings()))
                .toList();
    }

    private static LossReason reason(io.sluice.outbox.LossReason reason) {
        return LossReason.valueOf(reason.name());
    }
}

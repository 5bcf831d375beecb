package io.sluice.gateway.northbound;

import io.sluice.gateway.northbound.Topics.Kind;
import io.sluice.gateway.time.WallClock;
import io.sluice.mqtt.Publish;
import io.sluice.telemetry.Message.Birth;
import io.sluice.telemetry.Message.Body;
import io.sluice.telemetry.Message.DeviceStatus;
import io.sluice.telemetry.Message.State;
import io.sluice.telemetry.PtpTimestamp;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;

/** Writes what receivers find retained: whether the gateway is there, and the names and states of its devices. Any thread. */
final class RetainedMessages {

    private final WireFormat format;
    private final Topics topics;
    private final AliasTables tables;
    private final WallClock clock;
    private final boolean retain;
    private final int maxBirthBytes;
    private final AtomicLong birthIds = new AtomicLong();

    /** @param retain whether the broker is told to keep them */
    RetainedMessages(
            WireFormat format, Topics topics, AliasTables tables, WallClock clock, boolean retain, int maxBirthBytes) {
        this.format = format;
        this.topics = topics;
        this.tables = tables;
        this.clock = clock;
        this.retain = retain;
        this.maxBirthBytes = maxBirthBytes;
    }

    /** Of the connection with this number. */
    Publish presence(State state, long number, boolean clean) {
        return message(
                Kind.STATUS,
                Topics.GATEWAY_DEVICE,
                new DeviceStatus(state, number, clean, "", PtpTimestamp.ofNanos(clock.now()), Map.of()));
    }

    /** In as many parts as its size needs. */
    List<Publish> birth(String device) {
        return BirthParts.cut(birthIds.incrementAndGet(), tables.births(device), maxBirthBytes).stream()
                .map(part -> birthMessage(device, part))
                .toList();
    }

    private Publish birthMessage(String device, Birth part) {
        Publish first = message(Kind.BIRTH, device, part);
        return part.part() == 0
                ? first
                : new Publish(first.topic() + "/" + part.part(), first.payload(), first.qos(), first.retain());
    }

    Publish status(String device, DeviceStatus status) {
        return message(Kind.STATUS, device, status);
    }

    private Publish message(Kind kind, String device, Body body) {
        return new Publish(topics.of(kind, device), format.encode(device, tables.epoch(), body), 1, retain);
    }
}

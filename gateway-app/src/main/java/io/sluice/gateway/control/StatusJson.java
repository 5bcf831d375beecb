package io.sluice.gateway.control;

import io.sluice.gateway.northbound.BrokerHealth;
import io.sluice.gateway.runtime.GatewayStatus;
import io.sluice.gateway.runtime.GatewayStatus.Device;
import io.sluice.gateway.runtime.GatewayStatus.Running;
import io.sluice.gateway.runtime.GatewayStatus.Stored;
import io.sluice.gateway.southbound.DeviceHealth;
import io.sluice.outbox.Balance;
import io.sluice.outbox.LossReason;
import io.sluice.outbox.OutboxView.StreamStatistics;
import io.sluice.telemetry.ClockState;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import tools.jackson.core.JsonGenerator;

/**
 * A gateway's status as one JSON object. Times are UTC in ISO 8601, durations seconds, sizes bytes; what is not known is not
 * there.
 */
public final class StatusJson {

    private final JsonGenerator json;

    private StatusJson(JsonGenerator json) {
        this.json = json;
    }

    public static String of(GatewayStatus status) {
        return Json.object(json -> new StatusJson(json).write(status));
    }

    private void write(GatewayStatus status) {
        json.writeStringProperty("gateway", status.gateway());
        json.writeBooleanProperty("running", status.running().isPresent());
        json.writeArrayPropertyStart("troubles");
        status.troubles().forEach(json::writeString);
        json.writeEndArray();
        status.running().ifPresent(this::running);
        outbox(status.stored());
        status.stored().balance().ifPresent(this::balance);
    }

    private void running(Running running) {
        json.writeStringProperty("software", running.software());
        json.writeStringProperty("time", Json.time(running.now()));
        json.writeNumberProperty("uptimeSeconds", running.uptimeNanos() / 1_000_000_000L);
        json.writeBooleanProperty("progressing", running.progressing());
        broker(running.broker());
        clock(running.clock());
        json.writeArrayPropertyStart("devices");
        running.devices().forEach(this::device);
        json.writeEndArray();
    }

    private void broker(BrokerHealth broker) {
        BrokerHealth.Link link = broker.link();
        json.writeObjectPropertyStart("broker");
        json.writeBooleanProperty("connected", link.connected());
        json.writeStringProperty("address", link.broker());
        json.writeStringProperty("clientId", broker.clientId());
        json.writeNumberProperty("connection", link.connection());
        json.writeStringProperty("since", Json.time(link.since()));
        if (!link.lastError().isEmpty()) {
            json.writeStringProperty("lastError", link.lastError());
            json.writeStringProperty("lastErrorAt", Json.time(link.lastErrorAt()));
        }
        json.writeNumberProperty("inFlight", broker.inFlight());
        json.writeNumberProperty("noSubscriber", broker.noSubscriber());
        json.writeEndObject();
    }

    private void clock(ClockState clock) {
        json.writeObjectPropertyStart("clock");
        json.writeStringProperty("synchronised", lower(clock.quality().synchronised()));
        seconds("estimatedErrorSeconds", clock.quality().estimatedError());
        seconds("maximumErrorSeconds", clock.quality().maximumError());
        clock.currentUtcOffset().ifPresent(offset -> json.writeNumberProperty("currentUtcOffset", offset));
        json.writeStringProperty("timescale", lower(clock.timescale()));
        json.writeNumberProperty("generation", clock.generation());
        json.writeEndObject();
    }

    private void device(Device device) {
        DeviceHealth health = device.health();
        json.writeStartObject();
        json.writeStringProperty("device", health.device());
        json.writeStringProperty("state", lower(health.state()));
        json.writeStringProperty("since", Json.time(health.since()));
        if (!health.error().isEmpty()) {
            json.writeStringProperty("error", health.error());
        }
        health.lastReading().ifPresent(time -> json.writeStringProperty("lastReading", Json.time(time)));
        json.writeNumberProperty("readings", health.readings());
        json.writeNumberProperty("readingsPerSecond", Math.round(health.readingsPerSecond() * 1000) / 1000.0);
        json.writeNumberProperty("lostReadings", health.lostReadings());
        device.polls().ifPresent(polls -> {
            json.writeNumberProperty("polls", polls.polls());
            json.writeNumberProperty("overruns", polls.overruns());
        });
        if (!device.warnings().isEmpty()) {
            json.writeArrayPropertyStart("warnings");
            device.warnings().forEach(json::writeString);
            json.writeEndArray();
        }
        json.writeEndObject();
    }

    private void outbox(Stored stored) {
        json.writeObjectPropertyStart("outbox");
        json.writeStringProperty("directory", stored.directory().toString());
        stored.balance().ifPresent(balance -> {
            json.writeNumberProperty("messages", balance.pendingMessages());
            json.writeNumberProperty("bytes", balance.storedBytes());
        });
        json.writeNumberProperty("maxBytes", stored.maxBytes());
        json.writeNumberProperty("minFreeBytes", stored.minFreeBytes());
        stored.freeBytes().ifPresent(free -> json.writeNumberProperty("freeBytes", free));
        if (!stored.degraded().isEmpty()) {
            json.writeStringProperty("degraded", stored.degraded());
        }
        stored.statistics().ifPresent(statistics -> {
            statistics.epoch().ifPresent(epoch -> json.writeStringProperty("epoch", epoch.toString()));
            statistics.streams().stream()
                    .map(StreamStatistics::oldestAge)
                    .flatMap(java.util.Optional::stream)
                    .max(Duration::compareTo)
                    .ifPresent(age -> json.writeNumberProperty("oldestSeconds", age.toMillis() / 1000.0));
            json.writeNumberProperty("deadLetters", statistics.deadLetters());
            json.writeNumberProperty("lossRanges", statistics.waitingLosses());
        });
        json.writeEndObject();
    }

    private void balance(Balance b) {
        json.writeObjectPropertyStart("balance");
        json.writeObjectPropertyStart("readings");
        json.writeNumberProperty("offered", b.offeredReadings());
        json.writeNumberProperty("inHandOff", b.inHandOffReadings());
        byReason("lostBeforeStoring", b.lostReadingsBeforeStoring());
        json.writeNumberProperty("stored", b.storedReadings());
        json.writeNumberProperty("acknowledged", b.acknowledgedReadings());
        json.writeNumberProperty("pending", b.pendingReadings());
        byReason("lost", b.lostReadings());
        json.writeEndObject();
        json.writeObjectPropertyStart("messages");
        json.writeNumberProperty("stored", b.storedMessages());
        json.writeNumberProperty("acknowledged", b.acknowledgedMessages());
        json.writeNumberProperty("pending", b.pendingMessages());
        byReason("lost", b.lostMessages());
        json.writeEndObject();
        json.writeEndObject();
    }

    private void byReason(String name, Map<LossReason, Long> lost) {
        json.writeObjectPropertyStart(name);
        lost.forEach((reason, count) -> json.writeNumberProperty(Json.name(reason), count));
        json.writeEndObject();
    }

    private void seconds(String name, OptionalLong nanos) {
        nanos.ifPresent(value -> json.writeNumberProperty(name, value / 1e9));
    }

    private static String lower(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}

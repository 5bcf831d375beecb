package io.sluice.telemetry;

import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** Writes one message as one JSON object, the fields of the body beside those of the envelope. */
final class JsonWriter {

    private static final JsonFactory FACTORY = new JsonFactory();

    private final StringWriter text = new StringWriter();
    private final JsonGenerator json = FACTORY.createGenerator(ObjectWriteContext.empty(), text);
    private final JsonReadings readings;

    JsonWriter(IntFunction<@Nullable TagDescriptor> tags) {
        this.readings = new JsonReadings(json, tags);
    }

    byte[] write(Message message) {
        json.writeStartObject();
        envelope(message);
        body(message.body());
        json.writeEndObject();
        json.close();
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void envelope(Message message) {
        json.writeStringProperty("kind", JsonKind.of(message.body()).text());
        json.writeNumberProperty("schema", message.schema());
        json.writeStringProperty("gateway", message.gateway());
        json.writeStringProperty("device", message.device());
        json.writeStringProperty("epoch", message.epoch().toString());
        numberUnlessZero("sequence", message.sequence());
        numberUnlessZero("settled", message.settled());
        if (message.lane() != Message.Lane.UNSPECIFIED) {
            json.writeStringProperty("lane", JsonText.name(message.lane()));
        }
    }

    private void body(Message.Body body) {
        switch (body) {
            case Message.Batch batch -> batch(batch);
            case Message.Start start -> start(start);
            case Message.Loss loss -> loss(loss);
            case Message.ClockStep step -> clockStep(step);
            case Message.EpochEnd end -> epochEnd(end);
            case Message.LossRange range -> lossRange(range);
            case Message.Heartbeat heartbeat -> heartbeat(heartbeat);
            case Message.Birth birth -> birth(birth);
            case Message.DeviceStatus status -> status(status);
            case Message.Unknown _ -> {}
        }
    }

    private void batch(Message.Batch batch) {
        clock(batch.clock());
        if (batch.origin() != Message.Origin.LIVE) {
            json.writeStringProperty("origin", JsonText.name(batch.origin()));
        }
        int offset = offsetSeconds(batch.clock());
        json.writeStringProperty("base", JsonText.utc(batch.base(), offset));
        json.writeName("readings");
        json.writeStartArray();
        for (Message.Reading reading : batch.readings()) {
            readings.write(reading, offset);
        }
        json.writeEndArray();
    }

    /** Of the clock's timescale to UTC. */
    static int offsetSeconds(ClockState clock) {
        return clock.timescale() == ClockState.Timescale.TAI
                ? clock.currentUtcOffset().orElseThrow()
                : 0;
    }

    private void clock(ClockState clock) {
        json.writeName("clock");
        json.writeStartObject();
        ClockState.Quality quality = clock.quality();
        if (quality.synchronised() != ClockState.Synchronised.UNKNOWN) {
            json.writeBooleanProperty("synchronised", quality.synchronised() == ClockState.Synchronised.YES);
        }
        duration("estimatedError", quality.estimatedError());
        duration("maxError", quality.maximumError());
        quality.clockClass().ifPresent(number -> json.writeNumberProperty("clockClass", number));
        quality.clockAccuracy().ifPresent(number -> json.writeNumberProperty("clockAccuracy", number));
        json.writeStringProperty("timescale", clock.timescale().name());
        clock.currentUtcOffset().ifPresent(seconds -> json.writeStringProperty("utcOffset", seconds + "s"));
        json.writeNumberProperty("generation", clock.generation());
        json.writeEndObject();
    }

    private void duration(String name, OptionalLong nanos) {
        nanos.ifPresent(number -> json.writeStringProperty(name, JsonText.duration(number)));
    }

    private void start(Message.Start start) {
        start.previousEpoch().ifPresent(epoch -> {
            json.writeStringProperty("previousEpoch", epoch.toString());
            json.writeNumberProperty("previousLast", start.previousLast());
            json.writeBooleanProperty("previousClean", start.previousClean());
        });
        start.lastReading().ifPresent(time -> json.writeStringProperty("lastReading", JsonText.utc(time)));
        json.writeStringProperty("bootId", start.bootId());
        json.writeStringProperty("started", JsonText.utc(start.started()));
        json.writeStringProperty("software", start.software());
    }

    private void loss(Message.Loss loss) {
        counts(loss.counts());
        json.writeStringProperty("first", JsonText.utc(loss.first()));
        json.writeStringProperty("last", JsonText.utc(loss.last()));
    }

    private void counts(List<Message.LossCount> counts) {
        json.writeName("counts");
        json.writeStartArray();
        for (Message.LossCount count : counts) {
            json.writeStartObject();
            json.writeStringProperty("reason", JsonText.name(count.reason()));
            json.writeNumberProperty("messages", count.messages());
            json.writeNumberProperty("readings", count.readings());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void clockStep(Message.ClockStep step) {
        json.writeStringProperty("shift", JsonText.duration(step.shift()));
        json.writeStringProperty("monotonic", JsonText.duration(step.monotonic()));
        clock(step.clock());
        json.writeStringProperty("time", JsonText.utc(step.time()));
    }

    private void epochEnd(Message.EpochEnd end) {
        json.writeStringProperty("endedEpoch", end.epoch().toString());
        json.writeNumberProperty("last", end.last());
    }

    private void lossRange(Message.LossRange range) {
        json.writeStringProperty("firstEpoch", range.firstEpoch().toString());
        json.writeNumberProperty("first", range.first());
        json.writeStringProperty("lastEpoch", range.lastEpoch().toString());
        json.writeNumberProperty("last", range.last());
        counts(range.counts());
        json.writeNumberProperty("version", range.version());
    }

    private void heartbeat(Message.Heartbeat heartbeat) {
        json.writeNumberProperty("last", heartbeat.last());
        json.writeNumberProperty("connection", heartbeat.connection());
        trueOnly("opening", heartbeat.opening());
        trueOnly("closing", heartbeat.closing());
    }

    private void trueOnly(String name, boolean set) {
        if (set) {
            json.writeBooleanProperty(name, true);
        }
    }

    private void numberUnlessZero(String name, long number) {
        if (number != 0) {
            json.writeNumberProperty(name, number);
        }
    }

    private void birth(Message.Birth birth) {
        json.writeName("id");
        JsonText.writeUnsigned(json, birth.id());
        json.writeNumberProperty("part", birth.part());
        json.writeNumberProperty("parts", birth.parts());
        json.writeName("tables");
        json.writeStartArray();
        birth.tables().forEach(this::table);
        json.writeEndArray();
    }

    private void table(Message.AliasTable table) {
        json.writeStartObject();
        json.writeStringProperty("epoch", table.epoch().toString());
        json.writeName("tags");
        json.writeStartArray();
        table.tags().forEach(this::tag);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void tag(int alias, TagDescriptor tag) {
        json.writeStartObject();
        json.writeNumberProperty("alias", alias);
        json.writeStringProperty("name", tag.name());
        json.writeStringProperty("type", JsonText.name(tag.type()));
        textUnlessEmpty("unit", tag.unit());
        textUnlessEmpty("description", tag.description());
        names("enumeration", "value", tag.enumeration());
        limit("low", tag.low());
        limit("high", tag.high());
        textUnlessEmpty("source", tag.source());
        kind(tag.kind());
        textUnlessEmpty("displayName", tag.detail().displayName());
        textUnlessEmpty("typeDefinition", tag.detail().typeDefinition());
        limit("instrumentLow", tag.detail().instrumentLow());
        limit("instrumentHigh", tag.detail().instrumentHigh());
        limit("valuePrecision", tag.detail().valuePrecision());
        names("bits", "bit", tag.detail().bits());
        json.writeEndObject();
    }

    private void kind(TagDescriptor.Kind kind) {
        if (kind != TagDescriptor.Kind.VALUE) {
            json.writeStringProperty("kind", JsonText.name(kind));
        }
    }

    private void textUnlessEmpty(String name, String value) {
        if (!value.isEmpty()) {
            json.writeStringProperty(name, value);
        }
    }

    private void names(String name, String number, List<TagDescriptor.EnumValue> values) {
        if (values.isEmpty()) {
            return;
        }
        json.writeName(name);
        json.writeStartArray();
        for (TagDescriptor.EnumValue value : values) {
            json.writeStartObject();
            json.writeNumberProperty(number, value.value());
            json.writeStringProperty("text", value.name());
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private void limit(String name, OptionalDouble limit) {
        if (limit.isPresent() && Double.isFinite(limit.getAsDouble())) {
            json.writeNumberProperty(name, limit.getAsDouble());
        }
    }

    private void status(Message.DeviceStatus status) {
        json.writeStringProperty("state", JsonText.name(status.state()));
        numberUnlessZero("connection", status.connection());
        trueOnly("clean", status.clean());
        textUnlessEmpty("error", status.error());
        json.writeStringProperty("since", JsonText.utc(status.since()));
        json.writeName("counters");
        json.writeStartObject();
        for (Map.Entry<String, Long> counter : status.counters().entrySet()) {
            json.writeName(counter.getKey());
            JsonText.writeUnsigned(json, counter.getValue());
        }
        json.writeEndObject();
    }
}

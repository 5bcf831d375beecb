package io.sluice.telemetry;

import io.sluice.telemetry.ClockState.Synchronised;
import io.sluice.telemetry.ClockState.Timescale;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;

/** Reads what {@link JsonWriter} writes, with the fields in any order and fields that it does not know among them. */
final class JsonReader {

    private JsonReader() {}

    static Message message(byte[] json) throws MalformedMessage {
        JsonObject object = JsonObject.parse(json);
        try {
            return message(object);
        } catch (IllegalArgumentException | ArithmeticException | DateTimeException e) {
            throw new MalformedMessage(object.textOr("kind", "message") + ": " + e.getMessage(), e);
        }
    }

    private static Message message(JsonObject json) throws MalformedMessage {
        int schema = json.has("schema") ? json.smallNumber("schema") : Message.SCHEMA;
        return new Message(
                schema,
                id(json, "gateway"),
                id(json, "device"),
                json.requiredEpoch("epoch"),
                json.numberOrZero("sequence"),
                json.numberOrZero("settled"),
                json.constant("lane", Message.Lane.class, Message.Lane.UNSPECIFIED),
                body(json, schema));
    }

    private static String id(JsonObject json, String name) throws MalformedMessage {
        String id = json.text(name);
        if (id.isEmpty()) {
            throw new MalformedMessage("the message has no " + name);
        }
        return id;
    }

    private static Message.Body body(JsonObject json, int schema) throws MalformedMessage {
        JsonKind kind = JsonText.constant(JsonKind.class, json.text("kind"), JsonKind.UNKNOWN);
        return switch (kind) {
            case BATCH -> batch(json);
            case START -> start(json);
            case LOSS -> new Message.Loss(counts(json), json.utc("first"), json.utc("last"));
            case CLOCK_STEP -> clockStep(json);
            case EPOCH_END -> new Message.EpochEnd(json.requiredEpoch("endedEpoch"), json.number("last"));
            case LOSS_RANGE -> lossRange(json);
            case HEARTBEAT -> heartbeat(json);
            case BIRTH -> birth(json);
            case STATUS -> status(json);
            case UNKNOWN -> unknown(json, schema);
        };
    }

    private static Message.Body unknown(JsonObject json, int schema) throws MalformedMessage {
        if (schema <= Message.SCHEMA) {
            throw new MalformedMessage("schema " + schema + " has no kind '" + json.text("kind") + "'");
        }
        return new Message.Unknown();
    }

    private static Message.Body batch(JsonObject json) throws MalformedMessage {
        ClockState clock = clock(json.object("clock"));
        int offset = JsonWriter.offsetSeconds(clock);
        List<Message.Reading> readings = new ArrayList<>();
        for (JsonObject reading : json.objects("readings")) {
            readings.add(JsonValues.reading(reading, offset));
        }
        Message.Origin origin = json.has("origin")
                ? json.constant("origin", Message.Origin.class, Message.Origin.UNSPECIFIED)
                : Message.Origin.LIVE;
        return new Message.Batch(clock, origin, base(json, offset, readings), readings);
    }

    private static PtpTimestamp base(JsonObject json, int offset, List<Message.Reading> readings)
            throws MalformedMessage {
        if (json.has("base")) {
            return json.time("base", offset);
        }
        return readings.isEmpty()
                ? PtpTimestamp.ofNanos(0)
                : readings.getFirst().time();
    }

    private static ClockState clock(JsonObject json) throws MalformedMessage {
        boolean tai = "TAI".equals(json.textOr("timescale", "ARB"));
        return new ClockState(
                tai ? Timescale.TAI : Timescale.ARB,
                utcOffset(json),
                json.numberOrZero("generation"),
                new ClockState.Quality(
                        synchronised(json),
                        nanos(json, "estimatedError"),
                        nanos(json, "maxError"),
                        smallNumber(json, "clockClass"),
                        smallNumber(json, "clockAccuracy")));
    }

    private static OptionalInt utcOffset(JsonObject json) throws MalformedMessage {
        if (!json.has("utcOffset")) {
            return OptionalInt.empty();
        }
        long nanos = JsonText.nanos(json.text("utcOffset"));
        if (nanos % 1_000_000_000 != 0) {
            throw new MalformedMessage("utcOffset is not a whole number of seconds: " + json.text("utcOffset"));
        }
        return OptionalInt.of(Math.toIntExact(nanos / 1_000_000_000));
    }

    private static Synchronised synchronised(JsonObject json) throws MalformedMessage {
        if (!json.has("synchronised")) {
            return Synchronised.UNKNOWN;
        }
        return json.flag("synchronised") ? Synchronised.YES : Synchronised.NO;
    }

    private static OptionalLong nanos(JsonObject json, String name) throws MalformedMessage {
        return json.has(name) ? OptionalLong.of(JsonText.nanos(json.text(name))) : OptionalLong.empty();
    }

    private static OptionalInt smallNumber(JsonObject json, String name) throws MalformedMessage {
        return json.has(name) ? OptionalInt.of(json.smallNumber(name)) : OptionalInt.empty();
    }

    private static Message.Body start(JsonObject json) throws MalformedMessage {
        return new Message.Start(
                json.epoch("previousEpoch"),
                json.numberOrZero("previousLast"),
                json.flag("previousClean"),
                json.has("lastReading") ? Optional.of(json.utc("lastReading")) : Optional.empty(),
                json.textOr("bootId", ""),
                json.utc("started"),
                json.textOr("software", ""));
    }

    private static List<Message.LossCount> counts(JsonObject json) throws MalformedMessage {
        List<Message.LossCount> counts = new ArrayList<>();
        for (JsonObject count : json.objects("counts")) {
            counts.add(new Message.LossCount(
                    count.constant("reason", Message.LossReason.class, Message.LossReason.UNSPECIFIED),
                    count.numberOrZero("messages"),
                    count.numberOrZero("readings")));
        }
        return counts;
    }

    private static Message.Body clockStep(JsonObject json) throws MalformedMessage {
        return new Message.ClockStep(
                JsonText.nanos(json.text("shift")),
                JsonText.nanos(json.text("monotonic")),
                clock(json.object("clock")),
                json.utc("time"));
    }

    private static Message.Body lossRange(JsonObject json) throws MalformedMessage {
        return new Message.LossRange(
                json.requiredEpoch("firstEpoch"),
                json.number("first"),
                json.requiredEpoch("lastEpoch"),
                json.number("last"),
                counts(json),
                json.numberOrZero("version"));
    }

    private static Message.Body heartbeat(JsonObject json) throws MalformedMessage {
        return new Message.Heartbeat(
                json.number("last"), json.number("connection"), json.flag("opening"), json.flag("closing"));
    }

    private static Message.Body birth(JsonObject json) throws MalformedMessage {
        List<Message.AliasTable> tables = new ArrayList<>();
        for (JsonObject table : json.objects("tables")) {
            tables.add(table(table));
        }
        return new Message.Birth(json.unsigned("id"), json.smallNumber("part"), json.smallNumber("parts"), tables);
    }

    private static Message.AliasTable table(JsonObject json) throws MalformedMessage {
        Map<Integer, TagDescriptor> tags = new TreeMap<>();
        for (JsonObject tag : json.objects("tags")) {
            int alias = tag.smallNumber("alias");
            if (alias < 1) {
                throw new MalformedMessage("tag " + tag.text("name") + " has the alias " + alias);
            }
            Optional<ValueType> type = JsonValues.type(tag);
            if (type.isPresent()) {
                tags.put(alias, descriptor(tag, type.get()));
            }
        }
        return new Message.AliasTable(json.requiredEpoch("epoch"), tags);
    }

    private static TagDescriptor descriptor(JsonObject json, ValueType type) throws MalformedMessage {
        return new TagDescriptor(
                json.text("name"),
                type,
                json.textOr("unit", ""),
                json.textOr("description", ""),
                names(json, "enumeration", "value"),
                limit(json, "low"),
                limit(json, "high"),
                json.textOr("source", ""),
                JsonValues.kind(json),
                new TagDescriptor.Detail(
                        json.textOr("displayName", ""),
                        json.textOr("typeDefinition", ""),
                        limit(json, "instrumentLow"),
                        limit(json, "instrumentHigh"),
                        limit(json, "valuePrecision"),
                        names(json, "bits", "bit")));
    }

    private static List<TagDescriptor.EnumValue> names(JsonObject json, String name, String number)
            throws MalformedMessage {
        List<TagDescriptor.EnumValue> names = new ArrayList<>();
        if (json.has(name)) {
            for (JsonObject value : json.objects(name)) {
                names.add(new TagDescriptor.EnumValue(value.number(number), value.text("text")));
            }
        }
        return names;
    }

    private static OptionalDouble limit(JsonObject json, String name) throws MalformedMessage {
        return json.has(name)
                ? OptionalDouble.of(Double.parseDouble(json.literal(name).text()))
                : OptionalDouble.empty();
    }

    private static Message.Body status(JsonObject json) throws MalformedMessage {
        Map<String, Long> counters = new TreeMap<>();
        if (json.has("counters")) {
            JsonObject object = json.object("counters");
            for (String name : object.fields().keySet()) {
                counters.put(name, object.unsigned(name));
            }
        }
        return new Message.DeviceStatus(
                json.constant("state", Message.State.class, Message.State.UNSPECIFIED),
                json.numberOrZero("connection"),
                json.flag("clean"),
                json.textOr("error", ""),
                json.utc("since"),
                counters);
    }
}

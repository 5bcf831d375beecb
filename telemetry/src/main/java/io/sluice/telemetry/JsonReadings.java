package io.sluice.telemetry;

import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Writes readings with their values, names and units. */
final class JsonReadings {

    private final JsonGenerator json;
    private final IntFunction<@Nullable TagDescriptor> tags;

    JsonReadings(JsonGenerator json, IntFunction<@Nullable TagDescriptor> tags) {
        this.json = json;
        this.tags = tags;
    }

    void write(Message.Reading reading, int offset) {
        TagDescriptor tag = reading.tag().orElseGet(() -> tags.apply(reading.alias()));
        json.writeStartObject();
        json.writeStringProperty("tag", tag == null ? "#" + reading.alias() : tag.name());
        json.writeStringProperty("time", JsonText.utc(reading.time(), offset));
        json.writeName("value");
        value(reading.value(), 0);
        if (tag != null && reading.value() != null) {
            tag.nameOf(reading.value()).ifPresent(name -> json.writeStringProperty("text", name));
        }
        if (tag != null && !tag.unit().isEmpty()) {
            json.writeStringProperty("unit", tag.unit());
        }
        json.writeStringProperty("type", JsonText.name(reading.type()));
        if (tag != null && tag.kind() != TagDescriptor.Kind.VALUE) {
            json.writeStringProperty("kind", JsonText.name(tag.kind()));
        }
        status(reading.status());
        json.writeEndObject();
    }

    private void status(Status status) {
        json.writeStringProperty("quality", JsonText.name(status.quality()));
        if (status.code() != 0) {
            json.writeNumberProperty("code", Integer.toUnsignedLong(status.code()));
            if (status.space() != Status.CodeSpace.SLUICE) {
                json.writeStringProperty("codeSpace", JsonText.name(status.space()));
            }
        }
    }

    private void value(@Nullable Value value, int depth) {
        if (depth > Value.MAX_DEPTH) {
            throw new IllegalArgumentException("a structure is nested deeper than " + Value.MAX_DEPTH);
        }
        switch (value) {
            case null -> json.writeNull();
            case Value.Float32(float number) -> finite(number, Float.isFinite(number));
            case Value.Float64(double number) -> finite(number, Double.isFinite(number));
            case Value.Signed(long number) -> json.writeNumber(number);
            case Value.Unsigned(long number) -> JsonText.writeUnsigned(json, number);
            case Value.Bool(boolean set) -> json.writeBoolean(set);
            case Value.Text(String string) -> json.writeString(string);
            case Value.Bytes(byte[] bytes) -> json.writeBinary(bytes);
            case Value.Structure structure -> structure(structure, depth);
            case Value.Elements elements -> array(elements, depth);
        }
    }

    private void finite(float number, boolean isFinite) {
        if (isFinite) {
            json.writeNumber(number);
        } else {
            json.writeNull();
        }
    }

    private void finite(double number, boolean isFinite) {
        if (isFinite) {
            json.writeNumber(number);
        } else {
            json.writeNull();
        }
    }

    private void structure(Value.Structure structure, int depth) {
        json.writeStartObject();
        for (Value.Structure.Field field : structure.fields()) {
            json.writeName(field.name());
            value(field.value(), depth + 1);
        }
        json.writeEndObject();
    }

    private void array(Value.Elements array, int depth) {
        json.writeStartArray();
        for (Value element : array.values()) {
            value(element, depth + 1);
        }
        json.writeEndArray();
    }
}

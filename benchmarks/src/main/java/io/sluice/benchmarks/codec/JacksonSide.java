package io.sluice.benchmarks.codec;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * The same in JSON with Jackson's streaming API, its fastest. In JSON's favour: times are plain numbers of nanoseconds
 * instead of ISO text, and no unit is said.
 */
final class JacksonSide {
    private final JsonFactory factory = new JsonFactory();
    private final Content content;

    JacksonSide(Content content) {
        this.content = content;
    }

    byte[] encode() {
        ByteArrayOutputStream out = new ByteArrayOutputStream(256 + 80 * content.size());
        try (JsonGenerator json = factory.createGenerator(ObjectWriteContext.empty(), out)) {
            json.writeStartObject();
            json.writeStringProperty("kind", "batch");
            json.writeStringProperty("gateway", content.gateway());
            json.writeStringProperty("device", content.device());
            json.writeStringProperty("epoch", content.epoch());
            json.writeNumberProperty("sequence", content.sequence());
            json.writeNumberProperty("settled", content.sequence() - 9);
            json.writeStringProperty("lane", "live");
            json.writeArrayPropertyStart("readings");
            for (int i = 0; i < content.size(); i++) {
                json.writeStartObject();
                json.writeStringProperty("tag", content.names()[i]);
                json.writeNumberProperty("time", content.timesNanos()[i]);
                json.writeNumberProperty("value", content.values()[i]);
                json.writeStringProperty("quality", "good");
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        return out.toByteArray();
    }

    /** What a reader would keep of a reading. */
    private record Reading(String tag, long time, float value, String quality) {}

    long decode(byte[] bytes) {
        List<Reading> readings = new ArrayList<>();
        try (JsonParser json = factory.createParser(ObjectReadContext.empty(), bytes)) {
            while (json.nextToken() != JsonToken.START_ARRAY) {
                json.getString();
            }
            while (json.nextToken() == JsonToken.START_OBJECT) {
                readings.add(reading(json));
            }
        }
        return readings.size();
    }

    private static Reading reading(JsonParser json) {
        String tag = "";
        String quality = "";
        long time = 0;
        float value = 0;
        for (String name = json.nextName(); name != null; name = json.nextName()) {
            json.nextToken();
            switch (name) {
                case "tag" -> tag = json.getString();
                case "time" -> time = json.getLongValue();
                case "value" -> value = json.getFloatValue();
                case "quality" -> quality = json.getString();
                default -> throw new IllegalStateException(name);
            }
        }
        return new Reading(tag, time, value, quality);
    }
}

package io.sluice.telemetry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

/**
 * A JSON object that was read whole, so that the order of its fields does not matter. Values are {@code JsonObject}, {@code
 * List}, {@code String}, {@link Literal}, {@code Boolean} or {@code null}.
 *
 * @param path where it stands, for error texts
 */
record JsonObject(String path, Map<String, @Nullable Object> fields) {

    private static final JsonFactory FACTORY = new JsonFactory();

    /** A number as it was written, so that nothing is rounded before its type is known. */
    record Literal(String text) {
        boolean isInteger() {
            return text.chars().allMatch(c -> c == '-' || (c >= '0' && c <= '9'));
        }
    }

    static JsonObject parse(byte[] json) throws MalformedMessage {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), json)) {
            parser.nextToken();
            Object value = value(parser, "message");
            if (parser.nextToken() != null) {
                throw new MalformedMessage("text after the end of the message");
            }
            return object(value, "message");
        } catch (JacksonException e) {
            throw new MalformedMessage("not JSON: " + e.getMessage(), e);
        }
    }

    private static @Nullable Object value(JsonParser parser, String path) throws MalformedMessage {
        JsonToken token = parser.currentToken();
        return switch (token) {
            case START_OBJECT -> fields(parser, path);
            case START_ARRAY -> elements(parser, path);
            case VALUE_STRING -> parser.getString();
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> new Literal(parser.getString());
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case null -> throw new MalformedMessage(path + ": the text ends here");
            case END_OBJECT, END_ARRAY, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new MalformedMessage(path + ": no value but " + token);
        };
    }

    private static JsonObject fields(JsonParser parser, String path) throws MalformedMessage {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        for (String name = parser.nextName(); name != null; name = parser.nextName()) {
            parser.nextToken();
            fields.put(name, value(parser, path + "." + name));
        }
        return new JsonObject(path, fields);
    }

    private static List<@Nullable Object> elements(JsonParser parser, String path) throws MalformedMessage {
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            elements.add(value(parser, path + "[" + elements.size() + "]"));
        }
        return elements;
    }

    private MalformedMessage wrong(String name, String expected) {
        return new MalformedMessage(path + "." + name + ": expected " + expected + ", found " + fields.get(name));
    }

    private static JsonObject object(@Nullable Object value, String path) throws MalformedMessage {
        if (value instanceof JsonObject object) {
            return object;
        }
        throw new MalformedMessage(path + ": expected an object, found " + value);
    }

    boolean has(String name) {
        return fields.get(name) != null;
    }

    JsonObject object(String name) throws MalformedMessage {
        return object(fields.get(name), path + "." + name);
    }

    List<JsonObject> objects(String name) throws MalformedMessage {
        Object value = fields.get(name);
        if (!(value instanceof List<?> list)) {
            throw wrong(name, "an array");
        }
        List<JsonObject> objects = new ArrayList<>(list.size());
        for (Object element : list) {
            objects.add(object(element, path + "." + name + "[" + objects.size() + "]"));
        }
        return objects;
    }

    String text(String name) throws MalformedMessage {
        if (fields.get(name) instanceof String text) {
            return text;
        }
        throw wrong(name, "text");
    }

    String textOr(String name, String absent) throws MalformedMessage {
        return has(name) ? text(name) : absent;
    }

    boolean flag(String name) throws MalformedMessage {
        Object value = fields.get(name);
        if (value == null || value instanceof Boolean) {
            return Boolean.TRUE.equals(value);
        }
        throw wrong(name, "true or false");
    }

    Literal literal(String name) throws MalformedMessage {
        if (fields.get(name) instanceof Literal literal) {
            return literal;
        }
        throw wrong(name, "a number");
    }

    long number(String name) throws MalformedMessage {
        Literal literal = literal(name);
        try {
            return Long.parseLong(literal.text());
        } catch (NumberFormatException e) {
            throw new MalformedMessage(path + "." + name + ": not a whole number within 64 bits: " + literal.text(), e);
        }
    }

    long numberOrZero(String name) throws MalformedMessage {
        return has(name) ? number(name) : 0;
    }

    int smallNumber(String name) throws MalformedMessage {
        return Math.toIntExact(number(name));
    }

    long unsigned(String name) throws MalformedMessage {
        return Long.parseUnsignedLong(literal(name).text());
    }

    Optional<Epoch> epoch(String name) throws MalformedMessage {
        return has(name) ? Optional.of(Epoch.parse(text(name))) : Optional.empty();
    }

    Epoch requiredEpoch(String name) throws MalformedMessage {
        return Epoch.parse(text(name));
    }

    PtpTimestamp utc(String name) throws MalformedMessage {
        return time(name, 0);
    }

    /**
     * @param offsetSeconds from UTC to the scale of the result
     */
    PtpTimestamp time(String name, int offsetSeconds) throws MalformedMessage {
        return JsonText.time(text(name), offsetSeconds);
    }

    <E extends Enum<E>> E constant(String name, Class<E> type, E fallback) throws MalformedMessage {
        return has(name) ? JsonText.constant(type, text(name), fallback) : fallback;
    }
}

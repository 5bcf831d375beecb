package io.sluice.telemetry;

import io.sluice.telemetry.JsonObject.Literal;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** Readings and their values from JSON. */
final class JsonValues {

    private JsonValues() {}

    static Message.Reading reading(JsonObject json, int offset) throws MalformedMessage {
        Object raw = json.fields().get("value");
        ValueType type = type(json).orElseGet(() -> natural(raw));
        Value value = value(type, raw);
        String name = json.text("tag");
        int alias = alias(name);
        return new Message.Reading(
                alias,
                alias > 0 ? Optional.empty() : Optional.of(descriptor(name, type, json, value)),
                type,
                json.time("time", offset),
                value,
                status(json));
    }

    /** Empty where it is not said or not known. */
    static Optional<ValueType> type(JsonObject json) throws MalformedMessage {
        String text = json.textOr("type", "");
        for (ValueType type : ValueType.values()) {
            if (JsonText.name(type).equals(text)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** A tag whose name was not known when it was written stands there as {@code #} and its alias; no tag's name begins so. */
    private static int alias(String name) {
        boolean isAlias = name.startsWith("#");
        return isAlias ? Integer.parseInt(name.substring(1)) : 0;
    }

    private static TagDescriptor descriptor(String name, ValueType type, JsonObject json, @Nullable Value value)
            throws MalformedMessage {
        List<TagDescriptor.EnumValue> enumeration =
                json.has("text") ? List.of(new TagDescriptor.EnumValue(number(value), json.text("text"))) : List.of();
        return new TagDescriptor(
                name,
                type,
                json.textOr("unit", ""),
                "",
                enumeration,
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                "",
                kind(json));
    }

    /** A kind that is not known is to be taken as a value. */
    static TagDescriptor.Kind kind(JsonObject json) throws MalformedMessage {
        return json.textOr("kind", "").equals(JsonText.name(TagDescriptor.Kind.EVENT))
                ? TagDescriptor.Kind.EVENT
                : TagDescriptor.Kind.VALUE;
    }

    private static long number(@Nullable Value value) throws MalformedMessage {
        return switch (value) {
            case Value.Signed(long number) -> number;
            case Value.Unsigned(long number) -> number;
            case Value.Bool(boolean set) -> set ? 1 : 0;
            case null -> throw new MalformedMessage("text stands beside a value that is not there");
            case Value.Float32 _, Value.Float64 _, Value.Text _, Value.Bytes _, Value.Structure _, Value.Elements _ ->
                throw new MalformedMessage("text stands beside a value that is no whole number: " + value);
        };
    }

    private static Status status(JsonObject json) throws MalformedMessage {
        long code = json.numberOrZero("code");
        if (code < 0 || code > 0xFFFF_FFFFL) {
            throw new MalformedMessage("code is outside 32 bits: " + code);
        }
        Status.CodeSpace space = json.has("codeSpace")
                ? json.constant("codeSpace", Status.CodeSpace.class, Status.CodeSpace.UNSPECIFIED)
                : Status.CodeSpace.SLUICE;
        return new Status(json.constant("quality", Status.Quality.class, Status.Quality.UNCERTAIN), space, (int) code);
    }

    /** What JSON alone says of a value's type. */
    private static ValueType natural(@Nullable Object raw) {
        return switch (raw) {
            case String _ -> ValueType.STRING;
            case Boolean _ -> ValueType.BOOL;
            case Literal literal
            when literal.isInteger() -> fitsSigned(literal) ? ValueType.SIGNED : ValueType.UNSIGNED;
            case JsonObject _, List<?> _ -> ValueType.STRUCTURE;
            case null, default -> ValueType.FLOAT64;
        };
    }

    private static boolean fitsSigned(Literal literal) {
        return literal.text().startsWith("-") || Long.parseUnsignedLong(literal.text()) >= 0;
    }

    private static @Nullable Value value(ValueType type, @Nullable Object raw) throws MalformedMessage {
        if (raw == null) {
            return null;
        }
        return switch (type) {
            case FLOAT32 -> new Value.Float32(float32(literal(type, raw)));
            case FLOAT64 -> new Value.Float64(float64(literal(type, raw)));
            case SIGNED -> new Value.Signed(Long.parseLong(literal(type, raw)));
            case UNSIGNED -> new Value.Unsigned(Long.parseUnsignedLong(literal(type, raw)));
            case BOOL -> new Value.Bool(as(type, raw, Boolean.class));
            case STRING -> new Value.Text(as(type, raw, String.class));
            case BYTES -> new Value.Bytes(Base64.getDecoder().decode(as(type, raw, String.class)));
            case STRUCTURE -> tree(raw, 0);
        };
    }

    private static String literal(ValueType type, Object raw) throws MalformedMessage {
        return as(type, raw, Literal.class).text();
    }

    private static <T> T as(ValueType type, Object raw, Class<T> expected) throws MalformedMessage {
        if (!expected.isInstance(raw)) {
            throw new MalformedMessage("a value of type " + JsonText.name(type) + " cannot be " + raw);
        }
        return expected.cast(raw);
    }

    private static float float32(String text) throws MalformedMessage {
        float number = Float.parseFloat(text);
        if (!Float.isFinite(number)) {
            throw new MalformedMessage("outside the range of float32: " + text);
        }
        return number;
    }

    private static double float64(String text) throws MalformedMessage {
        double number = Double.parseDouble(text);
        if (!Double.isFinite(number)) {
            throw new MalformedMessage("outside the range of float64: " + text);
        }
        return number;
    }

    /** Inside a structure a value has the type that JSON alone gives it. */
    private static @Nullable Value nested(@Nullable Object raw, int depth) throws MalformedMessage {
        ValueType type = natural(raw);
        return raw != null && type == ValueType.STRUCTURE ? tree(raw, depth) : value(type, raw);
    }

    private static Value tree(Object raw, int depth) throws MalformedMessage {
        if (depth > Value.MAX_DEPTH) {
            throw new MalformedMessage("a structure is nested deeper than " + Value.MAX_DEPTH);
        }
        return switch (raw) {
            case JsonObject object -> structure(object, depth);
            case List<?> list -> array(list, depth);
            default -> throw new MalformedMessage("neither a structure nor an array: " + raw);
        };
    }

    private static Value structure(JsonObject object, int depth) throws MalformedMessage {
        List<Value.Structure.Field> fields = new ArrayList<>();
        for (Map.Entry<String, @Nullable Object> field : object.fields().entrySet()) {
            fields.add(new Value.Structure.Field(field.getKey(), nested(field.getValue(), depth + 1)));
        }
        return new Value.Structure(fields);
    }

    private static Value array(List<?> list, int depth) throws MalformedMessage {
        List<@Nullable Value> values = new ArrayList<>();
        for (Object element : list) {
            values.add(nested(element, depth + 1));
        }
        return new Value.Elements(values);
    }
}

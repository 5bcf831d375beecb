package io.sluice.gateway.southbound;

import io.sluice.telemetry.Value;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/** The arguments of a method as a person types them: one JSON array, such as {@code [12, "axle", [1.5, 2]]}. */
final class Arguments {

    /** It is no such array; the text says what is wrong. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message, null, false, false);
        }
    }

    private static final int MAX_DEPTH = 16;
    private static final BigInteger UNSIGNED_END = BigInteger.TWO.pow(64);
    private static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH).build())
            .build();

    private Arguments() {}

    static List<Value> parse(String text) throws Malformed {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw new Malformed(
                        "it is a method: write its arguments as a JSON array such as [12, \"axle\"], or []");
            }
            List<Value> arguments = elements(parser);
            if (parser.nextToken() != null) {
                throw new Malformed("there is more behind the JSON array of its arguments");
            }
            return arguments;
        } catch (JacksonException e) {
            throw new Malformed("its arguments are not a JSON array: " + e.getOriginalMessage());
        }
    }

    /** The elements of what may be written to an array; empty if it is no JSON array. */
    static Optional<List<Value>> array(String text) {
        try {
            return text.strip().startsWith("[") ? Optional.of(parse(text)) : Optional.empty();
        } catch (Malformed e) {
            return Optional.empty();
        }
    }

    private static List<Value> elements(JsonParser parser) throws Malformed {
        List<Value> elements = new ArrayList<>();
        for (JsonToken token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
            elements.add(value(token, parser));
        }
        return elements;
    }

    private static Value value(JsonToken token, JsonParser parser) throws Malformed {
        return switch (token) {
            case VALUE_STRING -> new Value.Text(parser.getString());
            case VALUE_TRUE -> new Value.Bool(true);
            case VALUE_FALSE -> new Value.Bool(false);
            case VALUE_NUMBER_INT -> integer(parser.getBigIntegerValue());
            case VALUE_NUMBER_FLOAT -> real(parser.getDoubleValue());
            case START_ARRAY -> new Value.Elements(elements(parser));
            case VALUE_NULL -> throw new Malformed("null is no argument");
            case START_OBJECT -> throw new Malformed("an object is no argument: structures cannot be given");
            case END_ARRAY, END_OBJECT, PROPERTY_NAME, VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE ->
                throw new Malformed("its arguments are not a JSON array");
        };
    }

    private static Value real(double number) throws Malformed {
        if (Double.isInfinite(number)) {
            throw new Malformed("a number in its arguments is too large");
        }
        return new Value.Float64(number);
    }

    private static Value integer(BigInteger number) throws Malformed {
        if (number.bitLength() <= 63) {
            return new Value.Signed(number.longValue());
        }
        return number.signum() > 0 && number.compareTo(UNSIGNED_END) < 0
                ? new Value.Unsigned(number.longValue())
                : real(number.doubleValue());
    }
}

package io.sluice.profiles;

import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A value written as one scalar.
 *
 * @param noun what the message calls it
 * @param plain numbers and booleans: in quotes they would be text
 * @param reader empty if the text is not such a value
 * @param writer the value as users write it
 */
record ScalarType<T>(
        String noun, String expected, boolean plain, Function<String, Optional<T>> reader, Function<T, String> writer)
        implements SettingType<T> {

    ScalarType(String noun, String expected, boolean plain, Function<String, Optional<T>> reader) {
        this(noun, expected, plain, reader, String::valueOf);
    }

    static final SettingType<Boolean> BOOLEAN = new ScalarType<>("value", "true or false", true, text -> switch (text) {
        case "true" -> Optional.of(true);
        case "false" -> Optional.of(false);
        default -> Optional.empty();
    });

    @Override
    public @Nullable T parse(String name, Node node, Problems problems) {
        Optional<Node.Scalar> scalar = scalar(name, node, expected, problems);
        if (scalar.isEmpty()) {
            return null;
        }
        if (plain && scalar.get().quoted()) {
            problems.error(node.mark(), bad(name, scalar.get()) + ": in quotes it is text, write it without");
            return null;
        }
        Optional<T> value = reader.apply(scalar.get().text());
        if (value.isEmpty()) {
            problems.error(node.mark(), bad(name, scalar.get()));
        }
        return value.orElse(null);
    }

    @Override
    public String written(T value) {
        return writer.apply(value);
    }

    private String bad(String name, Node.Scalar scalar) {
        return "bad " + noun + " '" + scalar.text() + "' for " + name + ", expected " + expected;
    }

    /** The scalar that a node is; empty after a problem was reported. */
    static Optional<Node.Scalar> scalar(String name, Node node, String expected, Problems problems) {
        return switch (node) {
            case Node.Scalar scalar
            when scalar.missing().isPresent() -> {
                problems.error(scalar.mark(), scalar.missing().get() + ", wanted for " + name);
                yield Optional.empty();
            }
            case Node.Scalar scalar
            when scalar.empty() -> {
                problems.error(scalar.mark(), name + " has no value, expected " + expected);
                yield Optional.empty();
            }
            case Node.Scalar scalar -> Optional.of(scalar);
            case Node.Sequence sequence -> wrongShape(name, sequence, "a list", "[", expected, problems);
            case Node.Mapping mapping -> wrongShape(name, mapping, "a map", "{", expected, problems);
        };
    }

    private static Optional<Node.Scalar> wrongShape(
            String name, Node node, String found, String bracket, String expected, Problems problems) {
        problems.error(
                node.mark(),
                name + " is " + found + ", expected " + expected + "; quote a value that begins with " + bracket);
        return Optional.empty();
    }
}

package io.sluice.profiles;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One of a few names. */
record Choice<T>(Map<String, T> choices) implements SettingType<T> {

    Choice {
        if (choices.isEmpty()) {
            throw new IllegalArgumentException("a choice needs names");
        }
        choices = Collections.unmodifiableMap(new LinkedHashMap<>(choices));
    }

    static <E extends Enum<E>> Choice<E> of(Class<E> type) {
        Map<String, E> byName = new LinkedHashMap<>();
        for (E constant : type.getEnumConstants()) {
            byName.put(constant.name().toLowerCase(Locale.ROOT).replace('_', '-'), constant);
        }
        return new Choice<>(byName);
    }

    @Override
    public String expected() {
        return oneOf(List.copyOf(choices.keySet()));
    }

    @Override
    public @Nullable T parse(String name, Node node, Problems problems) {
        Optional<Node.Scalar> scalar = ScalarType.scalar(name, node, expected(), problems);
        if (scalar.isEmpty()) {
            return null;
        }
        String text = scalar.get().text();
        @Nullable T value = choices.get(text);
        if (value == null) {
            problems.error(
                    node.mark(),
                    "bad value '" + text + "' for " + name + ", expected " + expected()
                            + Nearest.didYouMean(text, choices.keySet()));
        }
        return value;
    }

    @Override
    public String written(T value) {
        return choices.entrySet().stream()
                .filter(choice -> choice.getValue().equals(value))
                .map(Map.Entry::getKey)
                .findFirst()
                .orElseThrow();
    }

    private static String oneOf(List<String> names) {
        int last = names.size() - 1;
        return last == 0 ? names.getFirst() : String.join(", ", names.subList(0, last)) + " or " + names.get(last);
    }
}

package io.sluice.profiles;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A list of values of one type. */
record ListType<T>(SettingType<T> item) implements SettingType<List<T>> {

    @Override
    public String expected() {
        return "a list, each item " + item.expected();
    }

    @Override
    public @Nullable List<T> parse(String name, Node node, Problems problems) {
        if (!(node instanceof Node.Sequence sequence) || sequence.items().isEmpty()) {
            problems.error(node.mark(), name + " is not a list with at least one item, expected " + expected());
            return null;
        }
        List<T> values = new ArrayList<>();
        for (Node each : sequence.items()) {
            @Nullable T value = item.parse(name, each, problems);
            if (value != null) {
                values.add(value);
            }
        }
        return values.size() == sequence.items().size() ? List.copyOf(values) : null;
    }
}

package io.sluice.profiles;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Maps whose keys users choose. */
final class MapTypes {

    static final SettingType<Map<String, String>> TEXT =
            new OfText<>("a map such as { site: berlin }", Optional::of, Collections::unmodifiableMap);

    static final SettingType<SortedMap<Long, String>> STATES = new OfText<>(
            "a map of numbers to names such as { 0: closed, 1: open }",
            Numbers::whole,
            map -> Collections.unmodifiableSortedMap(new TreeMap<>(map)));

    static final SettingType<Node.Mapping> MAPPING = new OfNodes<>(
            "a map", node -> node instanceof Node.Mapping mapping ? Optional.of(mapping) : Optional.empty());

    static final SettingType<Node> NODE = new OfNodes<>("a list or a map", Optional::of);

    private MapTypes() {}

    private record OfNodes<N extends Node>(String expected, Function<Node, Optional<N>> cast)
            implements SettingType<N> {
        @Override
        public @Nullable N parse(String name, Node node, Problems problems) {
            Optional<N> found = cast.apply(node);
            if (found.isEmpty()) {
                problems.error(node.mark(), name + " is not " + expected);
            }
            return found.orElse(null);
        }
    }

    private record OfText<K, M>(String expected, Function<String, Optional<K>> key, Function<Map<K, String>, M> finish)
            implements SettingType<M> {

        @Override
        public @Nullable M parse(String name, Node node, Problems problems) {
            if (!(node instanceof Node.Mapping mapping)) {
                problems.error(node.mark(), name + " is not a map, expected " + expected);
                return null;
            }
            Map<K, String> values = new LinkedHashMap<>();
            for (Node.Mapping.Entry entry : mapping.entries()) {
                @Nullable
                String value = SettingType.text().parse(name + "." + entry.key().text(), entry.value(), problems);
                Optional<K> parsed = key.apply(entry.key().text());
                if (parsed.isEmpty()) {
                    problems.error(
                            entry.key().mark(),
                            "bad key '" + entry.key().text() + "' in " + name + ", expected " + expected);
                } else if (value != null) {
                    values.put(parsed.get(), value);
                }
            }
            return values.size() == mapping.entries().size() ? finish.apply(values) : null;
        }
    }
}

package io.sluice.profiles;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wrote, by the settings' names and not yet typed, so that what several places say of one thing can be laid
 * over each other key by key, each value with the mark of the place that won.
 *
 * @param owner mark of what contains the keys
 * @param where what messages call it
 */
record Written(Mark owner, String where, Map<String, Node> values) {

    Written {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    static Written nothing(Mark owner, String where) {
        return new Written(owner, where, Map.of());
    }

    /** Reports keys that are unknown, not yet available or there twice. */
    static Written of(Node.Mapping map, List<Setting<?>> known, String where, Problems problems) {
        Map<String, Node> values = new LinkedHashMap<>();
        new Collector(known, values, problems).collect(map, "", where);
        return new Written(map.mark(), where, values);
    }

    Written overlaidBy(Written other) {
        Map<String, Node> both = new LinkedHashMap<>(values);
        both.putAll(other.values);
        return new Written(owner, where, both);
    }

    Written at(Mark newOwner, String newWhere) {
        return new Written(newOwner, newWhere, values);
    }

    /** Without one key, which is read elsewhere. */
    Written without(Setting<?> setting) {
        Map<String, Node> rest = new LinkedHashMap<>(values);
        rest.remove(setting.name());
        return new Written(owner, where, rest);
    }

    Optional<Node> find(Setting<?> setting) {
        return Optional.ofNullable(values.get(setting.name()));
    }

    /** The values of these settings, typed. Reports wrong values and missing keys. */
    Settings read(List<Setting<?>> known, Problems problems) {
        Map<String, Settings.Given> given = new LinkedHashMap<>();
        for (Setting<?> setting : known) {
            @Nullable Node node = values.get(setting.name());
            if (node != null) {
                @Nullable Object value = setting.type().parse(setting.name(), node, problems);
                if (value != null) {
                    given.put(setting.name(), new Settings.Given(value, node.mark()));
                }
            } else if (setting.required()) {
                problems.error(
                        owner,
                        "key '" + setting.name() + "' is missing in " + where + ", expected "
                                + setting.type().expected());
            }
        }
        return new Settings(owner, given);
    }

    /** Turns nested maps into dotted names, as far as the settings have such names. */
    private record Collector(List<Setting<?>> known, Map<String, Node> values, Problems problems) {

        void collect(Node.Mapping map, String prefix, String where) {
            for (Node.Mapping.Entry entry : map.entries()) {
                String name = prefix + entry.key().text();
                Optional<Setting<?>> setting =
                        known.stream().filter(s -> s.name().equals(name)).findFirst();
                if (setting.isPresent()) {
                    take(setting.get(), entry);
                } else if (known.stream().anyMatch(s -> s.name().startsWith(name + "."))) {
                    descend(entry, name);
                } else {
                    unknown(entry.key(), prefix, where);
                }
            }
        }

        private void take(Setting<?> setting, Node.Mapping.Entry entry) {
            if (setting.available()) {
                values.put(setting.name(), entry.value());
            } else {
                problems.error(entry.key().mark(), "key '" + setting.name() + "' is known, but not yet available");
            }
        }

        private void descend(Node.Mapping.Entry entry, String name) {
            if (entry.value() instanceof Node.Mapping nested) {
                collect(nested, name + ".", name);
            } else {
                problems.error(
                        entry.value().mark(),
                        name + " is not a map, expected keys " + String.join(", ", names(name + ".")));
            }
        }

        private void unknown(Node.Scalar key, String prefix, String where) {
            problems.error(
                    key.mark(),
                    "unknown key '" + key.text() + "' in " + where + Nearest.didYouMean(key.text(), names(prefix)));
        }

        /** The keys that may stand below a prefix. */
        private Set<String> names(String prefix) {
            Set<String> names = new LinkedHashSet<>();
            for (Setting<?> setting : known) {
                if (setting.name().startsWith(prefix)) {
                    String rest = setting.name().substring(prefix.length());
                    int dot = rest.indexOf('.');
                    names.add(dot < 0 ? rest : rest.substring(0, dot));
                }
            }
            return names;
        }
    }
}

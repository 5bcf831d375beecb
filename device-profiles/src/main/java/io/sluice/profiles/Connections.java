package io.sluice.profiles;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code connections:}, which several devices share. What a device writes itself wins. */
final class Connections {

    private final Map<String, Node.Mapping.Entry> shared = new LinkedHashMap<>();
    private final Set<String> used = new HashSet<>();
    private final Problems problems;

    private Connections(Problems problems) {
        this.problems = problems;
    }

    static Connections of(Node.Mapping root, Problems problems) {
        Connections connections = new Connections(problems);
        root.find("connections").ifPresent(node -> {
            Node.@Nullable Mapping map = SettingType.mapping().parse("connections", node, problems);
            if (map != null) {
                map.entries().forEach(connections::add);
            }
        });
        return connections;
    }

    private void add(Node.Mapping.Entry entry) {
        String name = entry.key().text();
        if (Id.check(entry.key(), "a connection", problems)
                && SettingType.mapping().parse("connection " + name, entry.value(), problems) != null) {
            shared.put(name, entry);
        }
    }

    /**
     * @param shared name of the entry that is used
     */
    record Merged(Optional<String> shared, Settings settings) {}

    Merged merge(Settings device, ProtocolSchema schema, Mark owner) {
        List<Setting<?>> known = new ArrayList<>(schema.connection());
        known.add(CommonKeys.USE);
        Written own = device.find(CommonKeys.CONNECTION)
                .map(map -> Written.of(map, known, "connection", problems))
                .orElseGet(() -> Written.nothing(owner, "connection"));
        Optional<String> use = own.find(CommonKeys.USE).flatMap(this::use);
        Written merged = use.map(name -> sharedSettings(name, schema).overlaidBy(own))
                .orElse(own)
                .at(own.owner(), own.where());
        return new Merged(use, merged.read(schema.connection(), problems));
    }

    private Optional<String> use(Node node) {
        @Nullable String name = SettingType.text().parse("use", node, problems);
        if (name == null) {
            return Optional.empty();
        }
        if (!shared.containsKey(name)) {
            problems.error(
                    node.mark(),
                    "unknown connection '" + name + "', not in connections"
                            + Nearest.didYouMean(name, shared.keySet()));
            return Optional.empty();
        }
        used.add(name);
        return Optional.of(name);
    }

    private Written sharedSettings(String name, ProtocolSchema schema) {
        Node.Mapping.Entry entry = Objects.requireNonNull(shared.get(name));
        return entry.value() instanceof Node.Mapping map
                ? Written.of(map, schema.connection(), "connection " + name, problems)
                : Written.nothing(entry.key().mark(), "connection " + name);
    }

    void warnOfUnused() {
        shared.forEach((name, entry) -> {
            if (!used.contains(name)) {
                problems.warning(entry.key().mark(), "connection '" + name + "' is used by no device");
            }
        });
    }
}

package io.sluice.profiles;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finds profiles and checks them. Every profile is read once. Confined to one thread. */
public final class ProfileLoader {

    private final Map<String, ProtocolSchema> schemas;
    private final Substitution substitution;
    private final Problems problems;
    private final Map<String, Optional<Profile>> loaded = new HashMap<>();

    /**
     * @param schemas by protocol
     */
    public ProfileLoader(Map<String, ProtocolSchema> schemas, Substitution substitution, Problems problems) {
        this.schemas = Map.copyOf(schemas);
        this.substitution = substitution;
        this.problems = problems;
    }

    /**
     * A profile whose head is right.
     *
     * @param settings what it says at its top for the protocol
     */
    record Profile(String name, ProtocolSchema schema, Written settings, TagReader.Source tags, Mark mark) {}

    /** Checks a profile file by itself: everything but what only a device can say. */
    public void check(Node.Mapping root) {
        head(root)
                .ifPresent(profile -> new TagReader(profile.schema(), problems)
                        .read(profile.tags(), TagReader.Source.NONE, profile.mark()));
    }

    /** The profile that a device names; empty after a problem was reported. */
    Optional<Profile> load(Node node) {
        @Nullable String name = SettingType.text().parse("profile", node, problems);
        if (name == null) {
            return Optional.empty();
        }
        boolean path = name.contains("/") || name.endsWith(".yaml");
        return path ? fromFile(name, node.mark()) : fromLibrary(name, node.mark());
    }

    private Optional<Profile> fromFile(String name, Mark mark) {
        try {
            Path file = Path.of(mark.file()).resolveSibling(name);
            if (!file.toFile().isFile()) {
                problems.error(mark, "cannot read profile '" + file + "': there is no such file");
                return Optional.empty();
            }
            return remembered(file.toString(), () -> YamlReader.read(file, substitution, problems));
        } catch (InvalidPathException e) {
            problems.error(mark, "bad path for profile: " + e.getReason());
            return Optional.empty();
        }
    }

    private Optional<Profile> fromLibrary(String name, Mark mark) {
        if (ProfileLibrary.NAMES.contains(name)) {
            String file = ProfileLibrary.file(name);
            return remembered(file, () -> YamlReader.read(file, ProfileLibrary.text(name), substitution, problems));
        }
        problems.error(
                mark,
                "unknown profile '" + name + "'" + Nearest.didYouMean(name, ProfileLibrary.NAMES)
                        + "; a file of your own contains a slash or ends in .yaml");
        return Optional.empty();
    }

    private interface Source {
        Optional<Node.Mapping> read();
    }

    private Optional<Profile> remembered(String key, Source source) {
        @Nullable Optional<Profile> known = loaded.get(key);
        if (known == null) {
            known = source.read().flatMap(this::head);
            loaded.put(key, known);
        }
        return known;
    }

    private Optional<Profile> head(Node.Mapping root) {
        Optional<ProtocolSchema> schema = root.find("protocol").flatMap(node -> schema(node));
        List<Setting<?>> known = new ArrayList<>(CommonKeys.PROFILE_FILE);
        if (schema.isEmpty()) {
            if (root.find("protocol").isEmpty()) {
                problems.error(root.mark(), "key 'protocol' is missing in the profile, expected one of " + protocols());
            }
            return Optional.empty();
        }
        known.addAll(schema.get().profile());
        Written written = Written.of(root, known, "the profile", problems);
        Settings head = written.read(CommonKeys.PROFILE_FILE, problems);
        if (head.find(CommonKeys.PROFILE_TAGS)
                .map(tags -> tags.entries().isEmpty())
                .orElse(false)) {
            problems.error(head.mark(CommonKeys.PROFILE_TAGS), "the profile has no tags");
        }
        return head.find(CommonKeys.PROFILE)
                .map(name -> new Profile(name, schema.get(), written, TagReader.Source.of(root), root.mark()));
    }

    /** The schema of the protocol that a node names; empty after a problem was reported. */
    Optional<ProtocolSchema> schema(Node protocol) {
        @Nullable String name = SettingType.text().parse("protocol", protocol, problems);
        if (name == null) {
            return Optional.empty();
        }
        Optional<ProtocolSchema> schema = Optional.ofNullable(schemas.get(name));
        if (schema.isEmpty()) {
            problems.error(
                    protocol.mark(),
                    "unknown protocol '" + name + "', expected one of " + protocols()
                            + Nearest.didYouMean(name, schemas.keySet()));
        }
        return schema;
    }

    private String protocols() {
        return String.join(", ", schemas.keySet().stream().sorted().toList());
    }
}

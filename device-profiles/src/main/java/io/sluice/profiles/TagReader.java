package io.sluice.profiles;

import io.sluice.profiles.TagDefinition.Deadband;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Merges what profile and device say of each tag, key by key, and types it. What comes later wins: the profile's defaults,
 * the device's defaults, the profile's tag, the device's tag.
 */
final class TagReader {

    private final ProtocolSchema schema;
    private final List<Setting<?>> known;
    private final Problems problems;

    TagReader(ProtocolSchema schema, Problems problems) {
        this.schema = schema;
        this.known = new ArrayList<>(CommonKeys.TAG);
        this.known.addAll(schema.tag());
        this.problems = problems;
    }

    /** Where tags are written: {@code defaults:} and {@code tags:} of a profile or a device, as far as there are any. */
    record Source(Optional<Node.Mapping> defaults, Optional<Node.Mapping> tags) {

        static final Source NONE = new Source(Optional.empty(), Optional.empty());

        static Source of(Node.Mapping map) {
            return new Source(mapping(map, CommonKeys.DEFAULTS), mapping(map, CommonKeys.TAGS));
        }

        private static Optional<Node.Mapping> mapping(Node.Mapping map, Setting<?> setting) {
            return map.find(setting.name())
                    .filter(Node.Mapping.class::isInstance)
                    .map(Node.Mapping.class::cast);
        }
    }

    /** What {@code defaults:} says; its {@code poll} is the device's. */
    Written defaults(Source source, Mark owner) {
        return source.defaults()
                .map(map -> Written.of(map, known, "defaults", problems))
                .orElseGet(() -> Written.nothing(owner, "defaults"));
    }

    List<TagDefinition> read(Source profile, Source device, Mark owner) {
        Written defaults =
                defaults(profile, owner).overlaidBy(defaults(device, owner)).without(CommonKeys.TAG_POLL);
        Map<String, Written> merged = new LinkedHashMap<>();
        profile.tags().ifPresent(tags -> lay(tags, defaults, merged));
        if (profile.tags().isPresent()) {
            device.tags().ifPresent(tags -> warnOfStrangers(tags, merged));
        }
        device.tags().ifPresent(tags -> lay(tags, defaults, merged));
        return merged.entrySet().stream()
                .map(tag -> define(tag.getKey(), tag.getValue()))
                .toList();
    }

    private void lay(Node.Mapping tags, Written defaults, Map<String, Written> merged) {
        for (Node.Mapping.Entry tag : tags.entries()) {
            if (!Id.check(tag.key(), "a tag", problems)) {
                continue;
            }
            String name = tag.key().text();
            String where = "tag " + name;
            Written base = merged.getOrDefault(name, defaults.at(tag.key().mark(), where));
            merged.put(name, base.overlaidBy(written(tag, where)));
        }
    }

    private Written written(Node.Mapping.Entry tag, String where) {
        if (tag.value() instanceof Node.Mapping map) {
            return Written.of(map, known, where, problems);
        }
        problems.error(tag.value().mark(), where + " is not a map, expected keys such as { unit: V }");
        return Written.nothing(tag.key().mark(), where);
    }

    private void warnOfStrangers(Node.Mapping tags, Map<String, Written> ofProfile) {
        for (Node.Mapping.Entry tag : tags.entries()) {
            String name = tag.key().text();
            if (!ofProfile.containsKey(name)) {
                Nearest.find(name, ofProfile.keySet())
                        .ifPresent(near -> problems.warning(
                                tag.key().mark(),
                                "tag '" + name + "' is not in the profile (did you mean '" + near + "'?)"));
            }
        }
    }

    private TagDefinition define(String name, Written written) {
        Settings common = written.read(CommonKeys.TAG, problems);
        checkDeadband(common);
        return new TagDefinition(
                name,
                written.owner(),
                common.get(CommonKeys.UNIT),
                common.get(CommonKeys.DESCRIPTION),
                common.find(CommonKeys.TAG_POLL),
                common.find(CommonKeys.SCALE),
                common.find(CommonKeys.OFFSET),
                common.find(CommonKeys.DEADBAND),
                common.find(CommonKeys.MAX_INTERVAL),
                common.find(CommonKeys.RANGE),
                common.find(CommonKeys.STATES).orElseGet(() -> Collections.unmodifiableSortedMap(new TreeMap<>())),
                common.get(CommonKeys.WRITABLE),
                common.find(CommonKeys.STEP),
                written.read(schema.tag(), problems));
    }

    private void checkDeadband(Settings common) {
        boolean percent =
                common.find(CommonKeys.DEADBAND).map(Deadband::percent).orElse(false);
        if (percent && !common.given(CommonKeys.RANGE) && !schema.rangeFromDevice()) {
            problems.error(
                    common.mark(CommonKeys.DEADBAND),
                    "a deadband in percent needs the tag's range, such as range: [0, 60]");
        }
    }
}

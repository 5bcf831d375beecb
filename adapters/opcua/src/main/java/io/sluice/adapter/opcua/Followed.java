package io.sluice.adapter.opcua;

import io.sluice.adapter.opcua.TagAddress.Step;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which variable each place of a tag with a pattern stands for, over all Sessions of a device: a path that has a place keeps
 * it, so that a node that goes and comes again is the same tag. Changed by the thread of the {@link DeviceLink} alone; what it
 * says of single tags may be asked on any thread.
 */
final class Followed {

    private static final Logger LOG = LoggerFactory.getLogger(Followed.class);

    private final OpcUaPlan plan;
    /** By path, for each pattern. */
    private final Map<OpcUaPlan.Template, Map<String, Place>> places = new HashMap<>();

    private final Map<String, String> pathOfName = new HashMap<>();
    private final Set<String> said = new HashSet<>();

    private final Map<String, Integer> tagOfName = new ConcurrentHashMap<>();
    private final Map<Integer, Tag> tags = new ConcurrentHashMap<>();

    private record Place(int tag, String name) {}

    /**
     * What a place stands for.
     *
     * @param tag index of the place
     * @param node empty if it has gone
     */
    record Tag(int tag, String name, Optional<NodeId> node) {}

    Followed(OpcUaPlan plan) {
        this.plan = plan;
        plan.tags().stream().filter(tag -> !tag.template()).forEach(tag -> pathOfName.put(tag.name(), ""));
    }

    /** The tags that have been found, by name, also those whose node has gone. Any thread. */
    Map<String, Integer> tagsByName() {
        return Map.copyOf(tagOfName);
    }

    /** Where a place stands now. Any thread. */
    Optional<NodeId> node(int tag) {
        return Optional.ofNullable(tags.get(tag)).flatMap(Tag::node);
    }

    /** What users know a tag by. Any thread. */
    String name(int tag) {
        @Nullable Tag found = tags.get(tag);
        return found == null ? plan.items().get(tag).name() : found.name();
    }

    /** A new Session, in which NodeIds may be others. */
    void begin() {
        tags.replaceAll((_, tag) -> new Tag(tag.tag(), tag.name(), Optional.empty()));
    }

    /**
     * All places of a pattern that have ever stood for something, with what they stand for now. Where not everything could be
     * looked at, what was not found is taken to be where it was.
     */
    List<Tag> follow(OpcUaPlan.Template template, PatternWalker.Found found) {
        if (found.cut()) {
            say("%s: tag %s: %s leads through more than %d nodes, the rest is not looked at"
                    .formatted(plan.device().id(), template.name(), template.source(), PatternWalker.MOST_NODES));
        }
        Map<String, PatternWalker.Match> byPath = found.matches().stream()
                .collect(Collectors.toMap(
                        match -> PatternWalker.written(match.below()),
                        match -> match,
                        (first, again) -> first,
                        LinkedHashMap::new));
        Map<String, Place> taken = places.computeIfAbsent(template, t -> new LinkedHashMap<>());
        place(template, byPath, taken);
        List<Tag> all = new ArrayList<>(taken.size());
        taken.forEach((path, place) -> {
            Optional<NodeId> node = Optional.ofNullable(byPath.get(path)).map(PatternWalker.Match::node);
            all.add(new Tag(place.tag(), place.name(), found.isWhole() ? node : node.or(() -> node(place.tag()))));
        });
        all.forEach(tag -> tags.put(tag.tag(), tag));
        all.forEach(tag -> tagOfName.put(tag.name(), tag.tag()));
        return all.stream().sorted(Comparator.comparingInt(Tag::tag)).toList();
    }

    private void place(OpcUaPlan.Template template, Map<String, PatternWalker.Match> byPath, Map<String, Place> taken) {
        int left = 0;
        for (Map.Entry<String, PatternWalker.Match> match : byPath.entrySet()) {
            if (!taken.containsKey(match.getKey())
                    && isFree(template, match.getKey(), match.getValue().below())) {
                if (taken.size() < template.limit()) {
                    String name = name(template, match.getValue().below());
                    pathOfName.put(name, match.getKey());
                    taken.put(match.getKey(), new Place(template.firstPlace() + taken.size(), name));
                } else {
                    left++;
                }
            }
        }
        if (left > 0) {
            say(
                    "%s: tag %s: %s finds %d variables more than its limit of %d, which are left out; raise limit to have them"
                            .formatted(plan.device().id(), template.name(), template.source(), left, template.limit()));
        }
    }

    private boolean isFree(OpcUaPlan.Template template, String path, List<Step> below) {
        String name = name(template, below);
        @Nullable String other = pathOfName.get(name);
        boolean free = other == null || other.equals(path);
        if (!free) {
            say("%s: tag %s: %s is left out, since the name %s is taken; give it a tag of its own"
                    .formatted(
                            plan.device().id(),
                            template.name(),
                            String.join("/", below.stream().map(Step::name).toList()),
                            name));
        }
        return free;
    }

    /** Each thing once. */
    private void say(String what) {
        if (said.add(what)) {
            LOG.warn("{}", what);
        }
    }

    /** The tag's own name, and the BrowseNames from the first step that is a pattern. */
    static String name(OpcUaPlan.Template template, List<Step> below) {
        return template.name()
                + below.stream()
                        .map(step -> "." + step.name().replaceAll("[^A-Za-z0-9_-]+", "_"))
                        .collect(Collectors.joining());
    }
}

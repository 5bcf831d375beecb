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
import java.util.stream.Collectors;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which variable each place of a tag with a pattern stands for, over all Sessions of a device: a path that has a place keeps
 * it, so that a node that goes and comes again is the same tag. Confined to the thread of the {@link DeviceLink}.
 */
final class Followed {

    private static final Logger LOG = LoggerFactory.getLogger(Followed.class);

    private final OpcUaPlan plan;
    /** By path, for each pattern. */
    private final Map<OpcUaPlan.Template, Map<String, Place>> places = new HashMap<>();

    private final Map<String, String> pathOfName = new HashMap<>();
    private final Set<String> said = new HashSet<>();

    private record Place(int tag, String name) {}

    /** What can be looked at in a Session. */
    @FunctionalInterface
    interface Walk {
        PatternWalker.Found of(TagAddress.Pattern pattern) throws UaException;
    }

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

    /** All places that have ever stood for something, with what they stand for now. */
    List<Tag> follow(Walk walk) throws UaException {
        List<Tag> tags = new ArrayList<>();
        for (OpcUaPlan.Template template : plan.templates()) {
            PatternWalker.Found found = walk.of(template.pattern());
            if (!found.complete()) {
                say("%s: tag %s: %s leads through more than %d nodes, the rest is not looked at"
                        .formatted(plan.device().id(), template.name(), template.source(), PatternWalker.MOST_NODES));
            }
            tags.addAll(follow(template, found.matches()));
        }
        return tags;
    }

    private List<Tag> follow(OpcUaPlan.Template template, List<PatternWalker.Match> matches) {
        Map<String, Place> taken = places.computeIfAbsent(template, t -> new LinkedHashMap<>());
        Map<String, PatternWalker.Match> byPath = matches.stream()
                .collect(Collectors.toMap(
                        match -> PatternWalker.written(match.below()),
                        match -> match,
                        (first, again) -> first,
                        LinkedHashMap::new));
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
        return taken.entrySet().stream()
                .map(place -> new Tag(
                        place.getValue().tag(),
                        place.getValue().name(),
                        Optional.ofNullable(byPath.get(place.getKey())).map(PatternWalker.Match::node)))
                .sorted(Comparator.comparingInt(Tag::tag))
                .toList();
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

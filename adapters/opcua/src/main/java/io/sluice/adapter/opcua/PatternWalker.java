package io.sluice.adapter.opcua;

import io.sluice.adapter.opcua.TagAddress.PatternStep;
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
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.enumerated.NodeClass;
import org.eclipse.milo.opcua.stack.core.types.structured.ReferenceDescription;
import org.jspecify.annotations.Nullable;

/**
 * Finds the variables whose browse paths fit a pattern, level by level, in as many calls as the server's limits need. Properties are
 * left out, and so is what belongs to the standard itself unless a step names it. A variable that several paths lead to
 * comes once, under the shortest. Blocks; confined to one thread.
 */
final class PatternWalker {

    /** A pattern that asks for more of an address space is cut there. */
    static final int MOST_NODES = 100_000;

    private final OpcUaClient client;
    private final ChildReader children;
    private final Resolver resolver;
    private boolean troubled;

    PatternWalker(OpcUaClient client, Chunks chunks, Resolver resolver) {
        this.client = client;
        this.children = new ChildReader(client, chunks);
        this.resolver = resolver;
    }

    /**
     * A variable that fits.
     *
     * @param below the steps from the first one that is no plain name
     */
    record Match(NodeId node, List<Step> below) {}

    /**
     * What was found.
     *
     * @param matches in the order of their paths
     * @param cut whether there are more nodes than are looked at
     * @param troubled whether the server did not let all of the others be looked at
     */
    record Found(List<Match> matches, boolean cut, boolean troubled) {

        /** Whether what is not among the matches is not there. */
        boolean isWhole() {
            return !cut && !troubled;
        }
    }

    /**
     * A node on the way.
     *
     * @param states how many steps of the pattern may be behind it
     */
    private record Position(NodeId node, Set<Integer> states, List<Step> below) {}

    Found walk(TagAddress.Pattern pattern) throws UaException {
        troubled = false;
        return switch (resolver.resolve(List.of(new TagAddress.Path(pattern.start())))
                .getFirst()) {
            case Resolver.Found.At at -> walk(pattern, at.node());
            case Resolver.Found.Nowhere nowhere ->
                new Found(List.of(), false, !ChildReader.saysNothing(nowhere.status()));
        };
    }

    private Found walk(TagAddress.Pattern pattern, NodeId start) throws UaException {
        Map<NodeId, Match> matches = new LinkedHashMap<>();
        Map<NodeId, Set<Set<Integer>>> seen = new HashMap<>();
        List<Position> level = List.of(new Position(start, reach(pattern, Set.of(0)), List.of()));
        int looked = 0;
        while (!level.isEmpty() && looked < MOST_NODES) {
            looked += level.size();
            level = next(pattern, level, matches, seen);
        }
        return new Found(matches.values().stream().sorted(BY_PATH).toList(), !level.isEmpty(), troubled);
    }

    static final Comparator<Match> BY_PATH = Comparator.comparing(match -> written(match.below()));

    /** Tells paths apart, also where names are the same in several namespaces. */
    static String written(List<Step> steps) {
        return String.join(
                "/",
                steps.stream()
                        .map(step -> step.name() + "\u0000" + step.namespaceUri())
                        .toList());
    }

    private List<Position> next(
            TagAddress.Pattern pattern,
            List<Position> level,
            Map<NodeId, Match> matches,
            Map<NodeId, Set<Set<Integer>>> seen)
            throws UaException {
        List<Position> next = new ArrayList<>();
        List<ChildReader.Children> below =
                children.read(level.stream().map(Position::node).toList());
        for (int i = 0; i < level.size(); i++) {
            troubled |= below.get(i).troubled();
            for (ReferenceDescription child : below.get(i).references()) {
                position(pattern, level.get(i), child).ifPresent(position -> {
                    if (child.getNodeClass() == NodeClass.Variable
                            && position.states().contains(pattern.rest().size())) {
                        matches.putIfAbsent(position.node(), new Match(position.node(), position.below()));
                    }
                    next.add(position);
                });
            }
        }
        next.sort(Comparator.comparing(position -> written(position.below())));
        return next.stream()
                .filter(position -> position.states().stream()
                        .anyMatch(state -> state < pattern.rest().size()))
                .filter(position -> seen.computeIfAbsent(position.node(), node -> new HashSet<>())
                        .add(position.states()))
                .toList();
    }

    private Optional<Position> position(TagAddress.Pattern pattern, Position parent, ReferenceDescription child) {
        Optional<NodeId> node = child.getNodeId().toNodeId(client.getNamespaceTable());
        @Nullable String name = child.getBrowseName().name();
        @Nullable
        String uri = client.getNamespaceTable().get(child.getBrowseName().namespaceIndex());
        if (node.isEmpty() || name == null || uri == null) {
            return Optional.empty();
        }
        Set<Integer> states = new TreeSet<>();
        for (int state : parent.states()) {
            if (state < pattern.rest().size()) {
                PatternStep step = pattern.rest().get(state);
                if (fits(step, uri, name, node.get())) {
                    states.add(step.anyDepth() ? state : state + 1);
                }
            }
        }
        if (states.isEmpty()) {
            return Optional.empty();
        }
        List<Step> below = new ArrayList<>(parent.below());
        below.add(new Step(uri, name));
        return Optional.of(new Position(node.get(), reach(pattern, states), List.copyOf(below)));
    }

    private static boolean fits(PatternStep step, String uri, String name, NodeId node) {
        boolean standard = node.getNamespaceIndex().intValue() == 0;
        return step.namespaceUri().map(uri::equals).orElse(true)
                && (step.literal() || !standard)
                && Pattern.matches(step.regex(), name);
    }

    /** A step for any depth may also be for none. */
    private static Set<Integer> reach(TagAddress.Pattern pattern, Set<Integer> states) {
        Set<Integer> reached = new TreeSet<>();
        for (int state : states) {
            int at = state;
            reached.add(at);
            while (at < pattern.rest().size() && pattern.rest().get(at).anyDepth()) {
                reached.add(++at);
            }
        }
        return reached;
    }
}

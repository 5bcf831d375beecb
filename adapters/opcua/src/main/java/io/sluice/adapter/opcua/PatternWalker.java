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
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.BrowseDirection;
import org.eclipse.milo.opcua.stack.core.types.enumerated.BrowseResultMask;
import org.eclipse.milo.opcua.stack.core.types.enumerated.NodeClass;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseResult;
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

    private static final UInteger OBJECTS_AND_VARIABLES =
            UInteger.valueOf(NodeClass.Object.getValue() | NodeClass.Variable.getValue());

    private final OpcUaClient client;
    private final Chunks chunks;
    private final Resolver resolver;
    private boolean troubled;

    PatternWalker(OpcUaClient client, Chunks chunks, Resolver resolver) {
        this.client = client;
        this.chunks = chunks;
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
            case Resolver.Found.Nowhere nowhere -> new Found(List.of(), false, !saysNothing(nowhere.status()));
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
        List<Children> children = children(level);
        for (int i = 0; i < level.size(); i++) {
            for (ReferenceDescription child : children.get(i).references()) {
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

    /**
     * What a node refers to. All of it is taken before the next call: servers keep few continuation points.
     */
    private record Children(List<ReferenceDescription> references) {}

    private List<Children> children(List<Position> parents) throws UaException {
        return chunks.call(
                Chunks.Service.BROWSE,
                parents.stream().map(parent -> description(parent.node())).toList(),
                this::browse);
    }

    private Children[] browse(List<BrowseDescription> wanted) throws UaException {
        List<BrowseResult> results = client.browse(wanted);
        Children[] children = new Children[results.size()];
        for (int i = 0; i < children.length; i++) {
            if (!isWithoutPlace(results.get(i))) {
                children[i] = all(results.get(i));
            }
        }
        for (int i = 0; i < children.length; i++) {
            if (isWithoutPlace(results.get(i))) {
                children[i] = all(client.browse(wanted.get(i)));
            }
        }
        return children;
    }

    private static boolean isWithoutPlace(BrowseResult result) {
        return result.getStatusCode().value() == StatusCodes.Bad_NoContinuationPoints;
    }

    /** The node has gone, or is not for us: then there is nothing below it, now as before. */
    private static boolean saysNothing(StatusCode status) {
        return status.value() == StatusCodes.Bad_NoMatch
                || status.value() == StatusCodes.Bad_NodeIdUnknown
                || status.value() == StatusCodes.Bad_NodeIdInvalid
                || status.value() == StatusCodes.Bad_UserAccessDenied;
    }

    private static BrowseDescription description(NodeId node) {
        return new BrowseDescription(
                node,
                BrowseDirection.Forward,
                NodeIds.HierarchicalReferences,
                true,
                OBJECTS_AND_VARIABLES,
                UInteger.valueOf(BrowseResultMask.All.getValue()));
    }

    private Children all(BrowseResult first) throws UaException {
        List<ReferenceDescription> found = new ArrayList<>();
        BrowseResult result = first;
        while (true) {
            troubled |= !result.getStatusCode().isGood() && !saysNothing(result.getStatusCode());
            for (ReferenceDescription reference :
                    Objects.requireNonNullElse(result.getReferences(), new ReferenceDescription[0])) {
                if (!NodeIds.HasProperty.equals(reference.getReferenceTypeId())) {
                    found.add(reference);
                }
            }
            @Nullable ByteString more = result.getContinuationPoint();
            if (more == null || more.isNullOrEmpty()) {
                return new Children(found);
            }
            result = Objects.requireNonNull(
                    client.browseNext(false, List.of(more)).getResults())[0];
        }
    }
}

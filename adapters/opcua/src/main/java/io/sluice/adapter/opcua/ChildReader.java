package io.sluice.adapter.opcua;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 * Reads which objects and variables stand below nodes, along hierarchical references, without properties (Part 4 §5.9.2), in as many
 * calls as the server's limits need. Blocks.
 */
final class ChildReader {

    private static final UInteger OBJECTS_AND_VARIABLES =
            UInteger.valueOf(NodeClass.Object.getValue() | NodeClass.Variable.getValue());

    private final OpcUaClient client;
    private final Chunks chunks;

    ChildReader(OpcUaClient client, Chunks chunks) {
        this.client = client;
        this.chunks = chunks;
    }

    /**
     * What a node refers to.
     *
     * @param troubled whether the server did not tell all of it, although there may be more for us
     */
    record Children(List<ReferenceDescription> references, boolean troubled) {}

    /** One for each node, in their order. */
    List<Children> read(List<NodeId> nodes) throws UaException {
        return chunks.call(
                Chunks.Service.BROWSE,
                nodes.stream().map(ChildReader::description).toList(),
                this::browse);
    }

    /** All of a node is taken before the next one: servers keep few continuation points. */
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

    private Children all(BrowseResult first) throws UaException {
        List<ReferenceDescription> found = new ArrayList<>();
        boolean troubled = false;
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
                return new Children(found, troubled);
            }
            BrowseResult @Nullable [] next =
                    client.browseNext(false, List.of(more)).getResults();
            if (next == null || next.length == 0) {
                return new Children(found, true);
            }
            result = next[0];
        }
    }

    /** The node has gone, or is not for us: then there is nothing below it, now as before. */
    static boolean saysNothing(StatusCode status) {
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
}

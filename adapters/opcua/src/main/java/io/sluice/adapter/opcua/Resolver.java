package io.sluice.adapter.opcua;

import io.sluice.adapter.opcua.TagAddress.Step;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.eclipse.milo.opcua.stack.core.types.enumerated.BrowseDirection;
import org.eclipse.milo.opcua.stack.core.types.enumerated.BrowseResultMask;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowsePath;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowsePathResult;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowseResult;
import org.eclipse.milo.opcua.stack.core.types.structured.ReferenceDescription;
import org.eclipse.milo.opcua.stack.core.types.structured.RelativePath;
import org.eclipse.milo.opcua.stack.core.types.structured.RelativePathElement;
import org.jspecify.annotations.Nullable;

/** Finds the NodeIds that addresses stand for, in the namespace table of one Session. */
final class Resolver {

    private final OpcUaClient client;
    private final Chunks chunks;

    Resolver(OpcUaClient client, Chunks chunks) {
        this.client = client;
        this.chunks = chunks;
    }

    /** What an address is on this server now. */
    sealed interface Found {
        record At(NodeId node) implements Found {}

        record Nowhere(StatusCode status) implements Found {}
    }

    /** One for each address, in their order. */
    List<Found> resolve(List<TagAddress> addresses) throws UaException {
        NamespaceTable namespaces = client.getNamespaceTable();
        List<BrowsePath> paths = new ArrayList<>();
        for (TagAddress address : addresses) {
            if (address instanceof TagAddress.Path path) {
                browsePath(path, namespaces).ifPresent(paths::add);
            }
        }
        var translated = translate(paths).iterator();
        List<Found> found = new ArrayList<>(addresses.size());
        for (TagAddress address : addresses) {
            found.add(
                    switch (address) {
                        case TagAddress.Node node -> nodeId(node, namespaces);
                        // Its variables are found by a walk.
                        case TagAddress.Pattern pattern -> nowhere(StatusCodes.Bad_NoMatch);
                        case TagAddress.Path path ->
                            browsePath(path, namespaces).isPresent()
                                    ? translated.next()
                                    : nowhere(StatusCodes.Bad_NoMatch);
                    });
        }
        return found;
    }

    /** Part 4 §5.9.4, in as many calls as the server's limits need. */
    List<Found> translate(List<BrowsePath> paths) throws UaException {
        return chunks
                .call(
                        Chunks.Service.TRANSLATE,
                        paths,
                        chunk -> client.translateBrowsePaths(chunk).getResults())
                .stream()
                .map(this::target)
                .toList();
    }

    private Found target(BrowsePathResult result) {
        if (!result.getStatusCode().isGood() || result.getTargets() == null || result.getTargets().length == 0) {
            return result.getStatusCode().isGood()
                    ? nowhere(StatusCodes.Bad_NoMatch)
                    : new Found.Nowhere(result.getStatusCode());
        }
        Optional<NodeId> node = result.getTargets()[0].getTargetId().toNodeId(client.getNamespaceTable());
        return node.<Found>map(Found.At::new).orElseGet(() -> nowhere(StatusCodes.Bad_NodeIdUnknown));
    }

    private static Found nowhere(long code) {
        return new Found.Nowhere(new StatusCode(code));
    }

    private static Found nodeId(TagAddress.Node node, NamespaceTable namespaces) {
        @Nullable UShort index = namespaces.getIndex(node.namespaceUri());
        if (index == null) {
            return nowhere(StatusCodes.Bad_NodeIdUnknown);
        }
        return new Found.At(
                switch (node.identifier()) {
                    case TagAddress.Numeric numeric -> new NodeId(index, UInteger.valueOf(numeric.value()));
                    case TagAddress.Text text -> new NodeId(index, text.value());
                    case TagAddress.Guid guid -> new NodeId(index, guid.value());
                    case TagAddress.Opaque opaque ->
                        new NodeId(index, ByteString.of(Base64.getDecoder().decode(opaque.base64())));
                });
    }

    private static Optional<BrowsePath> browsePath(TagAddress.Path path, NamespaceTable namespaces) {
        List<QualifiedName> names = new ArrayList<>();
        for (Step step : path.steps()) {
            @Nullable UShort index = namespaces.getIndex(step.namespaceUri());
            if (index == null) {
                return Optional.empty();
            }
            names.add(new QualifiedName(index, step.name()));
        }
        return Optional.of(path(NodeIds.RootFolder, NodeIds.HierarchicalReferences, names));
    }

    /** What each node's type is, in their order; empty where the server does not say it. */
    List<Optional<NodeId>> typeDefinitions(List<NodeId> nodes) throws UaException {
        return neighbours(nodes, BrowseDirection.Forward, NodeIds.HasTypeDefinition);
    }

    /** What each type is a subtype of, in their order; empty where the server does not say it. */
    List<Optional<NodeId>> supertypes(List<NodeId> types) throws UaException {
        return neighbours(types, BrowseDirection.Inverse, NodeIds.HasSubtype);
    }

    private List<Optional<NodeId>> neighbours(List<NodeId> nodes, BrowseDirection direction, NodeId reference)
            throws UaException {
        List<BrowseDescription> wanted = nodes.stream()
                .map(node -> new BrowseDescription(
                        node,
                        direction,
                        reference,
                        false,
                        UInteger.MIN,
                        UInteger.valueOf(BrowseResultMask.None.getValue())))
                .toList();
        return chunks
                .call(
                        Chunks.Service.BROWSE,
                        wanted,
                        chunk -> client.browse(chunk).toArray(BrowseResult[]::new))
                .stream()
                .map(this::onlyTarget)
                .toList();
    }

    private Optional<NodeId> onlyTarget(BrowseResult result) {
        ReferenceDescription @Nullable [] references = result.getReferences();
        return references == null || references.length == 0
                ? Optional.empty()
                : references[0].getNodeId().toNodeId(client.getNamespaceTable());
    }

    /** As a receiver can use it, who does not know the server's namespace indices. */
    String byUri(NodeId node) {
        return ByUri.text(node, client.getNamespaceTable());
    }

    /** A path that follows one kind of reference and its subtypes. */
    static BrowsePath path(NodeId start, NodeId reference, List<QualifiedName> names) {
        return new BrowsePath(
                start,
                new RelativePath(names.stream()
                        .map(name -> new RelativePathElement(reference, false, true, name))
                        .toArray(RelativePathElement[]::new)));
    }
}

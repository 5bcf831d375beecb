package io.sluice.adapter.opcua;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.jspecify.annotations.Nullable;

/** How the server answers RegisterNodes, and how often it was read under what it answered. */
final class Registrations {

    private final UShort namespace;
    private final Map<NodeId, NodeId> registered = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private volatile Registering how = Registering.AS_THEY_ARE;

    Registrations(UShort namespace) {
        this.namespace = namespace;
    }

    enum Registering {
        AS_THEY_ARE,
        UNDER_ANOTHER_NODE_ID,
        UNDER_A_NODE_ID_THAT_NOBODY_KNOWS,
        NEVER
    }

    void answer(Registering next) {
        how = next;
    }

    int reads() {
        return reads.get();
    }

    List<NodeId> register(List<NodeId> nodes) {
        return switch (how) {
            case AS_THEY_ARE -> nodes;
            case UNDER_ANOTHER_NODE_ID -> nodes.stream().map(this::handle).toList();
            case UNDER_A_NODE_ID_THAT_NOBODY_KNOWS ->
                nodes.stream()
                        .map(node -> new NodeId(namespace, "forgotten " + node.getIdentifier()))
                        .toList();
            case NEVER -> throw new IllegalStateException("this server registers nothing");
        };
    }

    private NodeId handle(NodeId node) {
        NodeId handle = new NodeId(namespace, "handle of " + node.getIdentifier());
        registered.put(handle, node);
        return handle;
    }

    /** What is meant by the NodeId it asks for. */
    ReadValueId meant(ReadValueId id) {
        @Nullable NodeId node = registered.get(id.getNodeId());
        if (node == null) {
            return id;
        }
        reads.incrementAndGet();
        return new ReadValueId(node, id.getAttributeId(), id.getIndexRange(), id.getDataEncoding());
    }
}

package io.sluice.adapter.opcua;

import java.util.List;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;

/** Reads attributes in as many calls as the server's limits need (Part 4 §5.11.2). Blocks. */
final class Reader {

    private final OpcUaClient client;
    private final Chunks chunks;

    Reader(OpcUaClient client, Chunks chunks) {
        this.client = client;
        this.chunks = chunks;
    }

    /** One result for each, in their order. */
    List<DataValue> read(List<ReadValueId> wanted) throws UaException {
        return chunks.call(
                Chunks.Service.READ,
                wanted,
                chunk -> client.read(0, TimestampsToReturn.Both, chunk).getResults());
    }

    List<DataValue> read(List<NodeId> nodes, AttributeId attribute) throws UaException {
        return read(nodes.stream().map(node -> attribute(node, attribute)).toList());
    }

    static ReadValueId attribute(NodeId node, AttributeId attribute) {
        return new ReadValueId(node, attribute.uid(), null, QualifiedName.NULL_VALUE);
    }
}

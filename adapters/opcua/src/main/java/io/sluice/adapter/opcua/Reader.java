package io.sluice.adapter.opcua;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.jspecify.annotations.Nullable;

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
        List<DataValue> values = new ArrayList<>(wanted.size());
        for (List<ReadValueId> chunk : chunks.of(wanted, chunks.perRead())) {
            DataValue @Nullable [] results =
                    client.read(0, TimestampsToReturn.Both, chunk).getResults();
            if (results == null || results.length != chunk.size()) {
                throw new UaException(StatusCodes.Bad_UnexpectedError, "as many results as nodes expected");
            }
            values.addAll(Arrays.asList(results));
        }
        return values;
    }

    List<DataValue> read(List<NodeId> nodes, AttributeId attribute) throws UaException {
        return read(nodes.stream().map(node -> attribute(node, attribute)).toList());
    }

    static ReadValueId attribute(NodeId node, AttributeId attribute) {
        return new ReadValueId(node, attribute.uid(), null, QualifiedName.NULL_VALUE);
    }
}

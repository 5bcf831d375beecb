package io.sluice.adapter.opcua;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.jspecify.annotations.Nullable;

/**
 * Reads attributes in as many calls as the server's limits need (Part 4 §5.11.2). A value that fits into no message is bad by
 * itself, and is asked for by itself from then on, so that its neighbours need no second call. Blocks; any thread.
 */
final class Reader {

    private final OpcUaClient client;
    private final Chunks chunks;

    /** Those whose value fitted into no message when it was read last. */
    private final Set<ReadValueId> oversized = ConcurrentHashMap.newKeySet();

    Reader(OpcUaClient client, Chunks chunks) {
        this.client = client;
        this.chunks = chunks;
    }

    /** One result for each, in their order. */
    List<DataValue> read(List<ReadValueId> wanted) throws UaException {
        if (oversized.isEmpty()) {
            return readTogether(wanted);
        }
        Set<ReadValueId> alone = Set.copyOf(oversized);
        Iterator<DataValue> together = readTogether(
                        wanted.stream().filter(one -> !alone.contains(one)).toList())
                .iterator();
        List<DataValue> read = new ArrayList<>(wanted.size());
        for (ReadValueId one : wanted) {
            read.add(alone.contains(one) ? readAlone(one) : together.next());
        }
        return read;
    }

    private List<DataValue> readTogether(List<ReadValueId> wanted) throws UaException {
        return chunks.call(
                Chunks.Service.READ, wanted, chunk -> readSplit(chunk).toArray(DataValue[]::new));
    }

    private DataValue readAlone(ReadValueId one) throws UaException {
        DataValue value = readSplit(List.of(one)).getFirst();
        if (!isTooLarge(value.statusCode())) {
            oversized.remove(one);
        }
        return value;
    }

    /** Halves what is too large for one message, until it is found whether one value alone is. */
    private List<DataValue> readSplit(List<ReadValueId> chunk) throws UaException {
        try {
            return call(chunk);
        } catch (UaException e) {
            if (!isTooLarge(e.getStatusCode())) {
                throw e;
            }
            return chunk.size() == 1 ? List.of(bad(chunk.getFirst(), e.getStatusCode())) : readHalves(chunk, e);
        }
    }

    private DataValue bad(ReadValueId one, StatusCode status) {
        oversized.add(one);
        return new DataValue(status);
    }

    private List<DataValue> readHalves(List<ReadValueId> chunk, UaException refusal) throws UaException {
        int half = chunk.size() / 2;
        List<DataValue> read = new ArrayList<>(readSplit(chunk.subList(0, half)));
        read.addAll(readSplit(chunk.subList(half, chunk.size())));
        if (read.stream().noneMatch(value -> isTooLarge(value.statusCode()))) {
            // Each fits, only not all at once.
            chunks.shrink(Chunks.Service.READ, chunk.size(), refusal);
        }
        return read;
    }

    private List<DataValue> call(List<ReadValueId> chunk) throws UaException {
        DataValue @Nullable [] read =
                client.read(0, TimestampsToReturn.Both, chunk).getResults();
        if (read == null || read.length != chunk.size()) {
            throw new UaException(StatusCodes.Bad_UnexpectedError, "one result for each operation expected");
        }
        return Arrays.asList(read);
    }

    private static boolean isTooLarge(StatusCode status) {
        return status.value() == StatusCodes.Bad_ResponseTooLarge
                || status.value() == StatusCodes.Bad_EncodingLimitsExceeded;
    }

    List<DataValue> read(List<NodeId> nodes, AttributeId attribute) throws UaException {
        return read(nodes.stream().map(node -> attribute(node, attribute)).toList());
    }

    static ReadValueId attribute(NodeId node, AttributeId attribute) {
        return new ReadValueId(node, attribute.uid(), null, QualifiedName.NULL_VALUE);
    }
}

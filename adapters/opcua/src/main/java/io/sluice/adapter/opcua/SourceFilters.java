package io.sluice.adapter.opcua;

import io.sluice.adapter.TagMeaning;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UByte;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.jspecify.annotations.Nullable;

/**
 * Decides for which tags the server is asked to keep a deadband. Never for arrays: the gateway reports every change of one. Nor
 * where the server has a history of the tag: a gap is filled from the last value that came, and with a filter that may be hours
 * old. Blocks.
 */
final class SourceFilters {

    private static final List<AttributeId> ATTRIBUTES =
            List.of(AttributeId.DataType, AttributeId.ValueRank, AttributeId.UserAccessLevel);
    private static final int SCALAR = -1;

    private final OpcUaPlan plan;
    private final Reader reader;

    SourceFilters(OpcUaPlan plan, Reader reader) {
        this.plan = plan;
        this.reader = reader;
    }

    /** The bands by tag, in the units of the variables. */
    Map<Integer, Double> choose(List<Integer> tags, List<NodeId> nodes, List<TagMeaning> meanings) throws UaException {
        List<Integer> wanted = new ArrayList<>();
        List<ReadValueId> reads = new ArrayList<>();
        for (int i = 0; i < tags.size(); i++) {
            if (plan.items().get(tags.get(i)).band().isPresent()) {
                NodeId node = nodes.get(i);
                wanted.add(i);
                ATTRIBUTES.forEach(attribute -> reads.add(Reader.attribute(node, attribute)));
            }
        }
        List<DataValue> read = reader.read(reads);
        Map<Integer, Double> bands = new HashMap<>();
        for (int i = 0; i < wanted.size(); i++) {
            int at = wanted.get(i);
            SourceBand band = plan.items().get(tags.get(at)).band().orElseThrow();
            OptionalDouble absolute = band.absolute(meanings.get(at));
            List<DataValue> attributes = read.subList(i * ATTRIBUTES.size(), (i + 1) * ATTRIBUTES.size());
            if (absolute.isPresent() && band.fits(builtInType(attributes.getFirst())) && isLiveScalar(attributes)) {
                bands.put(tags.get(at), absolute.getAsDouble());
            }
        }
        return bands;
    }

    private static @Nullable Integer builtInType(DataValue dataType) {
        @Nullable
        OpcUaDataType type = dataType.value().value() instanceof NodeId node && OpcUaDataType.isBuiltin(node)
                ? OpcUaDataType.fromNodeId(node)
                : null;
        return type == null ? null : type.getTypeId();
    }

    private static boolean isLiveScalar(List<DataValue> attributes) {
        return attributes.get(1).value().value() instanceof Integer rank
                && rank == SCALAR
                && attributes.get(2).value().value() instanceof UByte level
                && !AccessLevel.fromValue(level).contains(AccessLevel.HistoryRead);
    }
}

package io.sluice.adapter.opcua;

import io.sluice.telemetry.ValueType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureDefinition;
import org.jspecify.annotations.Nullable;

/**
 * On which built-in types the DataTypes of a server rest (Part 3 §5.8.3), asked once in a Session, and so what the values of a
 * variable will be. Any thread; blocks.
 */
final class DataTypes {

    private static final int MAX_DEPTH = 32;
    private static final int SCALAR = -1;

    private final Resolver resolver;

    /** The null NodeId for those without one. */
    private final Map<NodeId, NodeId> supertypes = new ConcurrentHashMap<>();

    DataTypes(Resolver resolver) {
        this.resolver = resolver;
    }

    /** The first built-in type among the DataType and its supertypes; empty for the abstract ones. */
    Optional<OpcUaDataType> builtIn(NodeId dataType) throws UaException {
        read(List.of(dataType));
        NodeId at = dataType;
        for (int depth = 0; depth < MAX_DEPTH && at.isNotNull(); depth++) {
            if (isEnd(at)) {
                return end(at);
            }
            at = supertypes.getOrDefault(at, NodeId.NULL_VALUE);
        }
        return Optional.empty();
    }

    private static boolean isEnd(NodeId type) {
        return type.equals(NodeIds.Enumeration) || OpcUaDataType.isBuiltin(type);
    }

    private static Optional<OpcUaDataType> end(NodeId type) {
        if (type.equals(NodeIds.Enumeration)) {
            return Optional.of(OpcUaDataType.Int32);
        }
        return type.equals(NodeIds.BaseDataType)
                ? Optional.empty()
                : Optional.ofNullable(OpcUaDataType.fromNodeId(type));
    }

    /** Level by level, in as many calls as the server's limits need. */
    private void read(Collection<NodeId> types) throws UaException {
        Set<NodeId> level = new HashSet<>(types);
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            List<NodeId> asked = level.stream()
                    .filter(type -> type.isNotNull() && !isEnd(type) && !supertypes.containsKey(type))
                    .toList();
            if (asked.isEmpty()) {
                return;
            }
            List<Optional<NodeId>> parents = resolver.supertypes(asked);
            level = new HashSet<>();
            for (int i = 0; i < asked.size(); i++) {
                NodeId parent = parents.get(i).orElse(NodeId.NULL_VALUE);
                supertypes.put(asked.get(i), parent);
                level.add(parent);
            }
        }
    }

    /**
     * What the values of variables will be; empty where only a value can tell.
     *
     * @param dataTypes the attribute DataType of each
     * @param ranks the attribute ValueRank of each
     * @param definitions what is known of the server's own types
     */
    List<Optional<ValueType>> valueTypes(
            List<DataValue> dataTypes, List<DataValue> ranks, Map<NodeId, Object> definitions) throws UaException {
        List<NodeId> types = dataTypes.stream()
                .map(read -> read.value().value() instanceof NodeId type ? type : NodeId.NULL_VALUE)
                .toList();
        read(types);
        List<Optional<ValueType>> values = new ArrayList<>(types.size());
        for (int i = 0; i < types.size(); i++) {
            values.add(valueType(types.get(i), ranks.get(i).value().value(), definitions));
        }
        return values;
    }

    private Optional<ValueType> valueType(NodeId type, @Nullable Object rank, Map<NodeId, Object> definitions)
            throws UaException {
        Optional<OpcUaDataType> builtIn = builtIn(type);
        if (builtIn.isEmpty() || !(rank instanceof Integer dimensions) || dimensions < SCALAR) {
            return Optional.empty();
        }
        Optional<ValueType> scalar = valueType(builtIn.get(), definitions.get(type) instanceof StructureDefinition);
        return dimensions == SCALAR ? scalar : scalar.map(_ -> ValueType.STRUCTURE);
    }

    /** As {@link Translation} makes them. */
    private static Optional<ValueType> valueType(OpcUaDataType type, boolean described) {
        return switch (type) {
            case Boolean -> Optional.of(ValueType.BOOL);
            case SByte, Int16, Int32, Int64 -> Optional.of(ValueType.SIGNED);
            case Byte, UInt16, UInt32, UInt64, StatusCode -> Optional.of(ValueType.UNSIGNED);
            case Float -> Optional.of(ValueType.FLOAT32);
            case Double -> Optional.of(ValueType.FLOAT64);
            case String, DateTime, Guid, XmlElement, NodeId, ExpandedNodeId, QualifiedName, LocalizedText ->
                Optional.of(ValueType.STRING);
            case ByteString -> Optional.of(ValueType.BYTES);
            // One that the server does not describe stays bytes.
            case ExtensionObject -> described ? Optional.of(ValueType.STRUCTURE) : Optional.empty();
            case DataValue, Variant, DiagnosticInfo -> Optional.empty();
        };
    }
}

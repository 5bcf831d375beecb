package io.sluice.adapter.opcua;

import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.ValueType;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumDefinition;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureDefinition;
import org.jspecify.annotations.Nullable;

/**
 * The DataTypes of a server (Part 3 §5.8.3), each asked once in a Session: on which built-in type it rests, which numbers or bits it
 * has names for, and so what the values of a variable will be. Any thread; blocks.
 */
final class DataTypes {

    private static final int MAX_DEPTH = 32;
    private static final int SCALAR = -1;

    private static final List<String> PROPERTIES = List.of("EnumStrings", "EnumValues", "OptionSetValues");

    /** Below these a definition in the form of an enumeration counts bits: it is an OptionSet (Part 3 §8.40). */
    private static final Set<NodeId> GROUNDS_OF_BITS =
            Set.of(NodeIds.Byte, NodeIds.UInt16, NodeIds.UInt32, NodeIds.UInt64, NodeIds.UInteger, NodeIds.Structure);

    private final Resolver resolver;
    private final Reader reader;
    private final PropertyReader properties;

    /** The null NodeId for those without one. */
    private final Map<NodeId, NodeId> supertypes = new ConcurrentHashMap<>();

    private final Map<NodeId, Described> described = new ConcurrentHashMap<>();

    /**
     * What the server says of a type of its own.
     *
     * @param structure whether its fields are known
     * @param values names of the numbers of an enumeration
     * @param bits names of the bits of an OptionSet
     */
    private record Described(boolean structure, List<EnumValue> values, List<EnumValue> bits) {

        private static final Described NOTHING = new Described(false, List.of(), List.of());
    }

    DataTypes(Resolver resolver, Reader reader, PropertyReader properties) {
        this.resolver = resolver;
        this.reader = reader;
        this.properties = properties;
    }

    /** Asks for all of them at once, in as many calls as the server's limits need. */
    void learn(Collection<NodeId> types) throws UaException {
        learnSupertypes(types);
        List<NodeId> unknown = types.stream()
                .filter(type -> !isPlain(type) && !described.containsKey(type))
                .distinct()
                .toList();
        List<DataValue> definitions = reader.read(unknown, AttributeId.DataTypeDefinition);
        Map<NodeId, Map<String, Object>> said = properties.read(unknown, PROPERTIES);
        for (int i = 0; i < unknown.size(); i++) {
            if (definitions.get(i).statusCode().value() != StatusCodes.Bad_NodeIdUnknown) {
                NodeId type = unknown.get(i);
                @Nullable
                Object definition =
                        properties.decoded(definitions.get(i).value().value());
                described.put(type, described(type, definition, said.getOrDefault(type, Map.of())));
            }
        }
    }

    /** The standard's own that carry no names. */
    private static boolean isPlain(NodeId type) {
        return type.isNull()
                || OpcUaDataType.isBuiltin(type)
                || type.equals(NodeIds.UtcTime)
                || type.equals(NodeIds.Duration);
    }

    private Described described(NodeId type, @Nullable Object definition, Map<String, Object> said) {
        boolean bits = GROUNDS_OF_BITS.contains(ground(type));
        List<EnumValue> defined =
                definition instanceof EnumDefinition enumeration ? ValueNames.of(enumeration) : List.of();
        return new Described(
                definition instanceof StructureDefinition,
                bits ? List.of() : ValueNames.firstOf(defined, ValueNames.ofNumbers(said, properties)),
                bits ? ValueNames.firstOf(defined, ValueNames.ofBits(said)) : List.of());
    }

    /** Names of the numbers of its values; empty if it is no enumeration. */
    List<EnumValue> values(NodeId type) {
        return described.getOrDefault(type, Described.NOTHING).values();
    }

    /** Names of the bits of its values, which count from 0; empty if it is no OptionSet. */
    List<EnumValue> bits(NodeId type) {
        return described.getOrDefault(type, Described.NOTHING).bits();
    }

    /** The first built-in type among the DataType and its supertypes; empty for the abstract ones. */
    Optional<OpcUaDataType> builtIn(NodeId dataType) throws UaException {
        learnSupertypes(List.of(dataType));
        NodeId ground = ground(dataType);
        if (ground.equals(NodeIds.Enumeration)) {
            return Optional.of(OpcUaDataType.Int32);
        }
        return ground.equals(NodeIds.BaseDataType) || !OpcUaDataType.isBuiltin(ground)
                ? Optional.empty()
                : Optional.ofNullable(OpcUaDataType.fromNodeId(ground));
    }

    /** The first type on the way up beyond which nothing more is to be learnt; the null NodeId where the way ends before. */
    private NodeId ground(NodeId type) {
        NodeId at = type;
        for (int depth = 0; depth < MAX_DEPTH && at.isNotNull(); depth++) {
            if (isGround(at)) {
                return at;
            }
            at = supertypes.getOrDefault(at, NodeId.NULL_VALUE);
        }
        return NodeId.NULL_VALUE;
    }

    private static boolean isGround(NodeId type) {
        return type.equals(NodeIds.Enumeration) || type.equals(NodeIds.UInteger) || OpcUaDataType.isBuiltin(type);
    }

    /** Level by level. */
    private void learnSupertypes(Collection<NodeId> types) throws UaException {
        Set<NodeId> level = new HashSet<>(types);
        for (int depth = 0; depth < MAX_DEPTH; depth++) {
            List<NodeId> asked = level.stream()
                    .filter(type -> type.isNotNull() && !isGround(type) && !supertypes.containsKey(type))
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
     * What the values of a variable will be; empty where only a value can tell.
     *
     * @param rank the attribute ValueRank
     */
    Optional<ValueType> valueType(NodeId type, @Nullable Object rank) throws UaException {
        Optional<OpcUaDataType> builtIn = builtIn(type);
        if (builtIn.isEmpty() || !(rank instanceof Integer dimensions) || dimensions < SCALAR) {
            return Optional.empty();
        }
        boolean structure = described.getOrDefault(type, Described.NOTHING).structure();
        Optional<ValueType> scalar = valueType(builtIn.get(), structure);
        return dimensions == SCALAR ? scalar : scalar.map(_ -> ValueType.STRUCTURE);
    }

    /** As {@link ValueDecoder} makes them. */
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

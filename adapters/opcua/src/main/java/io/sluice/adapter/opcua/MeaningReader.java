package io.sluice.adapter.opcua;

import io.sluice.adapter.TagMeaning;
import io.sluice.telemetry.TagDescriptor.Detail;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.ValueType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.UaSerializationException;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.structured.BrowsePath;
import org.eclipse.milo.opcua.stack.core.types.structured.EUInformation;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumDefinition;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumField;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumValueType;
import org.eclipse.milo.opcua.stack.core.types.structured.Range;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureDefinition;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a server says of its variables: the attributes DisplayName and Description, the type definition, and of its properties
 * EngineeringUnits, EURange (else InstrumentRange), InstrumentRange, ValuePrecision, EnumStrings and EnumValues (Part 8 §5.3);
 * where there are no names, DataTypeDefinition, EnumStrings and EnumValues of its DataType (Part 3 §5.8.3); and as DataType and
 * ValueRank tell it, what its values will be. Blocks.
 */
final class MeaningReader {

    private static final List<String> PROPERTIES =
            List.of("EngineeringUnits", "EURange", "InstrumentRange", "ValuePrecision", "EnumStrings", "EnumValues");

    /** They say no more than that it is a variable. */
    private static final Set<NodeId> PLAIN_TYPES =
            Set.of(NodeIds.BaseVariableType, NodeIds.BaseDataVariableType, NodeIds.PropertyType);

    /** What an OptionSet that is a number is a subtype of (Part 3 §8.40). */
    private static final Set<OpcUaDataType> UNSIGNED =
            Set.of(OpcUaDataType.Byte, OpcUaDataType.UInt16, OpcUaDataType.UInt32, OpcUaDataType.UInt64);

    private static final long LAST_BUILT_IN_TYPE = 25;

    private final Resolver resolver;
    private final Reader reader;
    private final DataTypes dataTypes;
    private final EncodingContext standard;

    MeaningReader(Resolver resolver, Reader reader, DataTypes dataTypes, EncodingContext standard) {
        this.resolver = resolver;
        this.reader = reader;
        this.dataTypes = dataTypes;
        this.standard = standard;
    }

    /**
     * @param tags in the order of the nodes
     * @param known whether the server has the node, in the same order
     * @param structures whether a tag has a structure that the server defines
     */
    record Meanings(List<TagMeaning> tags, List<Boolean> known, boolean structures) {}

    Meanings read(List<NodeId> variables) throws UaException {
        List<DataValue> dataTypesRead = reader.read(variables, AttributeId.DataType);
        List<Optional<NodeId>> types =
                dataTypesRead.stream().map(MeaningReader::ownType).toList();
        List<NodeId> ownTypes =
                types.stream().flatMap(Optional::stream).distinct().toList();
        Map<NodeId, Object> definitions = definitions(ownTypes);
        Map<NodeId, Map<String, Object>> typeProperties = properties(ownTypes);
        Map<NodeId, Map<String, Object>> properties = properties(variables);
        List<Optional<ValueType>> valueTypes =
                dataTypes.valueTypes(dataTypesRead, reader.read(variables, AttributeId.ValueRank), definitions);
        removeOptionSets(definitions);
        List<DataValue> displayNames = reader.read(variables, AttributeId.DisplayName);
        List<DataValue> descriptions = reader.read(variables, AttributeId.Description);
        List<Optional<NodeId>> typeDefinitions = resolver.typeDefinitions(variables);
        List<TagMeaning> meanings = new ArrayList<>(variables.size());
        for (int i = 0; i < variables.size(); i++) {
            Map<String, Object> own = properties.getOrDefault(variables.get(i), Map.of());
            List<EnumValue> names = names(own);
            Optional<NodeId> type = types.get(i);
            if (names.isEmpty() && type.isPresent()) {
                names = typeNames(definitions.get(type.get()), typeProperties.getOrDefault(type.get(), Map.of()));
            }
            meanings.add(meaning(
                    own,
                    names,
                    text(descriptions.get(i)),
                    detail(own, text(displayNames.get(i)), typeDefinitions.get(i)),
                    valueTypes.get(i)));
        }
        return new Meanings(
                meanings,
                dataTypesRead.stream().map(value -> value.statusCode().isGood()).toList(),
                definitions.values().stream().anyMatch(StructureDefinition.class::isInstance));
    }

    /** Empty for the types of the standard that carry no names of their own. */
    private static Optional<NodeId> ownType(DataValue value) {
        return value.value().value() instanceof NodeId node && !isBuiltIn(node) ? Optional.of(node) : Optional.empty();
    }

    private static boolean isBuiltIn(NodeId type) {
        return type.getNamespaceIndex().intValue() == 0
                && type.getIdentifier() instanceof UInteger number
                && (number.longValue() <= LAST_BUILT_IN_TYPE
                        || type.equals(NodeIds.UtcTime)
                        || type.equals(NodeIds.Duration));
    }

    private Map<NodeId, Object> definitions(List<NodeId> types) throws UaException {
        Map<NodeId, Object> definitions = new HashMap<>();
        List<DataValue> values = reader.read(types, AttributeId.DataTypeDefinition);
        for (int i = 0; i < types.size(); i++) {
            @Nullable Object decoded = decoded(values.get(i).value().value());
            if (decoded != null) {
                definitions.put(types.get(i), decoded);
            }
        }
        return definitions;
    }

    /**
     * The definition of an OptionSet has the form of an enumeration, but it counts bits (Part 3 §8.40): a number of the variable is
     * any set of them, and none of the names is its own.
     */
    private void removeOptionSets(Map<NodeId, Object> definitions) throws UaException {
        for (NodeId type : List.copyOf(definitions.keySet())) {
            if (definitions.get(type) instanceof EnumDefinition
                    && dataTypes.builtIn(type).filter(UNSIGNED::contains).isPresent()) {
                definitions.remove(type);
            }
        }
    }

    private Map<NodeId, Map<String, Object>> properties(List<NodeId> nodes) throws UaException {
        List<BrowsePath> paths = nodes.stream()
                .flatMap(node -> PROPERTIES.stream().map(name -> property(node, name)))
                .toList();
        List<Resolver.Found> found = resolver.translate(paths);
        List<NodeId> there = new ArrayList<>();
        List<int[]> places = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i) instanceof Resolver.Found.At at) {
                there.add(at.node());
                places.add(new int[] {i / PROPERTIES.size(), i % PROPERTIES.size()});
            }
        }
        List<DataValue> values = reader.read(there, AttributeId.Value);
        Map<NodeId, Map<String, Object>> properties = new HashMap<>();
        for (int i = 0; i < there.size(); i++) {
            @Nullable Object value = decoded(values.get(i).value().value());
            if (value != null) {
                properties
                        .computeIfAbsent(nodes.get(places.get(i)[0]), n -> new HashMap<>())
                        .put(PROPERTIES.get(places.get(i)[1]), value);
            }
        }
        return properties;
    }

    private static BrowsePath property(NodeId node, String name) {
        return Resolver.path(node, NodeIds.HasProperty, List.of(new QualifiedName(0, name)));
    }

    private @Nullable Object decoded(@Nullable Object value) {
        try {
            return value instanceof ExtensionObject object ? object.decode(standard) : value;
        } catch (UaSerializationException e) {
            // A property that cannot be read says nothing.
            return null;
        }
    }

    private static TagMeaning meaning(
            Map<String, Object> properties,
            List<EnumValue> names,
            String description,
            Detail detail,
            Optional<ValueType> type) {
        String unit = properties.get("EngineeringUnits") instanceof EUInformation eu ? unit(eu) : "";
        Optional<Range> range = range(properties, "EURange").or(() -> range(properties, "InstrumentRange"));
        return new TagMeaning(
                unit,
                description,
                names,
                number(range.map(Range::getLow)),
                number(range.map(Range::getHigh)),
                detail,
                type);
    }

    private Detail detail(Map<String, Object> properties, String displayName, Optional<NodeId> typeDefinition) {
        Optional<Range> instrument = range(properties, "InstrumentRange");
        return new Detail(
                displayName,
                typeDefinition
                        .filter(type -> !PLAIN_TYPES.contains(type))
                        .map(resolver::byUri)
                        .orElse(""),
                number(instrument.map(Range::getLow)),
                number(instrument.map(Range::getHigh)),
                properties.get("ValuePrecision") instanceof Double precision
                        ? OptionalDouble.of(precision)
                        : OptionalDouble.empty());
    }

    /** One whose ends are the wrong way round, or the same, says nothing. */
    private static Optional<Range> range(Map<String, Object> properties, String name) {
        return properties.get(name) instanceof Range range && range.getLow() < range.getHigh()
                ? Optional.of(range)
                : Optional.empty();
    }

    private static OptionalDouble number(Optional<Double> value) {
        return value.map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    private static String text(DataValue value) {
        return value.value().value() instanceof LocalizedText text ? text(text) : "";
    }

    /** The codes of UNECE count where the server says that its number is one, or says nothing of it (Part 8 §5.6.4). */
    private static String unit(EUInformation eu) {
        @Nullable LocalizedText text = eu.getDisplayName();
        String shown = text == null || text.text() == null ? "" : text.text();
        @Nullable String system = eu.getNamespaceUri();
        return system == null || system.isEmpty() || system.equals(UneceUnits.NAMESPACE)
                ? UneceUnits.ucum(eu.getUnitId(), shown)
                : shown;
    }

    private List<EnumValue> typeNames(@Nullable Object definition, Map<String, Object> properties) {
        return definition instanceof EnumDefinition enumeration ? names(enumeration) : names(properties);
    }

    private List<EnumValue> names(Map<String, Object> properties) {
        if (properties.get("EnumValues") instanceof ExtensionObject[] values) {
            return sorted(values(values));
        }
        return properties.get("EnumStrings") instanceof LocalizedText[] texts ? names(texts) : List.of();
    }

    private List<EnumValue> values(ExtensionObject[] values) {
        List<EnumValue> names = new ArrayList<>();
        for (ExtensionObject value : values) {
            if (decoded(value) instanceof EnumValueType named && named.getDisplayName() != null) {
                names.add(new EnumValue(named.getValue(), text(named.getDisplayName())));
            }
        }
        return names;
    }

    /** EnumStrings counts from 0. */
    private static List<EnumValue> names(LocalizedText[] texts) {
        List<EnumValue> names = new ArrayList<>();
        for (int i = 0; i < texts.length; i++) {
            if (texts[i] != null && !text(texts[i]).isEmpty()) {
                names.add(new EnumValue(i, text(texts[i])));
            }
        }
        return names;
    }

    private static List<EnumValue> names(EnumDefinition definition) {
        EnumField @Nullable [] fields = definition.getFields();
        List<EnumValue> names = new ArrayList<>();
        for (EnumField field : fields == null ? new EnumField[0] : fields) {
            names.add(new EnumValue(field.getValue(), name(field)));
        }
        return sorted(names);
    }

    private static String name(EnumField field) {
        @Nullable String name = field.getName();
        return name == null || name.isEmpty() ? text(field.getDisplayName()) : name;
    }

    private static String text(LocalizedText text) {
        return text.text() == null ? "" : text.text();
    }

    private static List<EnumValue> sorted(List<EnumValue> names) {
        return names.stream().sorted(Comparator.comparingLong(EnumValue::value)).toList();
    }
}

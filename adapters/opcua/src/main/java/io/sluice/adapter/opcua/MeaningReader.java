package io.sluice.adapter.opcua;

import io.sluice.adapter.TagMeaning;
import io.sluice.telemetry.TagDescriptor.Detail;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.structured.EUInformation;
import org.eclipse.milo.opcua.stack.core.types.structured.Range;
import org.jspecify.annotations.Nullable;

/**
 * Reads what a server says of its variables: the attributes DisplayName and Description, the type definition, and of its properties
 * EngineeringUnits, EURange (else InstrumentRange), InstrumentRange, ValuePrecision, and names of its numbers or bits (Part 8 §5.3);
 * where there are no names, those of its DataType; and as DataType and ValueRank tell it, what its values will be. Blocks.
 */
final class MeaningReader {

    private static final List<String> PROPERTIES =
            List.of("EngineeringUnits", "EURange", "InstrumentRange", "ValuePrecision", "EnumStrings", "EnumValues");

    /** These only variables have that are of a type for it. */
    private static final List<String> PROPERTIES_OF_TYPES = List.of("FalseState", "TrueState", "OptionSetValues");

    /** They say no more than that it is a variable. */
    private static final Set<NodeId> PLAIN_TYPES =
            Set.of(NodeIds.BaseVariableType, NodeIds.BaseDataVariableType, NodeIds.PropertyType);

    private final Resolver resolver;
    private final Reader reader;
    private final DataTypes dataTypes;
    private final PropertyReader properties;

    MeaningReader(Resolver resolver, Reader reader, DataTypes dataTypes, PropertyReader properties) {
        this.resolver = resolver;
        this.reader = reader;
        this.dataTypes = dataTypes;
        this.properties = properties;
    }

    /**
     * @param tags in the order of the nodes
     * @param known whether the server has the node, in the same order
     * @param structures whether a tag has a structure
     */
    record Meanings(List<TagMeaning> tags, List<Boolean> known, boolean structures) {}

    /** What was read of one variable. */
    private record Said(
            NodeId dataType,
            @Nullable Object rank,
            Optional<NodeId> typeDefinition,
            String displayName,
            String description,
            Map<String, Object> properties,
            Map<String, Object> ofType) {}

    Meanings read(List<NodeId> variables) throws UaException {
        List<DataValue> types = reader.read(variables, AttributeId.DataType);
        dataTypes.learn(types.stream().map(MeaningReader::dataType).toList());
        List<TagMeaning> meanings = new ArrayList<>(variables.size());
        boolean structures = false;
        for (Said said : said(variables, types)) {
            meanings.add(meaning(said));
            structures |= dataTypes
                    .builtIn(said.dataType())
                    .filter(OpcUaDataType.ExtensionObject::equals)
                    .isPresent();
        }
        return new Meanings(meanings, types.stream().map(type -> isThere(type)).toList(), structures);
    }

    /** An object, whose events are reported, has no DataType. */
    private static boolean isThere(DataValue dataType) {
        return dataType.statusCode().isGood() || dataType.statusCode().value() == StatusCodes.Bad_AttributeIdInvalid;
    }

    private static NodeId dataType(DataValue read) {
        return read.value().value() instanceof NodeId type ? type : NodeId.NULL_VALUE;
    }

    private List<Said> said(List<NodeId> variables, List<DataValue> types) throws UaException {
        List<DataValue> ranks = reader.read(variables, AttributeId.ValueRank);
        List<DataValue> displayNames = reader.read(variables, AttributeId.DisplayName);
        List<DataValue> descriptions = reader.read(variables, AttributeId.Description);
        List<Optional<NodeId>> definitions = resolver.typeDefinitions(variables).stream()
                .map(type -> type.filter(t -> !PLAIN_TYPES.contains(t)))
                .toList();
        Map<NodeId, Map<String, Object>> own = properties.read(variables, PROPERTIES);
        Map<NodeId, Map<String, Object>> ofTypes = properties.read(typed(variables, definitions), PROPERTIES_OF_TYPES);
        List<Said> said = new ArrayList<>(variables.size());
        for (int i = 0; i < variables.size(); i++) {
            said.add(new Said(
                    dataType(types.get(i)),
                    ranks.get(i).value().value(),
                    definitions.get(i),
                    text(displayNames.get(i)),
                    text(descriptions.get(i)),
                    own.getOrDefault(variables.get(i), Map.of()),
                    ofTypes.getOrDefault(variables.get(i), Map.of())));
        }
        return said;
    }

    private static List<NodeId> typed(List<NodeId> variables, List<Optional<NodeId>> definitions) {
        List<NodeId> typed = new ArrayList<>();
        for (int i = 0; i < variables.size(); i++) {
            if (definitions.get(i).isPresent()) {
                typed.add(variables.get(i));
            }
        }
        return typed;
    }

    private TagMeaning meaning(Said said) throws UaException {
        Map<String, Object> own = said.properties();
        Optional<Range> range = range(own, "EURange").or(() -> range(own, "InstrumentRange"));
        return new TagMeaning(
                own.get("EngineeringUnits") instanceof EUInformation eu ? unit(eu) : "",
                said.description(),
                names(said),
                end(range.map(Range::getLow)),
                end(range.map(Range::getHigh)),
                detail(said),
                dataTypes.valueType(said.dataType(), said.rank()));
    }

    private List<EnumValue> names(Said said) {
        List<EnumValue> own = ValueNames.ofNumbers(said.properties(), properties);
        return ValueNames.firstOf(
                ValueNames.firstOf(own, ValueNames.ofNumbers(said.ofType(), properties)),
                dataTypes.values(said.dataType()));
    }

    private Detail detail(Said said) {
        Optional<Range> instrument = range(said.properties(), "InstrumentRange");
        return new Detail(
                said.displayName(),
                said.typeDefinition().map(resolver::byUri).orElse(""),
                end(instrument.map(Range::getLow)),
                end(instrument.map(Range::getHigh)),
                said.properties().get("ValuePrecision") instanceof Double precision
                        ? OptionalDouble.of(precision)
                        : OptionalDouble.empty(),
                ValueNames.firstOf(ValueNames.ofBits(said.ofType()), dataTypes.bits(said.dataType())));
    }

    /** One whose ends are the wrong way round, the same, or as far apart as a Double can write them, says nothing. */
    private static Optional<Range> range(Map<String, Object> properties, String name) {
        return properties.get(name) instanceof Range range
                        && range.getLow() < range.getHigh()
                        && !(isEnd(range.getLow())
                                && isEnd(range.getHigh())
                                && !isEnd(range.getHigh() - range.getLow()))
                ? Optional.of(range)
                : Optional.empty();
    }

    private static boolean isEnd(double value) {
        return Double.isFinite(value);
    }

    /** Infinity is no end. */
    private static OptionalDouble end(Optional<Double> value) {
        return value.filter(MeaningReader::isEnd).map(OptionalDouble::of).orElse(OptionalDouble.empty());
    }

    private static String text(DataValue value) {
        return value.value().value() instanceof LocalizedText text ? ValueNames.text(text) : "";
    }

    /** The codes of UNECE count where the server says that its number is one, or says nothing of it (Part 8 §5.6.4). */
    private static String unit(EUInformation eu) {
        String shown = ValueNames.text(eu.getDisplayName());
        @Nullable String system = eu.getNamespaceUri();
        return system == null || system.isEmpty() || system.equals(UneceUnits.NAMESPACE)
                ? UneceUnits.ucum(eu.getUnitId(), shown)
                : shown;
    }
}

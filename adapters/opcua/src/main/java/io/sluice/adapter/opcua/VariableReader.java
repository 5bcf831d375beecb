package io.sluice.adapter.opcua;

import io.sluice.adapter.TagMeaning;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.Matrix;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.jspecify.annotations.Nullable;

/** Finds out what a variable takes, once in a Session. Blocks. */
final class VariableReader {

    private final Reader reader;
    private final DataTypes dataTypes;
    private final MeaningReader meanings;
    private final Map<NodeId, Target> known = new ConcurrentHashMap<>();

    VariableReader(Reader reader, DataTypes dataTypes, MeaningReader meanings) {
        this.reader = reader;
        this.dataTypes = dataTypes;
        this.meanings = meanings;
    }

    /**
     * @throws Coercion.Misfit if the server does not say what type the variable has
     */
    Target target(NodeId variable) throws UaException, Coercion.Misfit {
        @Nullable Target before = known.get(variable);
        if (before != null) {
            return before;
        }
        Target target = read(variable);
        known.put(variable, target);
        return target;
    }

    private Target read(NodeId variable) throws UaException, Coercion.Misfit {
        List<DataValue> attributes = reader.read(List.of(
                Reader.attribute(variable, AttributeId.DataType),
                Reader.attribute(variable, AttributeId.ValueRank),
                Reader.attribute(variable, AttributeId.Value)));
        if (!(attributes.getFirst().value().value() instanceof NodeId dataType)) {
            throw new UaException(attributes.getFirst().statusCode());
        }
        @Nullable Object current = attributes.getLast().value().value();
        OpcUaDataType type = dataTypes
                .builtIn(dataType)
                .or(() -> ofValue(current))
                .orElseThrow(
                        () -> new Coercion.Misfit(
                                "the DataType of the variable is abstract, and it holds no value that would say what it takes"));
        TagMeaning meaning = meanings.read(List.of(variable)).tags().getFirst();
        return new Target(
                type,
                isArray(attributes.get(1).value().value(), current),
                meaning.enumeration(),
                meaning.low(),
                meaning.high());
    }

    /** ValueRank -2 and -3 leave it open (Part 3 §5.6.2); then the value of now tells. */
    private static boolean isArray(@Nullable Object rank, @Nullable Object current) throws Coercion.Misfit {
        int given = rank instanceof Integer number ? number : -1;
        if (given > 1 || current instanceof Matrix) {
            throw new Coercion.Misfit("the variable is a matrix, which cannot be written");
        }
        return given >= 0 || given < -1 && current != null && current.getClass().isArray();
    }

    private static Optional<OpcUaDataType> ofValue(@Nullable Object current) {
        if (current == null) {
            return Optional.empty();
        }
        Class<?> kind = current.getClass().isArray() ? current.getClass().getComponentType() : current.getClass();
        return Optional.ofNullable(OpcUaDataType.fromBackingClass(kind));
    }
}

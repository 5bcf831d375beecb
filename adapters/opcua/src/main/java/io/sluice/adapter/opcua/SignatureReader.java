package io.sluice.adapter.opcua;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.UaSerializationException;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.structured.Argument;
import org.jspecify.annotations.Nullable;

/** Finds out what a method takes and gives back, once in a Session. Blocks. */
final class SignatureReader {

    private final Resolver resolver;
    private final Reader reader;
    private final DataTypes dataTypes;
    private final EncodingContext standard;
    private final Map<NodeId, Signature> known = new ConcurrentHashMap<>();

    SignatureReader(Resolver resolver, Reader reader, DataTypes dataTypes, EncodingContext standard) {
        this.resolver = resolver;
        this.reader = reader;
        this.dataTypes = dataTypes;
        this.standard = standard;
    }

    /**
     * @throws Coercion.Misfit if it takes what cannot be given
     */
    Signature signature(NodeId method) throws UaException, Coercion.Misfit {
        @Nullable Signature before = known.get(method);
        if (before != null) {
            return before;
        }
        List<Signature.Input> inputs = new ArrayList<>();
        for (Argument argument : arguments(method, "InputArguments")) {
            inputs.add(input(argument));
        }
        Signature signature = new Signature(
                inputs,
                arguments(method, "OutputArguments").stream()
                        .map(SignatureReader::name)
                        .toList());
        known.put(method, signature);
        return signature;
    }

    private Signature.Input input(Argument argument) throws UaException, Coercion.Misfit {
        OpcUaDataType type = dataTypes
                .builtIn(argument.getDataType())
                .orElseThrow(() -> new Coercion.Misfit(
                        "the DataType of argument " + name(argument) + " is abstract: values for it cannot be given"));
        return new Signature.Input(name(argument), type, argument.getValueRank());
    }

    private static String name(Argument argument) {
        return String.valueOf(argument.getName());
    }

    /** A method without arguments does not have the property. */
    private List<Argument> arguments(NodeId method, String property) throws UaException {
        return switch (resolver.translate(List.of(PropertyReader.path(method, property)))
                .getFirst()) {
            case Resolver.Found.At at ->
                arguments(reader.read(List.of(at.node()), AttributeId.Value).getFirst());
            case Resolver.Found.Nowhere(StatusCode status) -> {
                if (status.value() != StatusCodes.Bad_NoMatch) {
                    throw new UaException(status);
                }
                yield List.of();
            }
        };
    }

    private List<Argument> arguments(DataValue read) throws UaException {
        if (read.statusCode().isBad()) {
            throw new UaException(read.statusCode());
        }
        List<Argument> arguments = new ArrayList<>();
        for (ExtensionObject object :
                read.value().value() instanceof ExtensionObject[] objects ? objects : new ExtensionObject[0]) {
            decoded(object).ifPresent(arguments::add);
        }
        return arguments;
    }

    private Optional<Argument> decoded(ExtensionObject object) throws UaException {
        try {
            return object.decode(standard) instanceof Argument argument ? Optional.of(argument) : Optional.empty();
        } catch (UaSerializationException e) {
            throw new UaException(e.getStatusCode().value(), e);
        }
    }
}

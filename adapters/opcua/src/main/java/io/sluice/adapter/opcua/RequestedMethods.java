package io.sluice.adapter.opcua;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.telemetry.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Supplier;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.structured.CallMethodRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.CallMethodResult;
import org.eclipse.milo.opcua.stack.core.types.structured.CallResponse;
import org.jspecify.annotations.Nullable;

/** Methods called in one Session (Part 4 §5.12.2). Blocks; any thread. */
final class RequestedMethods {

    private final LiveSession session;
    private final Resolver resolver;
    private final SignatureReader signatures;
    private final NamespaceTable namespaces;
    private final Supplier<Translation> translation;

    RequestedMethods(
            LiveSession session,
            Resolver resolver,
            SignatureReader signatures,
            NamespaceTable namespaces,
            Supplier<Translation> translation) {
        this.namespaces = namespaces;
        this.session = session;
        this.resolver = resolver;
        this.signatures = signatures;
        this.translation = translation;
    }

    WriteResult call(OpcUaPlan.Method method, List<Value> arguments) throws UaException {
        List<Resolver.Found> found = resolver.resolve(List.of(method.object(), method.method()));
        if (found.getFirst() instanceof Resolver.Found.Nowhere nowhere) {
            return LiveSession.failed(nowhere.status(), "the server does not have the object");
        }
        return switch (found.getLast()) {
            case Resolver.Found.Nowhere nowhere ->
                LiveSession.failed(nowhere.status(), "the server does not have the method");
            case Resolver.Found.At at -> call(((Resolver.Found.At) found.getFirst()).node(), at.node(), arguments);
        };
    }

    private WriteResult call(NodeId object, NodeId method, List<Value> arguments) throws UaException {
        Signature signature;
        Variant[] inputs;
        try {
            signature = signatures.signature(method);
            inputs = inputs(signature, arguments);
        } catch (Coercion.Misfit e) {
            return new WriteResult.Refused(e.why());
        }
        CallMethodRequest request = new CallMethodRequest(object, method, inputs);
        return session.send(client -> client.callAsync(List.of(request)), response -> result(response, signature));
    }

    private Variant[] inputs(Signature signature, List<Value> arguments) throws Coercion.Misfit {
        if (arguments.size() != signature.inputs().size()) {
            throw new Coercion.Misfit("the method takes " + signature.shown() + ", " + arguments.size()
                    + (arguments.size() == 1 ? " is" : " are") + " given");
        }
        Variant[] inputs = new Variant[arguments.size()];
        for (int i = 0; i < inputs.length; i++) {
            inputs[i] = input(i, signature.inputs().get(i), arguments.get(i));
        }
        return inputs;
    }

    private Variant input(int index, Signature.Input input, Value value) throws Coercion.Misfit {
        // -2 and -3 leave it open whether it is an array (Part 3 §5.6.2).
        boolean array = input.rank() >= 0 || input.rank() < -1 && value instanceof Value.Elements;
        try {
            if (array && !(value instanceof Value.Elements)) {
                throw new Coercion.Misfit("an array is expected");
            }
            if (input.rank() > 1) {
                throw new Coercion.Misfit("matrices cannot be given");
            }
            return Coercion.coerce(
                    value,
                    new Target(input.type(), array, List.of(), OptionalDouble.empty(), OptionalDouble.empty()),
                    namespaces);
        } catch (Coercion.Misfit e) {
            throw new Coercion.Misfit("argument " + (index + 1) + " (" + input.shown() + "): " + e.why());
        }
    }

    private WriteResult result(CallResponse response, Signature signature) {
        CallMethodResult @Nullable [] results = response.getResults();
        if (results == null || results.length != 1) {
            return LiveSession.failed(new StatusCode(StatusCodes.Bad_UnexpectedError), "one result expected");
        }
        CallMethodResult result = results[0];
        return result.getStatusCode().isBad()
                ? LiveSession.failed(result.getStatusCode(), "the method failed" + blamed(result, signature))
                : new WriteResult.Returned(outputs(result, signature));
    }

    /** Which arguments the server does not like. */
    private static String blamed(CallMethodResult result, Signature signature) {
        StatusCode @Nullable [] each = result.getInputArgumentResults();
        List<String> blamed = new ArrayList<>();
        for (int i = 0;
                each != null && i < Math.min(each.length, signature.inputs().size());
                i++) {
            if (each[i].isBad()) {
                blamed.add(signature.inputs().get(i).name() + " " + StatusNames.of(each[i].value()));
            }
        }
        return blamed.isEmpty() ? "" : ", of its arguments " + String.join(", ", blamed);
    }

    private Value.Structure outputs(CallMethodResult result, Signature signature) {
        Variant @Nullable [] outputs = result.getOutputArguments();
        List<Value.Structure.Field> fields = new ArrayList<>();
        for (int i = 0; outputs != null && i < outputs.length; i++) {
            String name = i < signature.outputs().size() ? signature.outputs().get(i) : "output-" + (i + 1);
            fields.add(new Value.Structure.Field(
                    name,
                    translation.get().sample(0, DataValue.valueOnly(outputs[i])).value()));
        }
        return new Value.Structure(fields);
    }
}

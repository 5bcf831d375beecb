package io.sluice.adapter.opcua;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.eclipse.milo.opcua.stack.core.types.structured.WriteResponse;
import org.eclipse.milo.opcua.stack.core.types.structured.WriteValue;
import org.jspecify.annotations.Nullable;

/** Single tags read and written in one Session (Part 4 §5.11.2, §5.11.4). Blocks; any thread. */
final class RequestedTags {

    private final OpcUaPlan plan;
    private final LiveSession session;
    private final Resolver resolver;
    private final Reader reader;
    private final VariableReader variables;
    private final Followed followed;
    private final Supplier<Translation> translation;
    private final NamespaceTable namespaces;
    private final RequestedMethods methods;

    RequestedTags(
            OpcUaPlan plan,
            OpcUaClient client,
            Resolver resolver,
            Reader reader,
            DataTypes dataTypes,
            VariableReader variables,
            Followed followed,
            Supplier<Translation> translation) {
        this.plan = plan;
        this.session = new LiveSession(plan, client);
        this.resolver = resolver;
        this.reader = reader;
        this.variables = variables;
        this.followed = followed;
        this.translation = translation;
        this.namespaces = client.getNamespaceTable();
        this.methods = new RequestedMethods(
                session,
                resolver,
                new SignatureReader(resolver, reader, dataTypes, client.getStaticEncodingContext()),
                namespaces,
                translation);
    }

    /** One for each, in their order. */
    List<Sample> read(List<Integer> tags) {
        try {
            session.require();
            List<Resolver.Found> found = locate(tags);
            var values = reader.read(readable(tags, found)).iterator();
            List<Sample> samples = new ArrayList<>(tags.size());
            for (int i = 0; i < tags.size(); i++) {
                samples.add(
                        switch (found.get(i)) {
                            case Resolver.Found.At _ -> translation.get().sample(tags.get(i), values.next());
                            case Resolver.Found.Nowhere nowhere -> Translation.refused(tags.get(i), nowhere.status());
                        });
            }
            return samples;
        } catch (UaException e) {
            return tags.stream()
                    .map(tag -> Translation.refused(tag, e.getStatusCode()))
                    .toList();
        } catch (LiveSession.NoSession e) {
            return tags.stream()
                    .map(tag -> new Sample(tag, null, Status.bad(SluiceCode.DEVICE_UNREACHABLE), Sample.NO_TIME))
                    .toList();
        }
    }

    private List<Resolver.Found> locate(List<Integer> tags) throws UaException {
        List<TagAddress> addresses =
                tags.stream().map(tag -> plan.items().get(tag).address()).toList();
        List<Resolver.Found> found = new ArrayList<>(resolver.resolve(addresses));
        for (int i = 0; i < tags.size(); i++) {
            if (addresses.get(i) instanceof TagAddress.Pattern) {
                found.set(i, walkedTo(tags.get(i)));
            }
        }
        return found;
    }

    private Resolver.Found walkedTo(int tag) {
        return followed.node(tag)
                .<Resolver.Found>map(Resolver.Found.At::new)
                .orElseGet(() -> new Resolver.Found.Nowhere(new StatusCode(StatusCodes.Bad_NodeIdUnknown)));
    }

    private List<ReadValueId> readable(List<Integer> tags, List<Resolver.Found> found) {
        List<ReadValueId> readable = new ArrayList<>();
        for (int i = 0; i < tags.size(); i++) {
            if (found.get(i) instanceof Resolver.Found.At at) {
                readable.add(Polling.readValueId(at.node(), plan.items().get(tags.get(i))));
            }
        }
        return readable;
    }

    WriteResult write(int tag, Value value) {
        OpcUaPlan.Item item = plan.items().get(tag);
        return session.make(() -> switch (locate(List.of(tag)).getFirst()) {
            case Resolver.Found.At at -> write(item, at.node(), value);
            case Resolver.Found.Nowhere nowhere ->
                LiveSession.failed(nowhere.status(), "the server does not have the node");
        });
    }

    WriteResult call(OpcUaPlan.Method method, List<Value> arguments) {
        return session.make(() -> methods.call(method, arguments));
    }

    private WriteResult write(OpcUaPlan.Item item, NodeId node, Value value) throws UaException {
        Variant variant;
        try {
            Target target = variables.target(node);
            if (target.array() && item.indexRange().isEmpty() && !(value instanceof Value.Elements)) {
                return new WriteResult.Refused("one value does not fit, the variable is an array of " + target.type()
                        + ": give all its elements, or the tag an index");
            }
            variant = Coercion.coerce(value, target, namespaces);
        } catch (Coercion.Misfit e) {
            return new WriteResult.Refused(e.why());
        }
        // Without times and status: many servers refuse to have them written (Part 4 §5.11.4).
        WriteValue write = new WriteValue(
                node, AttributeId.Value.uid(), item.indexRange().orElse(null), DataValue.valueOnly(variant));
        return session.send(client -> client.writeAsync(List.of(write)), RequestedTags::result);
    }

    private static WriteResult result(WriteResponse response) {
        StatusCode @Nullable [] results = response.getResults();
        if (results == null || results.length != 1) {
            return LiveSession.failed(new StatusCode(StatusCodes.Bad_UnexpectedError), "one result expected");
        }
        StatusCode status = results[0];
        if (status.value() == StatusCodes.Good_CompletesAsynchronously) {
            return new WriteResult.Unknown("the server took it and will carry it out later");
        }
        return status.isGood() ? new WriteResult.Written() : LiveSession.failed(status, "the server refuses the value");
    }
}

package io.sluice.adapter.opcua;

import io.sluice.adapter.SampleQueue;
import io.sluice.adapter.TagMeaning;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the sink what the tags of one Session mean, before their first values; of nodes that the server does not have yet, when they
 * have come. Confined to the thread of its {@link DeviceLink}; blocks.
 */
final class Descriptions {

    private static final Logger LOG = LoggerFactory.getLogger(Descriptions.class);

    private final OpcUaPlan plan;
    private final OpcUaClient client;
    private final Reader reader;
    private final MeaningReader meanings;
    private final SampleQueue samples;
    private final Delivery delivery;

    /** Nodes that the server did not have, and so said nothing of. */
    private final Map<Integer, NodeId> unknown = new LinkedHashMap<>();

    Descriptions(
            OpcUaPlan plan,
            OpcUaClient client,
            Reader reader,
            MeaningReader meanings,
            SampleQueue samples,
            Delivery delivery) {
        this.plan = plan;
        this.client = client;
        this.reader = reader;
        this.meanings = meanings;
        this.samples = samples;
        this.delivery = delivery;
    }

    /** What they mean, in their order. */
    List<TagMeaning> tell(List<Integer> tags, List<NodeId> nodes) throws UaException, InterruptedException {
        MeaningReader.Meanings said = meanings.read(nodes);
        samples.submit(sink -> {
            for (int i = 0; i < tags.size(); i++) {
                sink.describe(tags.get(i), said.tags().get(i));
            }
        });
        for (int i = 0; i < tags.size(); i++) {
            if (!said.known().get(i)) {
                unknown.put(tags.get(i), nodes.get(i));
            }
        }
        if (said.structures()) {
            readStructures();
        }
        return said.tags();
    }

    /** Without the server's type definitions structures go on as bytes. */
    private void readStructures() {
        try {
            delivery.structures(client.getDynamicEncodingContext());
        } catch (UaException e) {
            LOG.warn(
                    "{}: cannot read the data types of {} ({}): structures stay bytes",
                    plan.device().id(),
                    plan.connection().endpoint(),
                    LinkFailure.reason(e));
        }
    }

    /** Of nodes that have come since. */
    void tellLate() throws UaException, InterruptedException {
        List<Integer> tags = List.copyOf(unknown.keySet());
        List<DataValue> types = reader.read(List.copyOf(unknown.values()), AttributeId.DataType);
        List<Integer> come = new ArrayList<>();
        List<NodeId> nodes = new ArrayList<>();
        for (int i = 0; i < tags.size(); i++) {
            if (types.get(i).statusCode().isGood()) {
                come.add(tags.get(i));
                nodes.add(Objects.requireNonNull(unknown.remove(tags.get(i))));
            }
        }
        if (!come.isEmpty()) {
            tell(come, nodes);
        }
    }

    /** They are no tags any more. */
    void forget(Set<Integer> tags) {
        unknown.keySet().removeAll(tags);
    }
}

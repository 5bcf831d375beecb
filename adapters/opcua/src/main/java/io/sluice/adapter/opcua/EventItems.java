package io.sluice.adapter.opcua;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;

/** Which events of a node are asked for in one Session, and with which fields. Confined to one thread; blocks. */
final class EventItems {

    private final Resolver resolver;
    private final Reader reader;
    private final Subscriptions subscriptions;
    private final Delivery delivery;

    EventItems(Resolver resolver, Reader reader, Subscriptions subscriptions, Delivery delivery) {
        this.resolver = resolver;
        this.reader = reader;
        this.subscriptions = subscriptions;
        this.delivery = delivery;
    }

    /** A tag is refused whose EventType the server does not have. Nothing goes to the server before {@link Subscriptions#create}. */
    void put(int tag, NodeId notifier, OpcUaPlan.EventSelection events) throws UaException {
        if (events.type().isEmpty()) {
            put(tag, notifier, Optional.empty(), events.minSeverity());
            return;
        }
        switch (resolver.resolve(List.of(events.type().get())).getFirst()) {
            case Resolver.Found.At type -> put(tag, notifier, Optional.of(type.node()), events.minSeverity());
            case Resolver.Found.Nowhere nowhere -> delivery.refused(tag, nowhere.status());
        }
    }

    private void put(int tag, NodeId notifier, Optional<NodeId> type, int minSeverity) throws UaException {
        List<EventFields> fields = EventFields.without(missingTypes());
        delivery.eventsHave(tag, fields);
        subscriptions.addEvents(tag, notifier, EventFields.filter(fields, type, minSeverity));
    }

    /** A server without conditions may not have their types, and then has no events for whoever asks for their fields. */
    private List<NodeId> missingTypes() throws UaException {
        List<NodeId> types = EventFields.types();
        List<DataValue> classes = reader.read(types, AttributeId.NodeClass);
        return IntStream.range(0, types.size())
                .filter(i -> classes.get(i).statusCode().value() == StatusCodes.Bad_NodeIdUnknown)
                .mapToObj(types::get)
                .toList();
    }
}

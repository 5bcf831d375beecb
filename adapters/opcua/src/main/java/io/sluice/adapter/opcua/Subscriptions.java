package io.sluice.adapter.opcua;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.structured.EventFilter;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which tags of one Session are to be MonitoredItems, and which of them the server has. Confined to one thread, but for the
 * callbacks.
 */
final class Subscriptions {

    /** Told by the library's threads, which must not wait. */
    @FunctionalInterface
    interface Events {
        void add(LinkEvent event);
    }

    /**
     * A tag.
     *
     * @param filter of a tag that reports events
     * @param band the deadband that the server keeps
     */
    record Entry(int tag, ReadValueId readValueId, Optional<EventFilter> filter, OptionalDouble band) {

        Entry withoutBand() {
            return new Entry(tag, readValueId, filter, OptionalDouble.empty());
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(Subscriptions.class);

    private final OpcUaPlan plan;
    private final Delivery delivery;
    private final Map<Integer, Entry> entries = new HashMap<>();

    /** Those that the server does not have: it has not been asked yet, or it refused. */
    private final Set<Integer> waiting = new LinkedHashSet<>();

    private final Placement placement;
    private final Triggers triggers;
    private final Conditions conditions;

    Subscriptions(
            OpcUaClient client,
            OpcUaPlan plan,
            Timings timings,
            Chunks chunks,
            Reader reader,
            Delivery delivery,
            Events events) {
        this.plan = plan;
        this.delivery = delivery;
        this.placement = new Placement(
                client, plan, timings, chunks, () -> new SubscriptionCallbacks(delivery, events), new Outcome());
        this.triggers = new Triggers(plan, client, chunks, reader, delivery);
        this.conditions = new Conditions(plan.device().id(), client);
    }

    private final class Outcome implements Placement.Outcome {
        @Override
        public void placed(Entry entry, OpcUaSubscription subscription, OpcUaMonitoredItem item) {
            waiting.remove(entry.tag());
            triggers.placed(entry.tag(), subscription, item);
            if (entry.filter().isPresent()) {
                delivery.eventsCome(entry.tag());
                conditions.add(subscription);
            }
        }

        @Override
        public Entry bandRefused(Entry entry, StatusCode status) {
            delivery.bandRefused(entry.tag(), status);
            Entry plain = entry.withoutBand();
            entries.put(plain.tag(), plain);
            return plain;
        }

        @Override
        public void refused(Entry entry, StatusCode status) {
            delivery.refused(entry.tag(), status);
        }
    }

    /** Nothing goes to the server before {@link #create}. */
    void add(int tag, NodeId node, OptionalDouble band) {
        add(new Entry(tag, Polling.readValueId(node, plan.items().get(tag)), Optional.empty(), band));
    }

    /** The same for the events of a node. */
    void addEvents(int tag, NodeId notifier, EventFilter filter) {
        add(new Entry(
                tag,
                Reader.attribute(notifier, AttributeId.EventNotifier),
                Optional.of(filter),
                OptionalDouble.empty()));
    }

    private void add(Entry entry) {
        entries.put(entry.tag(), entry);
        waiting.add(entry.tag());
    }

    private boolean isTriggered(int tag) {
        return plan.items().get(tag).trigger().isPresent();
    }

    /** Whether there is no Subscription on the server. */
    boolean isEmpty() {
        return placement.isEmpty();
    }

    boolean has(int tag) {
        return entries.containsKey(tag);
    }

    /** Those whose values are reported. */
    List<Entry> values() {
        return entries.values().stream()
                .filter(entry -> entry.filter().isEmpty())
                .toList();
    }

    /** Those of tags that report events now. */
    List<Integer> events() {
        return entries.values().stream()
                .filter(entry -> entry.filter().isPresent() && !waiting.contains(entry.tag()))
                .map(Entry::tag)
                .toList();
    }

    /** Those whose every change the server reports now. */
    boolean reportsChanges(Entry entry) {
        return !isTriggered(entry.tag()) && !waiting.contains(entry.tag());
    }

    /** Of those of whose values every one is reported. */
    Map<Integer, ReadValueId> nodes() {
        return values().stream()
                .filter(entry -> !isTriggered(entry.tag()))
                .collect(Collectors.toMap(Entry::tag, Entry::readValueId));
    }

    /**
     * Creates what has been added and what the server refused before. An item that it refuses again is told and waits for
     * the next call; its neighbours are not concerned.
     */
    void create() throws UaException {
        placement.place(
                waiting.stream().map(entries::get).map(Objects::requireNonNull).toList());
        triggers.link();
        conditions.refreshIfAdded();
    }

    /** Ends the items of tags; those of their neighbours stay as they are. */
    void remove(Set<Integer> tags) {
        entries.keySet().removeAll(tags);
        waiting.removeAll(tags);
        triggers.remove(tags);
        placement.remove(tags);
    }

    /** Lets the server tell when its address space changes. One that does not, or has no room for that, is left alone. */
    void watchModel() {
        try {
            ModelChanges.watch(plan.device().id(), placement.last());
        } catch (UaException e) {
            LOG.debug(
                    "{}: no Subscription for changes of the address space",
                    plan.device().id(),
                    e);
        }
    }

    /** Asks for the state of all conditions that are worth showing. */
    void refreshConditions() {
        conditions.refresh();
    }

    static Entry entry(OpcUaMonitoredItem item) {
        return (Entry) item.getUserObject().orElseThrow();
    }
}

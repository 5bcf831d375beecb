package io.sluice.adapter.opcua;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Collectors;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.subscriptions.MonitoredItemServiceOperationResult;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.DataChangeTrigger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.DeadbandType;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MonitoringMode;
import org.eclipse.milo.opcua.stack.core.types.structured.CallMethodRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.DataChangeFilter;
import org.eclipse.milo.opcua.stack.core.types.structured.EventFilter;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MonitoredItems of one Session, in one Subscription, or in more where the server allows only so many in each. Confined
 * to one thread, but for the callbacks.
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
    private static final int LIFETIME_FACTOR = 4;

    /** What the item that is no tag carries. */
    private static final Object MODEL = new Object();

    /** What has waited through an interruption comes in parts that fit into the messages that the library takes, 2 MiB. */
    private static final UInteger NOTIFICATIONS_PER_PUBLISH = UInteger.valueOf(5_000);

    private final OpcUaClient client;
    private final OpcUaPlan plan;
    private final Timings timings;
    private final Delivery delivery;
    private final Events events;
    private final Map<Integer, Entry> entries = new HashMap<>();
    private final List<Entry> waiting = new ArrayList<>();
    private final List<OpcUaSubscription> subscriptions = new ArrayList<>();
    private final Set<OpcUaSubscription> conditions = new LinkedHashSet<>();
    private boolean eventsAdded;
    private final Chunks chunks;
    private final Triggers triggers;

    Subscriptions(
            OpcUaClient client,
            OpcUaPlan plan,
            Timings timings,
            Chunks chunks,
            Reader reader,
            Delivery delivery,
            Events events) {
        this.client = client;
        this.plan = plan;
        this.timings = timings;
        this.delivery = delivery;
        this.events = events;
        this.chunks = chunks;
        this.triggers = new Triggers(plan, client, chunks, reader, delivery);
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
        waiting.add(entry);
    }

    private boolean isTriggered(int tag) {
        return plan.items().get(tag).trigger().isPresent();
    }

    /** Whether there is none on the server. */
    boolean isEmpty() {
        return subscriptions.isEmpty();
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
                .filter(entry -> entry.filter().isPresent() && !waiting.contains(entry))
                .map(Entry::tag)
                .toList();
    }

    /** Those whose every change the server reports now. */
    boolean reportsChanges(Entry entry) {
        return !isTriggered(entry.tag()) && !waiting.contains(entry);
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
        List<Entry> refused = new ArrayList<>();
        boolean fresh = subscriptions.isEmpty();
        while (!waiting.isEmpty()) {
            if (fresh && !addSubscription(refused)) {
                break;
            }
            List<Entry> full = fill(subscriptions.getLast(), refused, fresh);
            waiting.clear();
            waiting.addAll(full);
            fresh = true;
        }
        waiting.addAll(refused);
        triggers.link();
        if (eventsAdded) {
            eventsAdded = false;
            refreshConditions();
        }
    }

    /** Ends the items of tags; those of their neighbours stay as they are. */
    void remove(Set<Integer> tags) {
        tags.forEach(entries::remove);
        waiting.removeIf(entry -> tags.contains(entry.tag()));
        triggers.remove(tags);
        for (OpcUaSubscription subscription : List.copyOf(subscriptions)) {
            List<OpcUaMonitoredItem> ending = subscription.getMonitoredItems().stream()
                    .filter(item -> !isModel(item) && tags.contains(entry(item).tag()))
                    .toList();
            if (!ending.isEmpty()) {
                subscription.removeMonitoredItems(ending);
                subscription.deleteMonitoredItems();
                // What comes next is tried where there is room now.
                subscriptions.remove(subscription);
                subscriptions.add(subscription);
            }
        }
    }

    /** Lets the server tell when its address space changes. One that does not, or has no room for that, is left alone. */
    void watchModel() {
        try {
            if (subscriptions.isEmpty()) {
                subscriptions.add(subscribe());
            }
        } catch (UaException e) {
            LOG.debug(
                    "{}: no Subscription for changes of the address space",
                    plan.device().id(),
                    e);
            return;
        }
        OpcUaSubscription subscription = subscriptions.getLast();
        OpcUaMonitoredItem item = ModelChanges.item();
        item.setUserObject(MODEL);
        subscription.addMonitoredItem(item);
        for (MonitoredItemServiceOperationResult result : subscription.createMonitoredItems()) {
            if (!status(result).isGood()) {
                LOG.debug(
                        "{}: the server does not tell of changes of its address space: {}",
                        plan.device().id(),
                        status(result));
                forget(subscription, result.monitoredItem());
            }
        }
    }

    /**
     * ConditionRefresh (Part 9 §5.5.7) of every Subscription that reports events. A server without conditions refuses it, and
     * has none to tell.
     */
    void refreshConditions() {
        for (OpcUaSubscription subscription : conditions) {
            subscription.getSubscriptionId().ifPresent(this::refreshConditions);
        }
    }

    private void refreshConditions(UInteger subscription) {
        try {
            client.call(List.of(
                    new CallMethodRequest(NodeIds.ConditionType, NodeIds.ConditionType_ConditionRefresh, new Variant[] {
                        Variant.ofUInt32(subscription)
                    })));
        } catch (UaException e) {
            LOG.debug("{}: conditions cannot be asked for", plan.device().id(), e);
        }
    }

    /** Where the server has no room for another Subscription, its items wait; those of the others go on. */
    private boolean addSubscription(List<Entry> refused) throws UaException {
        try {
            subscriptions.add(subscribe());
            return true;
        } catch (UaException e) {
            if (subscriptions.isEmpty()) {
                throw e;
            }
            waiting.forEach(entry -> delivery.refused(entry.tag(), e.getStatusCode()));
            refused.addAll(waiting);
            waiting.clear();
            return false;
        }
    }

    /**
     * @param empty whether the Subscription has no item yet: what does not fit even there is refused
     * @return what does not fit into this Subscription
     */
    private List<Entry> fill(OpcUaSubscription subscription, List<Entry> refused, boolean empty) throws UaException {
        List<Entry> full = new ArrayList<>();
        List<Entry> unfiltered = new ArrayList<>();
        int created = 0;
        for (MonitoredItemServiceOperationResult result : createItems(subscription)) {
            StatusCode status = status(result);
            Entry entry = entry(result.monitoredItem());
            if (status.isGood()) {
                created++;
                triggers.placed(entry.tag(), subscription, result.monitoredItem());
                if (entry.filter().isPresent()) {
                    delivery.eventsCome(entry.tag());
                    conditions.add(subscription);
                    eventsAdded = true;
                }
                continue;
            }
            forget(subscription, result.monitoredItem());
            if (entry.band().isPresent() && refusesFilter(status)) {
                unfiltered.add(withoutBand(entry, status));
            } else if (status.value() == StatusCodes.Bad_TooManyMonitoredItems && !(empty && created == 0)) {
                full.add(entry);
            } else {
                refused.add(entry);
                delivery.refused(entry.tag(), status);
            }
        }
        if (!unfiltered.isEmpty()) {
            waiting.clear();
            waiting.addAll(unfiltered);
            full.addAll(fill(subscription, refused, empty && created == 0));
        }
        return full;
    }

    static StatusCode status(MonitoredItemServiceOperationResult result) {
        return result.serviceResult().isGood()
                ? result.operationResult().orElse(StatusCode.BAD)
                : result.serviceResult();
    }

    private static boolean refusesFilter(StatusCode status) {
        return status.value() == StatusCodes.Bad_FilterNotAllowed
                || status.value() == StatusCodes.Bad_DeadbandFilterInvalid
                || status.value() == StatusCodes.Bad_MonitoredItemFilterUnsupported
                || status.value() == StatusCodes.Bad_MonitoredItemFilterInvalid;
    }

    private Entry withoutBand(Entry entry, StatusCode status) {
        LOG.info(
                "{}: the server keeps no deadband for tag {} ({}): the gateway alone does",
                plan.device().id(),
                plan.items().get(entry.tag()).name(),
                StatusNames.of(status.value()));
        Entry plain = entry.withoutBand();
        entries.put(plain.tag(), plain);
        return plain;
    }

    private List<MonitoredItemServiceOperationResult> createItems(OpcUaSubscription subscription) throws UaException {
        waiting.sort(Comparator.comparingInt(this::group));
        waiting.forEach(entry -> subscription.addMonitoredItem(item(entry)));
        while (true) {
            int size = chunks.size(Chunks.Service.MONITORED_ITEMS);
            subscription.setMaxMonitoredItemsPerCall(UInteger.valueOf(size));
            List<MonitoredItemServiceOperationResult> results = subscription.createMonitoredItems();
            StatusCode failure = results.stream()
                    .map(MonitoredItemServiceOperationResult::serviceResult)
                    .filter(status -> !status.isGood() && status.value() != StatusCodes.Bad_TooManyMonitoredItems)
                    .findFirst()
                    .orElse(StatusCode.GOOD);
            if (failure.isGood()) {
                return results;
            }
            UaException refusal =
                    new UaException(failure, "CreateMonitoredItems failed: " + StatusNames.of(failure.value()));
            if (!chunks.shrink(Chunks.Service.MONITORED_ITEMS, Math.min(size, waiting.size()), refusal)) {
                throw refusal;
            }
        }
    }

    /** A trigger stands beside what it triggers, so that both find room in one Subscription. */
    private int group(Entry entry) {
        return plan.items().get(entry.tag()).trigger().orElse(entry.tag());
    }

    /** Whether the item is the one of {@link ModelChanges}. */
    static boolean isModel(OpcUaMonitoredItem item) {
        return item.getUserObject().filter(MODEL::equals).isPresent();
    }

    static Entry entry(OpcUaMonitoredItem item) {
        return (Entry) item.getUserObject().orElseThrow();
    }

    /** An item that does not exist on the server need not be deleted there. */
    private static void forget(OpcUaSubscription subscription, OpcUaMonitoredItem item) {
        subscription.removeMonitoredItem(item);
        subscription.deleteMonitoredItems();
    }

    private OpcUaMonitoredItem item(Entry entry) {
        OpcUaPlan.Item wanted = plan.items().get(entry.tag());
        OpcUaMonitoredItem item = new OpcUaMonitoredItem(
                entry.readValueId(), isTriggered(entry.tag()) ? MonitoringMode.Sampling : MonitoringMode.Reporting);
        item.setSamplingInterval(
                entry.filter().isPresent()
                        ? 0
                        : wanted.sampling().orElse(plan.publishing()).toNanos() / 1e6);
        entry.filter().ifPresent(item::setFilter);
        entry.band()
                .ifPresent(band -> item.setFilter(new DataChangeFilter(
                        DataChangeTrigger.StatusValue, UInteger.valueOf(DeadbandType.Absolute.getValue()), band)));
        item.setQueueSize(UInteger.valueOf(wanted.queue()));
        item.setDiscardOldest(wanted.discardOldest());
        item.setUserObject(entry);
        return item;
    }

    private OpcUaSubscription subscribe() throws UaException {
        double interval = plan.publishing().toNanos() / 1e6;
        long keepAlive = Math.max(1, Math.round(timings.subscriptionKeepAlive().toMillis() / interval));
        long lifetime = Math.max(
                LIFETIME_FACTOR * keepAlive, Math.round(2 * timings.resume().toMillis() / interval));
        OpcUaSubscription subscription = new OpcUaSubscription(client, interval);
        subscription.setLifetimeAndKeepAliveCalculated(false);
        subscription.setMaxKeepAliveCount(UInteger.valueOf(keepAlive));
        subscription.setLifetimeCount(UInteger.valueOf(lifetime));
        subscription.setMaxNotificationsPerPublish(NOTIFICATIONS_PER_PUBLISH);
        subscription.setSubscriptionListener(new SubscriptionCallbacks(delivery, events));
        subscription.create();
        return subscription;
    }
}

package io.sluice.adapter.opcua;

import io.sluice.adapter.opcua.Subscriptions.Entry;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.subscriptions.MonitoredItemServiceOperationResult;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.DataChangeTrigger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.DeadbandType;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MonitoringMode;
import org.eclipse.milo.opcua.stack.core.types.structured.DataChangeFilter;

/**
 * Makes MonitoredItems on the server: in one Subscription, or in more where the server allows only so many in each. It does
 * not remember what was refused. Confined to one thread.
 */
final class Placement {

    /** What became of an item. */
    interface Outcome {

        void placed(Entry entry, OpcUaSubscription subscription, OpcUaMonitoredItem item);

        /**
         * The server does not keep this deadband, for this item or at all.
         *
         * @return what is asked of it instead
         */
        Entry bandRefused(Entry entry, StatusCode status);

        void refused(Entry entry, StatusCode status);
    }

    private static final int LIFETIME_FACTOR = 4;

    /** What has waited through an interruption comes in parts that fit into the messages that the library takes, 2 MiB. */
    private static final UInteger NOTIFICATIONS_PER_PUBLISH = UInteger.valueOf(5_000);

    private final OpcUaClient client;
    private final OpcUaPlan plan;
    private final Timings timings;
    private final Chunks chunks;
    private final Listening listening;
    private final Outcome outcome;

    /** What comes next is tried in the last one. */
    private final List<OpcUaSubscription> subscriptions = new ArrayList<>();

    /** Each Subscription is listened to by itself. */
    @FunctionalInterface
    interface Listening {
        OpcUaSubscription.SubscriptionListener begin();
    }

    Placement(
            OpcUaClient client, OpcUaPlan plan, Timings timings, Chunks chunks, Listening listening, Outcome outcome) {
        this.client = client;
        this.plan = plan;
        this.timings = timings;
        this.chunks = chunks;
        this.listening = listening;
        this.outcome = outcome;
    }

    /** Whether there is no Subscription on the server. */
    boolean isEmpty() {
        return subscriptions.isEmpty();
    }

    /** The Subscription that was made last, or the first one now. */
    OpcUaSubscription last() throws UaException {
        if (subscriptions.isEmpty()) {
            subscriptions.add(subscribe());
        }
        return subscriptions.getLast();
    }

    /** Tells of each what became of it. Where the server has no room for another Subscription, those of the others go on. */
    void place(List<Entry> wanted) throws UaException {
        boolean fresh = subscriptions.isEmpty();
        List<Entry> left = wanted;
        while (!left.isEmpty()) {
            if (fresh && !addSubscription(left)) {
                return;
            }
            left = fill(subscriptions.getLast(), left, fresh);
            fresh = true;
        }
    }

    private boolean addSubscription(List<Entry> wanted) throws UaException {
        try {
            subscriptions.add(subscribe());
            return true;
        } catch (UaException e) {
            if (subscriptions.isEmpty()) {
                throw e;
            }
            wanted.forEach(entry -> outcome.refused(entry, e.getStatusCode()));
            return false;
        }
    }

    /**
     * @param empty whether the Subscription has no item yet: what does not fit even there is refused
     * @return what does not fit into this Subscription
     */
    private List<Entry> fill(OpcUaSubscription subscription, List<Entry> wanted, boolean empty) throws UaException {
        List<Entry> full = new ArrayList<>();
        List<Entry> unfiltered = new ArrayList<>();
        List<OpcUaMonitoredItem> missing = new ArrayList<>();
        int created = 0;
        for (MonitoredItemServiceOperationResult result : createItems(subscription, wanted)) {
            StatusCode status = status(result);
            Entry entry = Subscriptions.entry(result.monitoredItem());
            if (status.isGood()) {
                created++;
                outcome.placed(entry, subscription, result.monitoredItem());
                continue;
            }
            missing.add(result.monitoredItem());
            if (entry.band().isPresent() && refusesFilter(status)) {
                unfiltered.add(outcome.bandRefused(entry, status));
            } else if (status.value() == StatusCodes.Bad_TooManyMonitoredItems && !(empty && created == 0)) {
                full.add(entry);
            } else {
                outcome.refused(entry, status);
            }
        }
        forget(subscription, missing);
        if (!unfiltered.isEmpty()) {
            full.addAll(fill(subscription, unfiltered, empty && created == 0));
        }
        return full;
    }

    private static boolean refusesFilter(StatusCode status) {
        return status.value() == StatusCodes.Bad_FilterNotAllowed
                || status.value() == StatusCodes.Bad_DeadbandFilterInvalid
                || status.value() == StatusCodes.Bad_MonitoredItemFilterUnsupported
                || status.value() == StatusCodes.Bad_MonitoredItemFilterInvalid;
    }

    private List<MonitoredItemServiceOperationResult> createItems(OpcUaSubscription subscription, List<Entry> wanted)
            throws UaException {
        wanted.stream()
                .sorted(Comparator.comparingInt(this::group))
                .forEach(entry -> subscription.addMonitoredItem(item(entry)));
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
            if (!chunks.shrink(Chunks.Service.MONITORED_ITEMS, Math.min(size, wanted.size()), refusal)) {
                throw refusal;
            }
        }
    }

    static StatusCode status(MonitoredItemServiceOperationResult result) {
        return result.serviceResult().isGood()
                ? result.operationResult().orElse(StatusCode.BAD)
                : result.serviceResult();
    }

    /** A trigger stands beside what it triggers, so that both find room in one Subscription. */
    private int group(Entry entry) {
        return plan.items().get(entry.tag()).trigger().orElse(entry.tag());
    }

    /** Items that do not exist on the server need not be deleted there. */
    static void forget(OpcUaSubscription subscription, List<OpcUaMonitoredItem> items) {
        subscription.removeMonitoredItems(items);
        subscription.deleteMonitoredItems();
    }

    /** Ends the items of tags. What comes next is tried where there is room now. */
    void remove(Set<Integer> tags) {
        for (OpcUaSubscription subscription : List.copyOf(subscriptions)) {
            List<OpcUaMonitoredItem> ending = subscription.getMonitoredItems().stream()
                    .filter(item -> !ModelChanges.areToldBy(item)
                            && tags.contains(Subscriptions.entry(item).tag()))
                    .toList();
            if (!ending.isEmpty()) {
                subscription.removeMonitoredItems(ending);
                subscription.deleteMonitoredItems();
                subscriptions.remove(subscription);
                subscriptions.add(subscription);
            }
        }
    }

    private OpcUaMonitoredItem item(Entry entry) {
        OpcUaPlan.Item wanted = plan.items().get(entry.tag());
        OpcUaMonitoredItem item = new OpcUaMonitoredItem(
                entry.readValueId(), wanted.trigger().isPresent() ? MonitoringMode.Sampling : MonitoringMode.Reporting);
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
        subscription.setSubscriptionListener(listening.begin());
        subscription.create();
        return subscription;
    }
}

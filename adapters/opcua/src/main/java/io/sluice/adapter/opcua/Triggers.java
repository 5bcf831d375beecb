package io.sluice.adapter.opcua;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.subscriptions.MonitoredItemServiceOperationResult;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MonitoringMode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Links MonitoredItems that are only sampled to the one whose report makes them report too (Part 4 §5.13.5), in one Session. A
 * link is possible within one Subscription only. Where the server cannot link, the item reports by itself: more than is wanted,
 * rather than nothing. Confined to one thread.
 */
final class Triggers {

    private static final Logger LOG = LoggerFactory.getLogger(Triggers.class);

    private final OpcUaPlan plan;
    private final OpcUaClient client;
    private final Chunks chunks;
    private final Reader reader;
    private final Delivery delivery;
    private final Map<Integer, Place> places = new HashMap<>();
    private final Set<Integer> done = new HashSet<>();

    private record Place(OpcUaSubscription subscription, OpcUaMonitoredItem item) {

        UInteger id() {
            return item.getMonitoredItemId().orElse(UInteger.MIN);
        }
    }

    Triggers(OpcUaPlan plan, OpcUaClient client, Chunks chunks, Reader reader, Delivery delivery) {
        this.plan = plan;
        this.client = client;
        this.chunks = chunks;
        this.reader = reader;
        this.delivery = delivery;
    }

    /** The server has the item of a tag. */
    void placed(int tag, OpcUaSubscription subscription, OpcUaMonitoredItem item) {
        places.put(tag, new Place(subscription, item));
    }

    /** The server has their items no more. */
    void remove(Set<Integer> tags) {
        places.keySet().removeAll(tags);
    }

    /** Links what has been placed since the last call and whose trigger is there. */
    void link() throws UaException {
        Map<Integer, List<Integer>> links = new LinkedHashMap<>();
        for (int tag : places.keySet()) {
            plan.items()
                    .get(tag)
                    .trigger()
                    .filter(trigger -> places.containsKey(trigger) && !done.contains(tag))
                    .ifPresent(trigger -> links.computeIfAbsent(trigger, t -> new ArrayList<>())
                            .add(tag));
        }
        for (Map.Entry<Integer, List<Integer>> link : links.entrySet()) {
            tellOnce(link.getValue());
            link(link.getKey(), link.getValue());
            done.addAll(link.getValue());
        }
    }

    /** What they hold before the trigger reports for the first time; read before, so that it cannot come after. */
    private void tellOnce(List<Integer> tags) throws UaException {
        delivery.polled(
                tags,
                reader.read(tags.stream()
                        .map(tag -> place(tag).item().getReadValueId())
                        .toList()));
    }

    private void link(int trigger, List<Integer> tags) {
        OpcUaSubscription subscription = place(trigger).subscription();
        List<Integer> near = tags.stream()
                .filter(tag -> place(tag).subscription().equals(subscription))
                .toList();
        List<Integer> unlinked = new ArrayList<>(tags);
        try {
            List<StatusCode> results = chunks.call(
                    Chunks.Service.MONITORED_ITEMS,
                    near,
                    chunk -> client.setTriggering(
                                    subscription.getSubscriptionId().orElse(UInteger.MIN),
                                    place(trigger).id(),
                                    chunk.stream().map(tag -> place(tag).id()).toList(),
                                    List.of())
                            .getAddResults());
            for (int i = 0; i < near.size(); i++) {
                if (results.get(i).isGood()) {
                    unlinked.remove(near.get(i));
                }
            }
        } catch (UaException e) {
            LOG.debug("{}: SetTriggering failed", plan.device().id(), e);
        }
        if (!unlinked.isEmpty()) {
            reportByThemselves(trigger, unlinked);
        }
    }

    private void reportByThemselves(int trigger, List<Integer> tags) {
        LOG.warn(
                "{}: the server does not let {} trigger {}: {} by every change",
                plan.device().id(),
                plan.items().get(trigger).name(),
                String.join(
                        ", ",
                        tags.stream().map(tag -> plan.items().get(tag).name()).toList()),
                tags.size() == 1 ? "it reports" : "they report");
        for (int tag : tags) {
            Place place = place(tag);
            place.subscription()
                    .setMonitoringMode(MonitoringMode.Reporting, List.of(place.item()))
                    .forEach(result -> told(tag, result));
        }
    }

    private void told(int tag, MonitoredItemServiceOperationResult result) {
        StatusCode status = Placement.status(result);
        if (!status.isGood()) {
            delivery.refused(tag, status);
        }
    }

    private Place place(int tag) {
        @Nullable Place place = places.get(tag);
        if (place == null) {
            throw new IllegalStateException("tag " + tag + " has no MonitoredItem");
        }
        return place;
    }
}

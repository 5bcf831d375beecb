package io.sluice.adapter.opcua;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.structured.CallMethodRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The conditions, such as alarms, that the Subscriptions of one Session report: they are told when they change, and their
 * state of now when it is asked for (ConditionRefresh, Part 9 §5.5.7). Confined to one thread.
 */
final class Conditions {

    private static final Logger LOG = LoggerFactory.getLogger(Conditions.class);

    private final String device;
    private final OpcUaClient client;
    private final Set<OpcUaSubscription> subscriptions = new LinkedHashSet<>();
    private boolean added;

    Conditions(String device, OpcUaClient client) {
        this.device = device;
        this.client = client;
    }

    /** The Subscription has one item more that reports events. */
    void add(OpcUaSubscription subscription) {
        subscriptions.add(subscription);
        added = true;
    }

    /** Asks, if there is anything new since it was asked. */
    void refreshIfAdded() {
        if (added) {
            added = false;
            refresh();
        }
    }

    /** A server without conditions refuses it, and has none to tell. */
    void refresh() {
        for (OpcUaSubscription subscription : subscriptions) {
            subscription.getSubscriptionId().ifPresent(this::refresh);
        }
    }

    private void refresh(UInteger subscription) {
        try {
            client.call(List.of(
                    new CallMethodRequest(NodeIds.ConditionType, NodeIds.ConditionType_ConditionRefresh, new Variant[] {
                        Variant.ofUInt32(subscription)
                    })));
        } catch (UaException e) {
            LOG.debug("{}: conditions cannot be asked for", device, e);
        }
    }
}

package io.sluice.adapter.opcua;

import java.util.Arrays;
import java.util.List;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;

/** What the library's threads tell of one Subscription, on its way to the values and to the {@link DeviceLink}. */
final class SubscriptionCallbacks implements OpcUaSubscription.SubscriptionListener {

    private final Delivery delivery;
    private final Subscriptions.Events events;
    private volatile boolean silent;

    SubscriptionCallbacks(Delivery delivery, Subscriptions.Events events) {
        this.delivery = delivery;
        this.events = events;
    }

    private void heard() {
        silent = false;
        delivery.heard();
    }

    @Override
    public void onDataReceived(OpcUaSubscription subscription, List<OpcUaMonitoredItem> items, List<DataValue> values) {
        heard();
        int[] tags = new int[items.size()];
        Arrays.setAll(tags, i -> Subscriptions.entry(items.get(i)).tag());
        delivery.values(tags, values);
    }

    @Override
    public void onEventReceived(
            OpcUaSubscription subscription, List<OpcUaMonitoredItem> items, List<Variant[]> fields) {
        heard();
        for (int i = 0; i < items.size(); i++) {
            if (!ModelChanges.areToldBy(items.get(i))) {
                delivery.event(Subscriptions.entry(items.get(i)).tag(), fields.get(i));
            } else if (ModelChanges.isChange(fields.get(i))) {
                events.add(new LinkEvent.AddressSpaceChanged());
            }
        }
    }

    @Override
    public void onKeepAliveReceived(OpcUaSubscription subscription) {
        heard();
    }

    /** Where they are missing has been told by the {@link TellingClient}. */
    @Override
    public void onNotificationDataLost(OpcUaSubscription subscription) {
        events.add(new LinkEvent.NotificationsLost());
    }

    @Override
    public void onWatchdogTimerElapsed(OpcUaSubscription subscription) {
        silent = true;
        events.add(new LinkEvent.SubscriptionSilent(() -> silent));
    }

    @Override
    public void onStatusChanged(OpcUaSubscription subscription, StatusCode status) {
        if (status.isBad() || status.value() == StatusCodes.Good_SubscriptionTransferred) {
            events.add(new LinkEvent.SubscriptionGone(
                    "the server ended the Subscription (" + StatusNames.of(status.value()) + ")"));
        }
    }

    @Override
    public void onTransferFailed(OpcUaSubscription subscription, StatusCode status) {
        events.add(new LinkEvent.SubscriptionGone(
                "the server did not keep the Subscription (" + StatusNames.of(status.value()) + ")"));
    }
}

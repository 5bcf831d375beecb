package io.sluice.adapter.opcua;

import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.OpcUaClientConfig;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.structured.RepublishResponse;
import org.eclipse.milo.opcua.stack.transport.client.OpcClientTransport;

/**
 * The library's client, which also tells where among the notification messages one is missing that the server cannot repeat
 * (Republish, Part 4 §5.14.5). It is a subclass since the library itself tells that only when it has delivered all that the
 * server could repeat, before and behind.
 */
final class TellingClient extends OpcUaClient {

    private volatile Runnable missing = () -> {};

    TellingClient(OpcUaClientConfig config, OpcClientTransport transport) {
        super(config, transport);
    }

    /**
     * From now on called in the place of each message that is missing: after what came before it, before what comes behind.
     * On the library's threads.
     */
    void whereMessagesAreMissing(Runnable action) {
        missing = action;
    }

    @Override
    public RepublishResponse republish(UInteger subscription, UInteger sequenceNumber) throws UaException {
        try {
            return super.republish(subscription, sequenceNumber);
        } catch (UaException e) {
            getSubscriptions().stream()
                    .filter(known -> known.getSubscriptionId()
                            .filter(subscription::equals)
                            .isPresent())
                    .map(OpcUaSubscription::getDeliveryQueue)
                    .forEach(queue -> queue.execute(missing::run));
            throw e;
        }
    }
}

package io.sluice.adapter.opcua;

import java.util.List;
import org.eclipse.milo.opcua.sdk.client.subscriptions.MonitoredItemServiceOperationResult;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaMonitoredItem;
import org.eclipse.milo.opcua.sdk.client.subscriptions.OpcUaSubscription;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.FilterOperator;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MonitoringMode;
import org.eclipse.milo.opcua.stack.core.types.structured.ContentFilter;
import org.eclipse.milo.opcua.stack.core.types.structured.ContentFilterElement;
import org.eclipse.milo.opcua.stack.core.types.structured.EventFilter;
import org.eclipse.milo.opcua.stack.core.types.structured.LiteralOperand;
import org.eclipse.milo.opcua.stack.core.types.structured.SimpleAttributeOperand;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The MonitoredItem by which a server tells that its address space has changed (Part 3 §9.32): that it has, not where. */
final class ModelChanges {

    private static final Logger LOG = LoggerFactory.getLogger(ModelChanges.class);

    /** What the item carries, which is no tag. */
    private static final Object MARK = new Object();

    private ModelChanges() {}

    /** Lets the server tell of them. One that does not is left alone. */
    static void watch(String device, OpcUaSubscription subscription) {
        subscription.addMonitoredItem(item());
        for (MonitoredItemServiceOperationResult result : subscription.createMonitoredItems()) {
            StatusCode status = Placement.status(result);
            if (!status.isGood()) {
                LOG.debug("{}: the server does not tell of changes of its address space: {}", device, status);
                Placement.forget(subscription, List.of(result.monitoredItem()));
            }
        }
    }

    static boolean areToldBy(OpcUaMonitoredItem item) {
        return item.getUserObject().filter(MARK::equals).isPresent();
    }

    private static OpcUaMonitoredItem item() {
        OpcUaMonitoredItem item = new OpcUaMonitoredItem(
                Reader.attribute(NodeIds.Server, AttributeId.EventNotifier), MonitoringMode.Reporting);
        item.setSamplingInterval(0);
        item.setQueueSize(UInteger.valueOf(1));
        item.setUserObject(MARK);
        item.setFilter(new EventFilter(
                new SimpleAttributeOperand[] {
                    new SimpleAttributeOperand(
                            NodeIds.BaseEventType,
                            new QualifiedName[] {new QualifiedName(0, "EventType")},
                            AttributeId.Value.uid(),
                            null)
                },
                new ContentFilter(new ContentFilterElement[] {
                    EventFields.element(
                            FilterOperator.OfType,
                            new LiteralOperand(Variant.ofNodeId(NodeIds.BaseModelChangeEventType)))
                })));
        return item;
    }

    /** A ConditionRefresh of the same Subscription is told here too. */
    static boolean isChange(Variant[] fields) {
        return fields.length > 0
                && !NodeIds.RefreshStartEventType.equals(fields[0].value())
                && !NodeIds.RefreshEndEventType.equals(fields[0].value())
                && !NodeIds.RefreshRequiredEventType.equals(fields[0].value());
    }
}

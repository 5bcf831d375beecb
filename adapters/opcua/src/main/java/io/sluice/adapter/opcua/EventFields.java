package io.sluice.adapter.opcua;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.encoding.DefaultEncodingContext;
import org.eclipse.milo.opcua.stack.core.types.UaStructuredType;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.eclipse.milo.opcua.stack.core.types.enumerated.FilterOperator;
import org.eclipse.milo.opcua.stack.core.types.structured.ContentFilter;
import org.eclipse.milo.opcua.stack.core.types.structured.ContentFilterElement;
import org.eclipse.milo.opcua.stack.core.types.structured.ElementOperand;
import org.eclipse.milo.opcua.stack.core.types.structured.EventFilter;
import org.eclipse.milo.opcua.stack.core.types.structured.LiteralOperand;
import org.eclipse.milo.opcua.stack.core.types.structured.SimpleAttributeOperand;

/** What is asked of an event, in the order in which the server gives it, and how it is called in a reading. */
enum EventFields {
    EVENT_ID("event-id", NodeIds.BaseEventType, "EventId"),
    EVENT_TYPE("event-type", NodeIds.BaseEventType, "EventType"),
    TIME("", NodeIds.BaseEventType, "Time"),
    SOURCE("source", NodeIds.BaseEventType, "SourceName"),
    MESSAGE("message", NodeIds.BaseEventType, "Message"),
    SEVERITY("severity", NodeIds.BaseEventType, "Severity"),
    CONDITION("condition", NodeIds.ConditionType, "ConditionName"),
    /** Without a path and with the attribute NodeId it stands for the condition itself (Part 9 §5.5.2.13). */
    CONDITION_ID("condition-id", NodeIds.ConditionType),
    BRANCH_ID("branch-id", NodeIds.ConditionType, "BranchId"),
    RETAIN("retain", NodeIds.ConditionType, "Retain"),
    ENABLED("enabled", NodeIds.ConditionType, "EnabledState", "Id"),
    ACTIVE("active", NodeIds.AlarmConditionType, "ActiveState", "Id"),
    ACKNOWLEDGED("acknowledged", NodeIds.AcknowledgeableConditionType, "AckedState", "Id"),
    CONFIRMED("confirmed", NodeIds.AcknowledgeableConditionType, "ConfirmedState", "Id"),
    COMMENT("comment", NodeIds.ConditionType, "Comment");

    private final String written;
    private final NodeId type;
    private final List<String> path;

    EventFields(String written, NodeId type, String... path) {
        this.written = written;
        this.type = type;
        this.path = List.of(path);
    }

    /** In a reading; empty for what does not stand there. */
    String written() {
        return written;
    }

    /** The types that have them. */
    static List<NodeId> types() {
        return Arrays.stream(values()).map(field -> field.type).distinct().toList();
    }

    /** Those that a server can have which does not know some of the types. */
    static List<EventFields> without(Collection<NodeId> types) {
        return Arrays.stream(values())
                .filter(field -> !types.contains(field.type))
                .toList();
    }

    private SimpleAttributeOperand operand() {
        return new SimpleAttributeOperand(
                type,
                path.stream().map(name -> new QualifiedName(0, name)).toArray(QualifiedName[]::new),
                (path.isEmpty() ? AttributeId.NodeId : AttributeId.Value).uid(),
                null);
    }

    /**
     * Part 4 §7.22.3: fields of the events of a type and its subtypes from a severity on.
     *
     * @param type empty for all
     */
    static EventFilter filter(List<EventFields> fields, Optional<NodeId> type, int minSeverity) {
        List<ContentFilterElement> where = new ArrayList<>();
        type.ifPresent(
                wanted -> where.add(element(FilterOperator.OfType, new LiteralOperand(Variant.ofNodeId(wanted)))));
        if (minSeverity > 1) {
            where.add(element(
                    FilterOperator.GreaterThanOrEqual,
                    SEVERITY.operand(),
                    new LiteralOperand(Variant.ofUInt16(UShort.valueOf(minSeverity)))));
        }
        if (where.size() == 2) {
            // The first element is where the evaluation begins (Part 4 §7.7.1).
            where.addFirst(element(
                    FilterOperator.And,
                    new ElementOperand(UInteger.valueOf(1)),
                    new ElementOperand(UInteger.valueOf(2))));
        }
        return new EventFilter(
                fields.stream().map(EventFields::operand).toArray(SimpleAttributeOperand[]::new),
                new ContentFilter(where.toArray(ContentFilterElement[]::new)));
    }

    static ContentFilterElement element(FilterOperator operator, UaStructuredType... operands) {
        return new ContentFilterElement(
                operator,
                Arrays.stream(operands)
                        .map(operand -> ExtensionObject.encode(DefaultEncodingContext.INSTANCE, operand))
                        .toArray(ExtensionObject[]::new));
    }
}

package io.sluice.adapter.opcua;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.jspecify.annotations.Nullable;

/**
 * Turns the events of one Session into samples: a structure of the fields that an event has. Keeps apart what a ConditionRefresh
 * tells again, and drops an event that the server repeats. Any thread.
 */
final class EventStream {

    private static final int REMEMBERED = 64;

    /** What became of a notification. */
    sealed interface Taken {
        record Reading(Sample sample) implements Taken {}

        /** Events did not fit into the server's queue. */
        record Overflow() implements Taken {}

        record RefreshRequired() implements Taken {}

        record Nothing() implements Taken {}
    }

    private static final class Memory {
        private final LinkedHashSet<ByteString> eventIds = new LinkedHashSet<>();
        private boolean refreshing;
    }

    private final Memory[] memories;
    private final NamespaceTable namespaces;

    EventStream(int tags, NamespaceTable namespaces) {
        this.memories = new Memory[tags];
        java.util.Arrays.setAll(memories, tag -> new Memory());
        this.namespaces = namespaces;
    }

    /**
     * @param fields one for each of {@link EventFields}
     */
    Taken take(int tag, Variant[] fields) {
        Memory memory = memories[tag];
        synchronized (memory) {
            @Nullable Object type = raw(fields, EventFields.EVENT_TYPE);
            if (NodeIds.RefreshStartEventType.equals(type) || NodeIds.RefreshEndEventType.equals(type)) {
                memory.refreshing = NodeIds.RefreshStartEventType.equals(type);
                return new Taken.Nothing();
            }
            if (NodeIds.RefreshRequiredEventType.equals(type)) {
                return new Taken.RefreshRequired();
            }
            if (NodeIds.EventQueueOverflowEventType.equals(type)) {
                return new Taken.Overflow();
            }
            return memory.refreshing || isNew(memory, fields)
                    ? new Taken.Reading(sample(tag, fields, memory.refreshing))
                    : new Taken.Nothing();
        }
    }

    private static boolean isNew(Memory memory, Variant[] fields) {
        if (!(raw(fields, EventFields.EVENT_ID) instanceof ByteString id) || id.isNullOrEmpty()) {
            return true;
        }
        boolean added = memory.eventIds.add(id);
        if (memory.eventIds.size() > REMEMBERED) {
            memory.eventIds.removeFirst();
        }
        return added;
    }

    private Sample sample(int tag, Variant[] variants, boolean refresh) {
        List<Value.Structure.Field> fields = new ArrayList<>();
        for (EventFields field : EventFields.values()) {
            @Nullable Value value = field.written().isEmpty() ? null : value(raw(variants, field));
            if (value != null) {
                fields.add(new Value.Structure.Field(field.written(), value));
            }
        }
        if (refresh) {
            fields.add(new Value.Structure.Field("refresh", new Value.Bool(true)));
        }
        long time =
                raw(variants, EventFields.TIME) instanceof DateTime given ? Translation.time(given) : Sample.NO_TIME;
        return new Sample(tag, new Value.Structure(fields), Status.GOOD, time);
    }

    /** What an event does not have comes as null, a text without text, or the null NodeId. */
    private @Nullable Value value(@Nullable Object raw) {
        return switch (raw) {
            case ByteString bytes when !bytes.isNullOrEmpty() -> new Value.Bytes(bytes.bytesOrEmpty());
            case NodeId node when !node.isNull() -> new Value.Text(text(node));
            case LocalizedText text when text.text() != null -> new Value.Text(text.text());
            case String text -> new Value.Text(text);
            case UShort number -> new Value.Unsigned(number.longValue());
            case Boolean bool -> new Value.Bool(bool);
            case null, default -> null;
        };
    }

    /** By URI: a receiver does not know the server's indices, which may change. */
    private String text(NodeId node) {
        int index = node.getNamespaceIndex().intValue();
        @Nullable String uri = index == 0 ? null : namespaces.get(node.getNamespaceIndex());
        String text = node.toParseableString();
        return uri == null ? text : "nsu=" + uri + text.substring(text.indexOf(';'));
    }

    private static @Nullable Object raw(Variant[] fields, EventFields field) {
        return field.ordinal() < fields.length ? fields[field.ordinal()].value() : null;
    }
}

package io.sluice.adapter.opcua;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
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
        private List<EventFields> asked = List.of(EventFields.values());
        private final LinkedHashSet<ByteString> eventIds = new LinkedHashSet<>();
        private boolean refreshing;
    }

    private final Memory[] memories;
    private final NamespaceTable namespaces;

    EventStream(int tags, NamespaceTable namespaces) {
        this.memories = new Memory[tags];
        Arrays.setAll(memories, tag -> new Memory());
        this.namespaces = namespaces;
    }

    /** Only these are asked for, where it is not all of them. */
    void ask(int tag, List<EventFields> fields) {
        Memory memory = memories[tag];
        synchronized (memory) {
            memory.asked = fields;
        }
    }

    /**
     * @param told one for each field that was asked for
     */
    Taken take(int tag, Variant[] told) {
        Memory memory = memories[tag];
        synchronized (memory) {
            Variant[] fields = inTheirPlaces(memory.asked, told);
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
        return new Sample(tag, new Value.Structure(fields), status(variants), time);
    }

    /**
     * A server says with a StatusCode in place of a field why it does not tell it (Part 4 §7.22.3). A condition that is disabled has
     * no state, and says so too (Part 9 §5.5.2): that is as it should be.
     */
    private static Status status(Variant[] variants) {
        for (EventFields field : EventFields.values()) {
            if (raw(variants, field) instanceof StatusCode code
                    && code.isBad()
                    && code.value() != StatusCodes.Bad_ConditionDisabled) {
                return new Status(Status.Quality.UNCERTAIN, Status.CodeSpace.OPCUA, (int) code.value());
            }
        }
        return Status.GOOD;
    }

    /** What an event does not have comes as null, a text without text, or the null NodeId. */
    private @Nullable Value value(@Nullable Object raw) {
        return switch (raw) {
            case ByteString bytes when !bytes.isNullOrEmpty() -> new Value.Bytes(bytes.bytesOrEmpty());
            case NodeId node when !node.isNull() -> new Value.Text(ByUri.text(node, namespaces));
            case LocalizedText text when text.text() != null -> new Value.Text(text.text());
            case String text -> new Value.Text(text);
            case UShort number -> new Value.Unsigned(number.longValue());
            case Boolean bool -> new Value.Bool(bool);
            case null, default -> null;
        };
    }

    /** One for each of {@link EventFields}. */
    private static Variant[] inTheirPlaces(List<EventFields> asked, Variant[] told) {
        Variant[] fields = new Variant[EventFields.values().length];
        Arrays.fill(fields, Variant.NULL_VALUE);
        for (int i = 0; i < Math.min(told.length, asked.size()); i++) {
            fields[asked.get(i).ordinal()] = told[i];
        }
        return fields;
    }

    private static @Nullable Object raw(Variant[] fields, EventFields field) {
        return fields[field.ordinal()].value();
    }
}

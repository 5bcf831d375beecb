package io.sluice.adapter.opcua;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;

/** Cyclic reads of the tags that have an interval of their own. Confined to one thread. */
final class Polling {

    private final List<OpcUaPlan.Item> items;
    private final Reader reader;
    private final ValueTaker values;
    private final RefusalTaker refusals;
    private final Map<Duration, Group> groups = new LinkedHashMap<>();

    @FunctionalInterface
    interface ValueTaker {
        void take(int tag, DataValue value);
    }

    @FunctionalInterface
    interface RefusalTaker {
        void take(int tag, StatusCode status);
    }

    private static final class Group {
        private final List<Integer> tags = new ArrayList<>();
        private final List<ReadValueId> reads = new ArrayList<>();
        private long dueNanos = System.nanoTime();
    }

    Polling(List<OpcUaPlan.Item> items, Reader reader, ValueTaker values, RefusalTaker refusals) {
        this.items = items;
        this.reader = reader;
        this.values = values;
        this.refusals = refusals;
    }

    void add(int tag, NodeId node) {
        OpcUaPlan.Item item = items.get(tag);
        Group group = groups.computeIfAbsent(item.poll().orElseThrow(), interval -> new Group());
        group.tags.add(tag);
        group.reads.add(readValueId(node, item));
    }

    static ReadValueId readValueId(NodeId node, OpcUaPlan.Item item) {
        return new ReadValueId(node, AttributeId.Value.uid(), item.indexRange().orElse(null), QualifiedName.NULL_VALUE);
    }

    boolean has(int tag) {
        return groups.values().stream().anyMatch(group -> group.tags.contains(tag));
    }

    long untilNext(long now) {
        return groups.values().stream()
                .mapToLong(group -> group.dueNanos - now)
                .min()
                .orElse(Long.MAX_VALUE / 2);
    }

    /** Reads what is due. A round that comes late is not made up for. */
    void run(long now) {
        groups.forEach((interval, group) -> {
            if (group.dueNanos - now <= 0) {
                group.dueNanos = Math.max(group.dueNanos, now - interval.toNanos()) + interval.toNanos();
                read(group);
            }
        });
    }

    private void read(Group group) {
        try {
            List<DataValue> read = reader.read(group.reads);
            for (int i = 0; i < read.size(); i++) {
                values.take(group.tags.get(i), read.get(i));
            }
        } catch (UaException e) {
            group.tags.forEach(tag -> refusals.take(tag, e.getStatusCode()));
        }
    }
}

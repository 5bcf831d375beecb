package io.sluice.adapter.opcua;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;

/**
 * Cyclic reads of the tags that have an interval of their own, under NodeIds that the server has made for them (Part 4 §5.9.5)
 * where it did. Confined to one thread.
 */
final class Polling implements Agenda.Work {

    private final List<OpcUaPlan.Item> items;
    private final Reader reader;
    private final ValueTaker values;
    private final RefusalTaker refusals;
    private final Map<Duration, Group> groups = new LinkedHashMap<>();

    @FunctionalInterface
    interface ValueTaker {
        void take(List<Integer> tags, List<DataValue> values);
    }

    @FunctionalInterface
    interface RefusalTaker {
        void take(int tag, StatusCode status);
    }

    /** What the server calls the nodes for the rest of the Session, in their order. */
    @FunctionalInterface
    interface Registrar {
        List<NodeId> register(List<NodeId> nodes) throws UaException;
    }

    private static final class Group {
        private final List<Integer> tags = new ArrayList<>();
        private final List<NodeId> nodes = new ArrayList<>();
        private final List<ReadValueId> reads = new ArrayList<>();
        private int registered;
        private long dueNanos = System.nanoTime();

        private boolean isUnderAnotherName(int at) {
            return !nodes.get(at).equals(reads.get(at).getNodeId());
        }
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
        group.nodes.add(node);
        group.reads.add(readValueId(node, item));
    }

    /** What the server has registered for it stays so until the Session ends. */
    void remove(int tag) {
        for (Group group : groups.values()) {
            int at = group.tags.indexOf(tag);
            if (at >= 0) {
                group.tags.remove(at);
                group.nodes.remove(at);
                group.reads.remove(at);
                group.registered -= at < group.registered ? 1 : 0;
            }
        }
    }

    /**
     * Registers what has been added since the last call.
     *
     * @throws UaException if the server refuses; then the nodes are read as they are, and not offered to it again
     */
    void register(Registrar registrar) throws UaException {
        for (Group group : groups.values()) {
            int from = group.registered;
            group.registered = group.nodes.size();
            List<NodeId> fresh = group.nodes.subList(from, group.nodes.size());
            List<NodeId> registered = fresh.isEmpty() ? List.of() : registrar.register(fresh);
            for (int i = 0; i < registered.size(); i++) {
                if (registered.get(i).isNotNull()) {
                    group.reads.set(from + i, readValueId(registered.get(i), item(group, from + i)));
                }
            }
        }
    }

    /** What was registered counted for a Session that is gone; the nodes are read as they are. */
    void forgetRegistered() {
        for (Group group : groups.values()) {
            for (int i = 0; i < group.nodes.size(); i++) {
                group.reads.set(i, readValueId(group.nodes.get(i), item(group, i)));
            }
        }
    }

    private OpcUaPlan.Item item(Group group, int at) {
        return items.get(group.tags.get(at));
    }

    static ReadValueId readValueId(NodeId node, OpcUaPlan.Item item) {
        return new ReadValueId(node, AttributeId.Value.uid(), item.indexRange().orElse(null), QualifiedName.NULL_VALUE);
    }

    boolean has(int tag) {
        return groups.values().stream().anyMatch(group -> group.tags.contains(tag));
    }

    @Override
    public long untilNext(long now) {
        return groups.values().stream()
                .mapToLong(group -> group.dueNanos - now)
                .min()
                .orElse(Agenda.NEVER);
    }

    /** Reads what is due. A round that comes late is not made up for. */
    @Override
    public void run(long now) {
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
            if (restore(group, read)) {
                read = reader.read(group.reads);
            }
            values.take(group.tags, read);
        } catch (UaException e) {
            // A request that was under way when the gateway was stopped says nothing of the server.
            if (!Thread.currentThread().isInterrupted()) {
                group.tags.forEach(tag -> refusals.take(tag, e.getStatusCode()));
            }
        }
    }

    /**
     * A server may forget what it has registered; its nodes are then read under their own NodeIds.
     *
     * @return whether there were any
     */
    private boolean restore(Group group, List<DataValue> read) {
        boolean restored = false;
        for (int i = 0; i < read.size(); i++) {
            if (group.isUnderAnotherName(i) && isUnknown(read.get(i).statusCode())) {
                group.reads.set(i, readValueId(group.nodes.get(i), item(group, i)));
                restored = true;
            }
        }
        return restored;
    }

    private static boolean isUnknown(StatusCode status) {
        return status.value() == StatusCodes.Bad_NodeIdUnknown || status.value() == StatusCodes.Bad_NodeIdInvalid;
    }
}

package io.sluice.adapter.opcua;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.jspecify.annotations.Nullable;

/**
 * MonitoredItems that tests feed: every change of their variable is reported, whatever the SamplingInterval. All others are
 * sampled.
 */
final class PushedItems {

    private final Map<NodeId, List<DataItem>> items = new ConcurrentHashMap<>();

    void follow(NodeId node) {
        items.put(node, new CopyOnWriteArrayList<>());
    }

    /** The library keeps the order of calls for one variable. */
    void push(NodeId node, DataValue value) {
        Objects.requireNonNull(items.get(node)).forEach(item -> item.setValue(value));
    }

    void add(DataItem item, Function<NodeId, DataValue> current) {
        @Nullable List<DataItem> pushing = items.get(node(item));
        if (pushing != null) {
            item.setValue(current.apply(node(item)));
            pushing.add(item);
        }
    }

    void remove(DataItem item) {
        @Nullable List<DataItem> pushing = items.get(node(item));
        if (pushing != null) {
            pushing.remove(item);
        }
    }

    List<DataItem> others(List<DataItem> all) {
        return all.stream().filter(item -> !items.containsKey(node(item))).toList();
    }

    private static NodeId node(DataItem item) {
        return Objects.requireNonNull(item.getReadValueId().getNodeId());
    }
}

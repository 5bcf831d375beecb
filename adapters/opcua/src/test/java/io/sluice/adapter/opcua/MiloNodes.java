package io.sluice.adapter.opcua;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.sdk.core.Reference;
import org.eclipse.milo.opcua.sdk.server.ManagedNamespaceWithLifecycle;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredItem;
import org.eclipse.milo.opcua.sdk.server.nodes.UaFolderNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.sdk.server.util.SubscriptionModel;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadDetails;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadResult;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadValueId;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.jspecify.annotations.Nullable;

/** The namespace of the tests: variables in folders below Test, and who answers where something is special about them. */
final class MiloNodes extends ManagedNamespaceWithLifecycle {

    final MiloTypes types;
    final PushedItems pushed = new PushedItems();
    final Registrations registrations;
    private final Map<String, UaVariableNode> variables = new ConcurrentHashMap<>();
    private final UaFolderNode folder;
    private final SubscriptionModel subscriptions;
    private volatile @Nullable History history;

    MiloNodes(OpcUaServer server) {
        super(server, MiloServer.NAMESPACE);
        types = new MiloTypes(getNodeContext(), getNamespaceIndex());
        registrations = new Registrations(getNamespaceIndex());
        subscriptions = new SubscriptionModel(server, this);
        getLifecycleManager().addLifecycle(subscriptions);
        folder = new UaFolderNode(
                getNodeContext(), newNodeId("Test"), newQualifiedName("Test"), LocalizedText.english("Test"));
        getLifecycleManager().addStartupTask(() -> {
            getNodeManager().addNode(folder);
            folder.addReference(
                    new Reference(folder.getNodeId(), NodeIds.Organizes, NodeIds.ObjectsFolder.expanded(), false));
        });
    }

    UaVariableNode variable(String name) {
        return Objects.requireNonNull(variables.get(name), name);
    }

    UaVariableNode add(String name, NodeId type) {
        return add(folder, name, name, type);
    }

    UaVariableNode below(String path, NodeId type) {
        List<String> steps = List.of(path.split("/"));
        UaFolderNode parent = folder;
        for (int i = 1; i < steps.size(); i++) {
            parent = folder(parent, String.join("/", steps.subList(0, i)), steps.get(i - 1));
        }
        return add(parent, path, steps.getLast(), type);
    }

    private UaFolderNode folder(UaFolderNode parent, String path, String name) {
        return (UaFolderNode) getNodeManager().getNode(newNodeId(path)).orElseGet(() -> {
            UaFolderNode made = new UaFolderNode(
                    getNodeContext(), newNodeId(path), newQualifiedName(name), LocalizedText.english(name));
            getNodeManager().addNode(made);
            parent.addOrganizes(made);
            return made;
        });
    }

    private UaVariableNode add(UaFolderNode parent, String path, String name, NodeId type) {
        UaVariableNode node = new UaVariableNode.UaVariableNodeBuilder(getNodeContext())
                .setNodeId(newNodeId(path))
                .setBrowseName(newQualifiedName(name))
                .setDisplayName(LocalizedText.english(name))
                .setDataType(type)
                .setAccessLevel(AccessLevel.READ_ONLY)
                .setUserAccessLevel(AccessLevel.READ_ONLY)
                .setTypeDefinition(NodeIds.BaseDataVariableType)
                .build();
        getNodeManager().addNode(node);
        parent.addOrganizes(node);
        variables.put(path, node);
        return node;
    }

    void keepIn(History kept) {
        history = kept;
    }

    @Override
    public List<HistoryReadResult> historyRead(
            HistoryReadContext context,
            HistoryReadDetails details,
            TimestampsToReturn timestamps,
            List<HistoryReadValueId> ids) {
        return ids.stream()
                .map(id -> Objects.requireNonNull(history).read(getServer(), details, id))
                .toList();
    }

    @Override
    public List<NodeId> registerNodes(RegisterNodesContext context, List<NodeId> nodes) {
        return registrations.register(nodes);
    }

    @Override
    public List<DataValue> read(
            ReadContext context, Double maxAge, TimestampsToReturn timestamps, List<ReadValueId> ids) {
        return super.read(
                context,
                maxAge,
                timestamps,
                ids.stream().map(registrations::meant).toList());
    }

    @Override
    public void onDataItemsCreated(List<DataItem> items) {
        subscriptions.onDataItemsCreated(pushed.others(items));
        items.forEach(item ->
                pushed.add(item, node -> ((UaVariableNode) getNodeManager().get(node)).getValue()));
    }

    @Override
    public void onDataItemsModified(List<DataItem> items) {
        subscriptions.onDataItemsModified(pushed.others(items));
    }

    @Override
    public void onDataItemsDeleted(List<DataItem> items) {
        subscriptions.onDataItemsDeleted(pushed.others(items));
        items.forEach(pushed::remove);
    }

    @Override
    public void onMonitoringModeChanged(List<MonitoredItem> items) {
        subscriptions.onMonitoringModeChanged(items);
    }
}

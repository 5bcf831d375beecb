package io.sluice.gateway.demo;

import java.util.List;
import java.util.Locale;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.sdk.core.Reference;
import org.eclipse.milo.opcua.sdk.core.ValueRank;
import org.eclipse.milo.opcua.sdk.server.ManagedNamespaceWithLifecycle;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredItem;
import org.eclipse.milo.opcua.sdk.server.model.variables.AnalogItemType;
import org.eclipse.milo.opcua.sdk.server.nodes.UaDataTypeNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaFolderNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.sdk.server.util.SubscriptionModel;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.structured.EUInformation;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumDefinition;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumField;
import org.eclipse.milo.opcua.stack.core.types.structured.Range;

/** The address space of the simulated press. */
final class PressNodes extends ManagedNamespaceWithLifecycle {

    private static final String UNECE = "http://www.opcfoundation.org/UA/units/un/cefact";

    /** UNECE codes, their characters in 8 bits each (Part 8 §5.6.3). */
    private static final int KILONEWTON = 'B' << 16 | '4' << 8 | '7';

    private static final int PERCENT = 'P' << 8 | '1';
    private static final int CELSIUS = 'C' << 16 | 'E' << 8 | 'L';

    private final UaFolderNode press = folder("Press");
    private final UaFolderNode hydraulics = folder("Press.Hydraulics", "Hydraulics");
    private final SubscriptionModel subscriptions;
    private final UaVariableNode state;
    private final UaVariableNode force = variable("Press.Force", "Force", NodeIds.Double, ValueRank.Scalar);
    private final UaVariableNode zoneTemps =
            variable("Press.ZoneTemps", "ZoneTemps", NodeIds.Double, ValueRank.OneDimension);
    private final UaVariableNode level = variable("Press.Hydraulics.Level", "Level", NodeIds.Double, ValueRank.Scalar);
    private final UaVariableNode speedSet = variable("Press.SpeedSet", "SpeedSet", NodeIds.Double, ValueRank.Scalar);

    PressNodes(OpcUaServer server) {
        super(server, PressServer.NAMESPACE);
        state = variable("Press.State", "State", stateType(), ValueRank.Scalar);
        subscriptions = new SubscriptionModel(server, this);
        getLifecycleManager().addLifecycle(subscriptions);
        getLifecycleManager().addStartupTask(this::addNodes);
    }

    private void addNodes() {
        press.addReference(
                new Reference(press.getNodeId(), NodeIds.Organizes, NodeIds.ObjectsFolder.expanded(), false));
        press.addOrganizes(hydraulics);
        List.of(state, force, zoneTemps, speedSet).forEach(press::addComponent);
        hydraulics.addComponent(level);
        measures(force, KILONEWTON, "kN", new Range(0.0, PressModel.MAX_FORCE_KILONEWTON));
        measures(zoneTemps, CELSIUS, "°C", new Range(0.0, 400.0));
        measures(level, PERCENT, "%", new Range(0.0, 100.0));
        speedSet.setProperty(AnalogItemType.EU_RANGE, new Range(0.0, 60.0));
        speedSet.setAccessLevel(AccessLevel.toValue(AccessLevel.READ_WRITE));
        speedSet.setUserAccessLevel(AccessLevel.toValue(AccessLevel.READ_WRITE));
        speedSet.setValue(new DataValue(Variant.ofDouble(PressModel.STROKES_PER_MINUTE)));
    }

    private static void measures(UaVariableNode node, int unit, String shown, Range range) {
        LocalizedText name = LocalizedText.english(shown);
        node.setProperty(AnalogItemType.ENGINEERING_UNITS, new EUInformation(UNECE, unit, name, name));
        node.setProperty(AnalogItemType.EU_RANGE, range);
    }

    private NodeId stateType() {
        List<PressModel.State> states = List.of(PressModel.State.values());
        UaDataTypeNode type = new UaDataTypeNode(
                getNodeContext(),
                newNodeId("PressState"),
                newQualifiedName("PressState"),
                LocalizedText.english("PressState"),
                LocalizedText.NULL_VALUE,
                UInteger.MIN,
                UInteger.MIN,
                false);
        type.addReference(new Reference(type.getNodeId(), NodeIds.HasSubtype, NodeIds.Enumeration.expanded(), false));
        getNodeManager().addNode(type);
        type.setEnumStrings(states.stream().map(PressNodes::shown).toArray(LocalizedText[]::new));
        type.setDataTypeDefinition(new EnumDefinition(states.stream()
                .map(s -> new EnumField((long) s.number(), shown(s), LocalizedText.NULL_VALUE, name(s)))
                .toArray(EnumField[]::new)));
        return type.getNodeId();
    }

    private static LocalizedText shown(PressModel.State state) {
        return LocalizedText.english(name(state));
    }

    private static String name(PressModel.State state) {
        return state.name().toLowerCase(Locale.ROOT);
    }

    private UaFolderNode folder(String name) {
        return folder(name, name);
    }

    private UaFolderNode folder(String id, String name) {
        UaFolderNode node =
                new UaFolderNode(getNodeContext(), newNodeId(id), newQualifiedName(name), LocalizedText.english(name));
        getNodeManager().addNode(node);
        return node;
    }

    private UaVariableNode variable(String id, String name, NodeId type, ValueRank rank) {
        UaVariableNode node = new UaVariableNode.UaVariableNodeBuilder(getNodeContext())
                .setNodeId(newNodeId(id))
                .setBrowseName(newQualifiedName(name))
                .setDisplayName(LocalizedText.english(name))
                .setDataType(type)
                .setValueRank(rank.getValue())
                .setAccessLevel(AccessLevel.READ_ONLY)
                .setUserAccessLevel(AccessLevel.READ_ONLY)
                .setTypeDefinition(NodeIds.BaseDataVariableType)
                .build();
        getNodeManager().addNode(node);
        return node;
    }

    void show(PressModel.Snapshot now) {
        state.setValue(new DataValue(Variant.ofInt32(now.state().number())));
        force.setValue(new DataValue(Variant.ofDouble(now.force())));
        zoneTemps.setValue(new DataValue(Variant.of(now.zoneTemperatures().toArray(Double[]::new))));
        level.setValue(new DataValue(Variant.ofDouble(now.oilLevel())));
    }

    @Override
    public void onDataItemsCreated(List<DataItem> items) {
        subscriptions.onDataItemsCreated(items);
    }

    @Override
    public void onDataItemsModified(List<DataItem> items) {
        subscriptions.onDataItemsModified(items);
    }

    @Override
    public void onDataItemsDeleted(List<DataItem> items) {
        subscriptions.onDataItemsDeleted(items);
    }

    @Override
    public void onMonitoringModeChanged(List<MonitoredItem> items) {
        subscriptions.onMonitoringModeChanged(items);
    }
}

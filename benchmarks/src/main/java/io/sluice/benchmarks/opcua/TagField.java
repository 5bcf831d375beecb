package io.sluice.benchmarks.opcua;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.sdk.server.EndpointConfig;
import org.eclipse.milo.opcua.sdk.server.ManagedNamespaceWithLifecycle;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.sdk.server.identity.AnonymousIdentityValidator;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredItem;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.security.DefaultCertificateManager;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.transport.TransportProfile;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.structured.BuildInfo;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransportConfig;

/**
 * A process with an OPC UA server on the loopback interface whose variables all change at one interval, spread over it: each counts
 * up by {@link #step}. It does not sample: each change goes to the MonitoredItems at once. Ends with its parent.
 */
public final class TagField extends ManagedNamespaceWithLifecycle {

    public static final String NAMESPACE = "urn:sluice:benchmark";

    /** The standard's own namespace and the server's come first. */
    public static final int NAMESPACE_INDEX = 2;

    private static final long SLICE_MILLIS = 10;

    private final List<UaVariableNode> variables = new ArrayList<>();
    private final Map<NodeId, DataItem> items = new ConcurrentHashMap<>();
    private final int slices;
    private long slice;

    private TagField(OpcUaServer server, int tags, int slices) {
        super(server, NAMESPACE);
        this.slices = slices;
        for (int i = 0; i < tags; i++) {
            UaVariableNode node = new UaVariableNode.UaVariableNodeBuilder(getNodeContext())
                    .setNodeId(newNodeId("T" + i))
                    .setBrowseName(newQualifiedName("T" + i))
                    .setDisplayName(LocalizedText.english("T" + i))
                    .setDataType(NodeIds.Double)
                    .setAccessLevel(AccessLevel.READ_ONLY)
                    .setUserAccessLevel(AccessLevel.READ_ONLY)
                    .setTypeDefinition(NodeIds.BaseDataVariableType)
                    .build();
            node.setValue(new DataValue(Variant.ofDouble(0)));
            getNodeManager().addNode(node);
            variables.add(node);
        }
    }

    /** By how much a variable counts up at each change. */
    public static int step(Duration interval) {
        return (int) (interval.toMillis() / SLICE_MILLIS);
    }

    /** Arguments: port, number of variables, milliseconds between two changes of one. Prints {@code ready} and the port. */
    public static void main(String[] arguments) throws Exception {
        OpcUaServer server = new OpcUaServer(
                config(Integer.parseInt(arguments[0])),
                profile -> new OpcTcpServerTransport(
                        OpcTcpServerTransportConfig.newBuilder().build()));
        TagField field = new TagField(
                server, Integer.parseInt(arguments[1]), step(Duration.ofMillis(Long.parseLong(arguments[2]))));
        field.startup();
        server.startup().get();
        var _ = Executors.newSingleThreadScheduledExecutor()
                .scheduleAtFixedRate(field::change, 0, SLICE_MILLIS, TimeUnit.MILLISECONDS);
        System.out.println("ready " + arguments[0]);
        ProcessHandle.current()
                .parent()
                .ifPresent(
                        parent -> parent.onExit().thenRun(() -> System.exit(0)).join());
    }

    private static OpcUaServerConfig config(int port) {
        EndpointConfig endpoint = EndpointConfig.newBuilder()
                .setTransportProfile(TransportProfile.TCP_UASC_UABINARY)
                .setBindAddress("127.0.0.1")
                .setHostname("127.0.0.1")
                .setBindPort(port)
                .setSecurityPolicy(SecurityPolicy.None)
                .setSecurityMode(MessageSecurityMode.None)
                .addTokenPolicies(OpcUaServerConfig.USER_TOKEN_POLICY_ANONYMOUS)
                .build();
        return OpcUaServerConfig.builder()
                .setApplicationName(LocalizedText.english("benchmark"))
                // Not that of the variables: they would get its index.
                .setApplicationUri(NAMESPACE + ":server")
                .setProductUri(NAMESPACE)
                .setBuildInfo(new BuildInfo("", "", "", "", "", null))
                .setCertificateManager(new DefaultCertificateManager(new MemoryCertificateQuarantine()))
                .setIdentityValidator(AnonymousIdentityValidator.INSTANCE)
                .setEndpoints(Set.of(endpoint))
                .build();
    }

    private void change() {
        slice++;
        for (int i = (int) (slice % slices); i < variables.size(); i += slices) {
            UaVariableNode node = variables.get(i);
            DataValue value = new DataValue(Variant.ofDouble(slice));
            node.setValue(value);
            DataItem item = items.get(node.getNodeId());
            if (item != null) {
                item.setValue(value);
            }
        }
    }

    @Override
    public void onDataItemsCreated(List<DataItem> created) {
        for (DataItem item : created) {
            NodeId id = Objects.requireNonNull(item.getReadValueId().getNodeId());
            items.put(id, item);
            item.setValue(((UaVariableNode) getNodeManager().get(id)).getValue());
        }
    }

    @Override
    public void onDataItemsModified(List<DataItem> modified) {}

    @Override
    public void onDataItemsDeleted(List<DataItem> deleted) {
        deleted.forEach(item -> items.remove(item.getReadValueId().getNodeId(), item));
    }

    @Override
    public void onMonitoringModeChanged(List<MonitoredItem> changed) {}
}

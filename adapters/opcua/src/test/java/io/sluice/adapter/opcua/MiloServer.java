package io.sluice.adapter.opcua;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Period;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.sdk.core.types.DynamicStructType;
import org.eclipse.milo.opcua.sdk.core.typetree.DataType;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfigLimits;
import org.eclipse.milo.opcua.sdk.server.model.objects.BaseEventTypeNode;
import org.eclipse.milo.opcua.sdk.server.model.variables.AnalogItemType;
import org.eclipse.milo.opcua.sdk.server.nodes.UaNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.sdk.server.nodes.filters.AttributeFilter;
import org.eclipse.milo.opcua.sdk.server.nodes.filters.AttributeFilterContext;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.Stack;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.eclipse.milo.opcua.stack.core.types.structured.BuildInfo;
import org.eclipse.milo.opcua.stack.core.types.structured.EUInformation;
import org.eclipse.milo.opcua.stack.core.types.structured.Range;
import org.eclipse.milo.opcua.stack.core.util.EndpointUtil;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransportConfig;
import org.jspecify.annotations.Nullable;

/** A server in this process, on the loopback interface. */
final class MiloServer implements AutoCloseable {

    static final String NAMESPACE = "urn:sluice:test";

    /** Before the MonitoredItem is made: for the meaning, and for the filter. */
    private static final int DATA_TYPE_READS = 2;

    private static final Period YEARS = Period.ofYears(3);

    static {
        // One test after the other connects from the same address.
        Stack.ConnectionLimits.RATE_LIMIT_ENABLED = false;
    }

    private final OpcUaServer server;
    private final MiloNodes nodes;
    private final int port;

    private MiloServer(OpcUaServer server, MiloNodes nodes, int port) {
        this.server = server;
        this.nodes = nodes;
        this.port = port;
    }

    static MiloServer start() throws Exception {
        return start(freePort(), new OpcUaServerConfigLimits() {}, false, YEARS);
    }

    static MiloServer start(OpcUaServerConfigLimits limits) throws Exception {
        return start(freePort(), limits, false, YEARS);
    }

    static MiloServer start(int port) throws Exception {
        return start(port, new OpcUaServerConfigLimits() {}, false, YEARS);
    }

    /** With another namespace before its own, so that the index of that is another one than usual. */
    static MiloServer startWithAnotherNamespaceFirst(int port) throws Exception {
        return start(port, new OpcUaServerConfigLimits() {}, false, YEARS, "urn:sluice:test:another");
    }

    static MiloServer startSecure() throws Exception {
        return startSecure(YEARS);
    }

    /** With a certificate that is valid from this midnight on. */
    static MiloServer startSecure(Period validity) throws Exception {
        return start(freePort(), new OpcUaServerConfigLimits() {}, true, validity);
    }

    private static MiloServer start(
            int port, OpcUaServerConfigLimits limits, boolean secure, Period validity, String... namespacesBefore)
            throws Exception {
        MiloEndpoints endpoints = MiloEndpoints.make(validity);
        OpcUaServer server = new OpcUaServer(
                OpcUaServerConfig.builder()
                        .setApplicationName(LocalizedText.english("test"))
                        .setApplicationUri(MiloEndpoints.URI)
                        .setProductUri(MiloEndpoints.URI)
                        .setBuildInfo(new BuildInfo("", "", "", "", "", null))
                        .setLimits(limits)
                        .setCertificateManager(endpoints.certificates())
                        .setIdentityValidator(MiloUsers.validator())
                        .setEndpoints(endpoints.at(port, secure))
                        .build(),
                profile -> new OpcTcpServerTransport(
                        OpcTcpServerTransportConfig.newBuilder().build()));
        for (String namespace : namespacesBefore) {
            server.getNamespaceTable().add(namespace);
        }
        MiloNodes nodes = new MiloNodes(server);
        nodes.startup();
        server.startup().get();
        return new MiloServer(server, nodes, port);
    }

    static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    int port() {
        return port;
    }

    String endpoint() {
        return "opc.tcp://127.0.0.1:" + port;
    }

    int sessions() {
        return server.getSessionManager().getAllSessions().size();
    }

    /** Who has a Session. */
    List<String> users() {
        return server.getSessionManager().getAllSessions().stream()
                .map(session -> MiloUsers.shown(session.getIdentity()))
                .toList();
    }

    /** Takes the Subscriptions away with the Session, as a server does that was restarted. */
    void endSessions() {
        server.getSessionManager()
                .getAllSessions()
                .forEach(session -> server.getSessionManager().killSession(session.getSessionId(), true));
    }

    MiloTypes types() {
        return nodes.types;
    }

    /** Of its own namespace. */
    UShort namespaceIndex() {
        return Objects.requireNonNull(server.getNamespaceTable().getIndex(NAMESPACE));
    }

    /** Takes effect for the next sample of the server. */
    void set(String name, Variant value) {
        set(name, new DataValue(value));
    }

    void set(String name, DataValue value) {
        nodes.variable(name).setValue(value);
    }

    MiloServer add(String name, NodeId type, Variant value) {
        nodes.add(name, type).setValue(new DataValue(value));
        return this;
    }

    MiloServer addAnalog(String name, double value, EUInformation unit, Range range) {
        UaVariableNode node = nodes.add(name, NodeIds.Double);
        node.setValue(new DataValue(Variant.ofDouble(value)));
        node.setProperty(AnalogItemType.ENGINEERING_UNITS, unit);
        node.setProperty(AnalogItemType.EU_RANGE, range);
        return this;
    }

    /**
     * A variable whose every change is reported, whatever the SamplingInterval, and kept in the history, which outlives the
     * server.
     */
    MiloServer addCounter(String name, @Nullable History history) {
        UaVariableNode node = nodes.add(name, NodeIds.Int64);
        nodes.pushed.follow(node.getNodeId());
        if (history != null) {
            node.setAccessLevel(AccessLevel.toValue(AccessLevel.CurrentRead, AccessLevel.HistoryRead));
            node.setUserAccessLevel(AccessLevel.toValue(AccessLevel.CurrentRead, AccessLevel.HistoryRead));
            node.setHistorizing(true);
            nodes.keepIn(history);
        }
        return this;
    }

    /** The library keeps the order of calls for one name. */
    void count(String name, DataValue value) {
        UaVariableNode node = nodes.variable(name);
        node.setValue(value);
        nodes.pushed.push(node.getNodeId(), value);
    }

    /** What few servers say of their variables. */
    MiloServer described(String name, String displayName, String description, Range instrument, double precision) {
        UaVariableNode node = nodes.variable(name);
        node.setDisplayName(LocalizedText.english(displayName));
        node.setDescription(LocalizedText.english(description));
        node.setProperty(AnalogItemType.INSTRUMENT_RANGE, instrument);
        node.setProperty(AnalogItemType.VALUE_PRECISION, precision);
        return this;
    }

    MiloServer writable(String name) {
        UaVariableNode node = nodes.variable(name);
        node.setAccessLevel(AccessLevel.toValue(AccessLevel.READ_WRITE));
        node.setUserAccessLevel(AccessLevel.toValue(AccessLevel.READ_WRITE));
        return this;
    }

    /** The server says that it is a number, and refuses deadbands as of a text. */
    MiloServer refusingDeadbands(String name) {
        AtomicInteger reads = new AtomicInteger();
        nodes.variable(name).getFilterChain().addLast(new AttributeFilter() {
            @Override
            public @Nullable Object getAttribute(AttributeFilterContext context, AttributeId attribute) {
                return attribute == AttributeId.DataType && reads.incrementAndGet() > DATA_TYPE_READS
                        ? NodeIds.String
                        : context.getAttribute(attribute);
            }
        });
        return this;
    }

    /** From now on no answer to a Read has more bytes of ByteStrings. */
    MiloServer limitingAnswers(int bytes) {
        server.addServiceSet(EndpointUtil.getPath(endpoint()), new SmallMessages(server, bytes));
        return this;
    }

    /** The value of the variable is to be had only while the server answers. */
    MiloServer answering(String name, BooleanSupplier answers) {
        nodes.variable(name).getFilterChain().addLast(new AttributeFilter() {
            @Override
            public @Nullable Object getAttribute(AttributeFilterContext context, AttributeId attribute) {
                while (attribute == AttributeId.Value && !answers.getAsBoolean()) {
                    LockSupport.parkNanos(10_000_000);
                }
                return context.getAttribute(attribute);
            }
        });
        return this;
    }

    static DataValue now(Variant value) {
        return new DataValue(value, StatusCode.GOOD, DateTime.now());
    }

    MiloServer ofRank(String name, int rank) {
        nodes.variable(name).setValueRank(rank);
        return this;
    }

    MiloServer addEnumeration(String name, int value, String... names) {
        nodes.add(name, nodes.types.enumeration(name + "Type", names)).setValue(new DataValue(Variant.ofInt32(value)));
        return this;
    }

    /** A number whose bits have names. */
    MiloServer addOptionSet(String name, int value, String... bits) {
        nodes.add(name, nodes.types.named(name + "Type", NodeIds.UInt32, bits))
                .setValue(new DataValue(Variant.ofUInt32(UInteger.valueOf(value))));
        return this;
    }

    MiloServer addStructure(String name, String text, int number) throws Exception {
        DataType type = nodes.types.structure(name + "Type");
        LinkedHashMap<String, Object> members = new LinkedHashMap<>();
        members.put("text", text);
        members.put("number", number);
        ExtensionObject encoded =
                ExtensionObject.encode(server.getDynamicEncodingContext(), new DynamicStructType(type, members));
        nodes.add(name, type.getNodeId()).setValue(new DataValue(Variant.ofExtensionObject(encoded)));
        return this;
    }

    /** A variable below the folder Test, in folders that are made as needed: {@code Line/Zone1/Temp}. */
    MiloServer addBelow(String path, NodeId type, Variant value) {
        nodes.below(path, type).setValue(new DataValue(value));
        return this;
    }

    /** A server that knows no conditions, as small ones do. */
    MiloServer withoutConditions() {
        for (NodeId type :
                List.of(NodeIds.AlarmConditionType, NodeIds.AcknowledgeableConditionType, NodeIds.ConditionType)) {
            server.getAddressSpaceManager().getManagedNode(type).ifPresent(UaNode::delete);
        }
        return this;
    }

    /** An event of the server itself. */
    void raise(String message) throws Exception {
        BaseEventTypeNode event =
                server.getEventFactory().createEvent(new NodeId(1, UUID.randomUUID()), NodeIds.BaseEventType);
        event.setBrowseName(new QualifiedName(1, "event"));
        event.setDisplayName(LocalizedText.english("event"));
        event.setEventId(ByteString.of(message.getBytes(StandardCharsets.UTF_8)));
        event.setEventType(NodeIds.BaseEventType);
        event.setSourceNode(NodeIds.Server);
        event.setSourceName("Server");
        event.setTime(DateTime.now());
        event.setReceiveTime(DateTime.NULL_VALUE);
        event.setMessage(LocalizedText.english(message));
        event.setSeverity(UShort.valueOf(2));
        server.getEventNotifier().fire(event);
        event.delete();
    }

    /** From now on nodes get another NodeId when they are registered. */
    void register(Registrations.Registering how) {
        nodes.registrations.answer(how);
    }

    /** How often a value was read under a registered NodeId. */
    int registeredReads() {
        return nodes.registrations.reads();
    }

    @Override
    public void close() {
        nodes.shutdown();
        server.shutdown().join();
    }
}

package io.sluice.adapter.opcua;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.time.Period;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.eclipse.milo.opcua.sdk.core.AccessLevel;
import org.eclipse.milo.opcua.sdk.core.Reference;
import org.eclipse.milo.opcua.sdk.core.types.DynamicStructType;
import org.eclipse.milo.opcua.sdk.core.types.codec.DynamicStructCodec;
import org.eclipse.milo.opcua.sdk.core.typetree.DataType;
import org.eclipse.milo.opcua.sdk.server.EndpointConfig;
import org.eclipse.milo.opcua.sdk.server.ManagedNamespaceWithLifecycle;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfigLimits;
import org.eclipse.milo.opcua.sdk.server.identity.AnonymousIdentityValidator;
import org.eclipse.milo.opcua.sdk.server.identity.CompositeValidator;
import org.eclipse.milo.opcua.sdk.server.identity.Identity;
import org.eclipse.milo.opcua.sdk.server.identity.UsernameIdentityValidator;
import org.eclipse.milo.opcua.sdk.server.identity.X509IdentityValidator;
import org.eclipse.milo.opcua.sdk.server.items.DataItem;
import org.eclipse.milo.opcua.sdk.server.items.MonitoredItem;
import org.eclipse.milo.opcua.sdk.server.model.variables.AnalogItemType;
import org.eclipse.milo.opcua.sdk.server.nodes.UaDataTypeNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaFolderNode;
import org.eclipse.milo.opcua.sdk.server.nodes.UaVariableNode;
import org.eclipse.milo.opcua.sdk.server.nodes.filters.AttributeFilter;
import org.eclipse.milo.opcua.sdk.server.nodes.filters.AttributeFilterContext;
import org.eclipse.milo.opcua.sdk.server.util.SubscriptionModel;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.Stack;
import org.eclipse.milo.opcua.stack.core.security.CertificateValidator;
import org.eclipse.milo.opcua.stack.core.security.DefaultApplicationGroup;
import org.eclipse.milo.opcua.stack.core.security.DefaultCertificateManager;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateStore;
import org.eclipse.milo.opcua.stack.core.security.MemoryTrustListManager;
import org.eclipse.milo.opcua.stack.core.security.RsaSha256CertificateFactory;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.transport.TransportProfile;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.StructureType;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.BuildInfo;
import org.eclipse.milo.opcua.stack.core.types.structured.EUInformation;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumDefinition;
import org.eclipse.milo.opcua.stack.core.types.structured.EnumField;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadDetails;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadResult;
import org.eclipse.milo.opcua.stack.core.types.structured.HistoryReadValueId;
import org.eclipse.milo.opcua.stack.core.types.structured.Range;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureDefinition;
import org.eclipse.milo.opcua.stack.core.types.structured.StructureField;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransportConfig;
import org.jspecify.annotations.Nullable;

/** A server in this process, on the loopback interface, that announces a host name nobody resolves. */
final class MiloServer implements AutoCloseable {

    static final String NAMESPACE = "urn:sluice:test";
    static final String USER = "sluice";
    static final String PASSWORD = "secret";

    /** Whose certificates are taken for users. */
    static final X500Principal USER_SUBJECT = new X500Principal("CN=operator");

    /** Before the MonitoredItem is made: for the meaning, and for the filter. */
    private static final int DATA_TYPE_READS = 2;

    private static final Period YEARS = Period.ofYears(3);
    private static final String URI = "urn:sluice:test:server";

    static {
        // One test after the other connects from the same address.
        Stack.ConnectionLimits.RATE_LIMIT_ENABLED = false;
    }

    private final OpcUaServer server;
    private final Space space;
    private final int port;

    private MiloServer(OpcUaServer server, Space space, int port) {
        this.server = server;
        this.space = space;
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

    static MiloServer startSecure() throws Exception {
        return startSecure(YEARS);
    }

    /** With a certificate that is valid from this midnight on. */
    static MiloServer startSecure(Period validity) throws Exception {
        return start(freePort(), new OpcUaServerConfigLimits() {}, true, validity);
    }

    private static MiloServer start(int port, OpcUaServerConfigLimits limits, boolean secure, Period validity)
            throws Exception {
        KeyPair keys = SelfSignedCertificateGenerator.generateRsaKeyPair(2048);
        X509Certificate certificate = new SelfSignedCertificateBuilder(keys)
                .setCommonName("test server")
                .setApplicationUri(URI)
                .setValidityPeriod(validity)
                .addDnsName("localhost")
                .build();
        OpcUaServer server = new OpcUaServer(
                OpcUaServerConfig.builder()
                        .setApplicationName(LocalizedText.english("test"))
                        .setApplicationUri(URI)
                        .setProductUri(URI)
                        .setBuildInfo(new BuildInfo("", "", "", "", "", null))
                        .setLimits(limits)
                        .setCertificateManager(certificates(keys, certificate))
                        .setIdentityValidator(new CompositeValidator(
                                AnonymousIdentityValidator.INSTANCE,
                                new UsernameIdentityValidator(challenge -> USER.equals(challenge.getUsername())
                                        && PASSWORD.equals(challenge.getPassword())),
                                new X509IdentityValidator(
                                        user -> user.getSubjectX500Principal().equals(USER_SUBJECT))))
                        .setEndpoints(endpoints(port, certificate, secure))
                        .build(),
                profile -> new OpcTcpServerTransport(
                        OpcTcpServerTransportConfig.newBuilder().build()));
        Space space = new Space(server);
        space.startup();
        server.startup().get();
        return new MiloServer(server, space, port);
    }

    static int freePort() throws Exception {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static DefaultCertificateManager certificates(KeyPair keys, X509Certificate certificate) throws Exception {
        MemoryTrustListManager trust = new MemoryTrustListManager();
        CertificateValidator anybody = (chain, uri, hosts) -> {};
        return new DefaultCertificateManager(
                new MemoryCertificateQuarantine(),
                DefaultApplicationGroup.createAndInitialize(
                        trust,
                        new MemoryCertificateStore(),
                        new RsaSha256CertificateFactory() {
                            @Override
                            protected KeyPair createRsaSha256KeyPair() {
                                return keys;
                            }

                            @Override
                            protected X509Certificate[] createRsaSha256CertificateChain(KeyPair pair) {
                                return new X509Certificate[] {certificate};
                            }
                        },
                        anybody));
    }

    private static Set<EndpointConfig> endpoints(int port, X509Certificate certificate, boolean secure) {
        Set<EndpointConfig> endpoints = new LinkedHashSet<>();
        EndpointConfig.Builder plain = EndpointConfig.newBuilder()
                .setTransportProfile(TransportProfile.TCP_UASC_UABINARY)
                .setBindAddress("127.0.0.1")
                .setBindPort(port)
                .setHostname("a-host-that-nobody-resolves.invalid")
                .setCertificate(certificate)
                .addTokenPolicies(
                        OpcUaServerConfig.USER_TOKEN_POLICY_ANONYMOUS,
                        OpcUaServerConfig.USER_TOKEN_POLICY_USERNAME,
                        OpcUaServerConfig.USER_TOKEN_POLICY_X509);
        endpoints.add(plain.copy()
                .setSecurityPolicy(SecurityPolicy.None)
                .setSecurityMode(MessageSecurityMode.None)
                .build());
        if (secure) {
            for (SecurityPolicy policy : List.of(
                    SecurityPolicy.Basic256Sha256,
                    SecurityPolicy.Aes128_Sha256_RsaOaep,
                    SecurityPolicy.Aes256_Sha256_RsaPss)) {
                endpoints.add(plain.copy()
                        .setSecurityPolicy(policy)
                        .setSecurityMode(MessageSecurityMode.SignAndEncrypt)
                        .build());
            }
        }
        return endpoints;
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

    /** Who has a Session: the name, or of a certificate its subject. */
    List<String> users() {
        return server.getSessionManager().getAllSessions().stream()
                .map(session -> switch (session.getIdentity()) {
                    case Identity.UsernameIdentity user -> user.getUsername();
                    case Identity.X509UserIdentity user ->
                        user.getCertificate().getSubjectX500Principal().getName();
                    default -> "anonymous";
                })
                .toList();
    }

    /** Takes the Subscriptions away with the Session, as a server does that was restarted. */
    void endSessions() {
        server.getSessionManager()
                .getAllSessions()
                .forEach(session -> server.getSessionManager().killSession(session.getSessionId(), true));
    }

    /** Takes effect for the next sample of the server. */
    void set(String name, Variant value) {
        set(name, new DataValue(value));
    }

    void set(String name, DataValue value) {
        Objects.requireNonNull(space.variables.get(name), name).setValue(value);
    }

    MiloServer add(String name, NodeId type, Variant value) {
        space.add(name, type).setValue(new DataValue(value));
        return this;
    }

    MiloServer addAnalog(String name, double value, EUInformation unit, Range range) {
        UaVariableNode node = space.add(name, NodeIds.Double);
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
        UaVariableNode node = space.add(name, NodeIds.Int64);
        space.pushed.put(node.getNodeId(), new java.util.concurrent.CopyOnWriteArrayList<>());
        if (history != null) {
            node.setAccessLevel(AccessLevel.toValue(AccessLevel.CurrentRead, AccessLevel.HistoryRead));
            node.setUserAccessLevel(AccessLevel.toValue(AccessLevel.CurrentRead, AccessLevel.HistoryRead));
            node.setHistorizing(true);
            space.history = history;
        }
        return this;
    }

    /** The library keeps the order of calls for one name. */
    void count(String name, DataValue value) {
        UaVariableNode node = Objects.requireNonNull(space.variables.get(name), name);
        node.setValue(value);
        Objects.requireNonNull(space.pushed.get(node.getNodeId())).forEach(item -> item.setValue(value));
    }

    /** What few servers say of their variables. */
    MiloServer described(String name, String displayName, String description, Range instrument, double precision) {
        UaVariableNode node = Objects.requireNonNull(space.variables.get(name), name);
        node.setDisplayName(LocalizedText.english(displayName));
        node.setDescription(LocalizedText.english(description));
        node.setProperty(AnalogItemType.INSTRUMENT_RANGE, instrument);
        node.setProperty(AnalogItemType.VALUE_PRECISION, precision);
        return this;
    }

    MiloServer writable(String name) {
        UaVariableNode node = Objects.requireNonNull(space.variables.get(name), name);
        node.setAccessLevel(AccessLevel.toValue(AccessLevel.READ_WRITE));
        node.setUserAccessLevel(AccessLevel.toValue(AccessLevel.READ_WRITE));
        return this;
    }

    /** The server says that it is a number, and refuses deadbands as of a text. */
    MiloServer refusingDeadbands(String name) {
        java.util.concurrent.atomic.AtomicInteger reads = new java.util.concurrent.atomic.AtomicInteger();
        Objects.requireNonNull(space.variables.get(name), name).getFilterChain().addLast(new AttributeFilter() {
            @Override
            public @Nullable Object getAttribute(AttributeFilterContext context, AttributeId attribute) {
                return attribute == AttributeId.DataType && reads.incrementAndGet() > DATA_TYPE_READS
                        ? NodeIds.String
                        : context.getAttribute(attribute);
            }
        });
        return this;
    }

    MiloServer ofRank(String name, int rank) {
        Objects.requireNonNull(space.variables.get(name), name).setValueRank(rank);
        return this;
    }

    MiloServer addEnumeration(String name, int value, String... names) {
        space.add(name, space.enumeration(name + "Type", names)).setValue(new DataValue(Variant.ofInt32(value)));
        return this;
    }

    MiloServer addStructure(String name, String text, int number) throws Exception {
        DataType type = space.structure(name + "Type");
        LinkedHashMap<String, Object> members = new LinkedHashMap<>();
        members.put("text", text);
        members.put("number", number);
        ExtensionObject encoded =
                ExtensionObject.encode(server.getDynamicEncodingContext(), new DynamicStructType(type, members));
        space.add(name, type.getNodeId()).setValue(new DataValue(Variant.ofExtensionObject(encoded)));
        return this;
    }

    /** A variable below the folder Test, in folders that are made as needed: {@code Line/Zone1/Temp}. */
    MiloServer addBelow(String path, NodeId type, Variant value) {
        space.below(path, type).setValue(new DataValue(value));
        return this;
    }

    /** From now on nodes get another NodeId when they are registered. */
    void register(Registering how) {
        space.registering = how;
    }

    /** How often a value was read under a registered NodeId. */
    int registeredReads() {
        return space.registeredReads.get();
    }

    enum Registering {
        AS_THEY_ARE,
        UNDER_ANOTHER_NODE_ID,
        UNDER_A_NODE_ID_THAT_NOBODY_KNOWS,
        NEVER
    }

    @Override
    public void close() {
        space.shutdown();
        server.shutdown().join();
    }

    private static final class Space extends ManagedNamespaceWithLifecycle {

        private final Map<NodeId, List<DataItem>> pushed = new java.util.concurrent.ConcurrentHashMap<>();
        private volatile @Nullable History history;
        private volatile Registering registering = Registering.AS_THEY_ARE;
        private final Map<NodeId, NodeId> registered = new java.util.concurrent.ConcurrentHashMap<>();
        private final java.util.concurrent.atomic.AtomicInteger registeredReads =
                new java.util.concurrent.atomic.AtomicInteger();
        private final Map<String, UaVariableNode> variables = new java.util.concurrent.ConcurrentHashMap<>();
        private final UaFolderNode folder;
        private final SubscriptionModel subscriptions;

        Space(OpcUaServer server) {
            super(server, NAMESPACE);
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

        UaVariableNode add(String name, NodeId type) {
            return add(folder, name, name, type);
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

        private UaDataTypeNode type(String name, NodeId parent) {
            UaDataTypeNode type = new UaDataTypeNode(
                    getNodeContext(),
                    newNodeId(name),
                    newQualifiedName(name),
                    LocalizedText.english(name),
                    LocalizedText.NULL_VALUE,
                    UInteger.MIN,
                    UInteger.MIN,
                    false);
            type.addReference(new Reference(type.getNodeId(), NodeIds.HasSubtype, parent.expanded(), false));
            getNodeManager().addNode(type);
            return type;
        }

        NodeId enumeration(String name, String... names) {
            UaDataTypeNode type = type(name, NodeIds.Enumeration);
            EnumField[] fields = new EnumField[names.length];
            for (int i = 0; i < names.length; i++) {
                fields[i] =
                        new EnumField((long) i, LocalizedText.english(names[i]), LocalizedText.NULL_VALUE, names[i]);
            }
            type.setDataTypeDefinition(new EnumDefinition(fields));
            return type.getNodeId();
        }

        DataType structure(String name) throws Exception {
            UaDataTypeNode type = type(name, NodeIds.Structure);
            NodeId encoding = newNodeId(name + ".Binary");
            var encodingNode = new org.eclipse.milo.opcua.sdk.server.model.objects.DataTypeEncodingTypeNode(
                    getNodeContext(),
                    encoding,
                    new org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName(0, "Default Binary"),
                    LocalizedText.english("Default Binary"),
                    LocalizedText.NULL_VALUE,
                    UInteger.MIN,
                    UInteger.MIN,
                    null,
                    null,
                    null,
                    org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UByte.MIN);
            encodingNode.addReference(
                    new Reference(encoding, NodeIds.HasTypeDefinition, NodeIds.DataTypeEncodingType.expanded(), true));
            encodingNode.addReference(new Reference(
                    encoding, NodeIds.HasEncoding, type.getNodeId().expanded(), false));
            getNodeManager().addNode(encodingNode);
            type.setDataTypeDefinition(new StructureDefinition(
                    encoding, NodeIds.Structure, StructureType.Structure, new StructureField[] {
                        field("text", NodeIds.String), field("number", NodeIds.Int32)
                    }));
            var tree = getServer().updateDataTypeTree();
            DataType made = tree.getDataType(type.getNodeId());
            getServer()
                    .getDynamicDataTypeManager()
                    .registerType(type.getNodeId(), new DynamicStructCodec(made, tree), encoding, null, null);
            return made;
        }

        private static StructureField field(String name, NodeId type) {
            return new StructureField(name, LocalizedText.NULL_VALUE, type, -1, null, UInteger.MIN, false);
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
            return switch (registering) {
                case AS_THEY_ARE -> nodes;
                case UNDER_ANOTHER_NODE_ID ->
                    nodes.stream()
                            .map(node -> {
                                NodeId handle = newNodeId("handle of " + node.getIdentifier());
                                registered.put(handle, node);
                                return handle;
                            })
                            .toList();
                case UNDER_A_NODE_ID_THAT_NOBODY_KNOWS ->
                    nodes.stream()
                            .map(node -> newNodeId("forgotten " + node.getIdentifier()))
                            .toList();
                case NEVER -> throw new IllegalStateException("this server registers nothing");
            };
        }

        @Override
        public List<DataValue> read(
                ReadContext context, Double maxAge, TimestampsToReturn timestamps, List<ReadValueId> ids) {
            return super.read(
                    context,
                    maxAge,
                    timestamps,
                    ids.stream().map(this::registered).toList());
        }

        private ReadValueId registered(ReadValueId id) {
            @Nullable NodeId node = registered.get(id.getNodeId());
            if (node == null) {
                return id;
            }
            registeredReads.incrementAndGet();
            return new ReadValueId(node, id.getAttributeId(), id.getIndexRange(), id.getDataEncoding());
        }

        private List<DataItem> sampled(List<DataItem> items) {
            return items.stream()
                    .filter(item -> !pushed.containsKey(node(item)))
                    .toList();
        }

        private static NodeId node(DataItem item) {
            return Objects.requireNonNull(item.getReadValueId().getNodeId());
        }

        @Override
        public void onDataItemsCreated(List<DataItem> items) {
            subscriptions.onDataItemsCreated(sampled(items));
            for (DataItem item : items) {
                @Nullable List<DataItem> pushing = pushed.get(node(item));
                if (pushing != null) {
                    item.setValue(((UaVariableNode) getNodeManager().get(node(item))).getValue());
                    pushing.add(item);
                }
            }
        }

        @Override
        public void onDataItemsModified(List<DataItem> items) {
            subscriptions.onDataItemsModified(sampled(items));
        }

        @Override
        public void onDataItemsDeleted(List<DataItem> items) {
            subscriptions.onDataItemsDeleted(sampled(items));
            for (DataItem item : items) {
                @Nullable List<DataItem> pushing = pushed.get(node(item));
                if (pushing != null) {
                    pushing.remove(item);
                }
            }
        }

        @Override
        public void onMonitoringModeChanged(List<MonitoredItem> items) {
            subscriptions.onMonitoringModeChanged(items);
        }
    }
}

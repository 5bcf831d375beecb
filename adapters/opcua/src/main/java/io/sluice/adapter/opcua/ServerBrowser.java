package io.sluice.adapter.opcua;

import io.sluice.adapter.TagMeaning;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Settings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.enumerated.NodeClass;
import org.eclipse.milo.opcua.stack.core.types.structured.ReferenceDescription;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A look at a server's address space, for people who write a profile. It subscribes to nothing and writes nothing. What
 * belongs to the standard itself (the Server object) is left out. Blocks; confined to one thread.
 */
public final class ServerBrowser implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ServerBrowser.class);
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(60);

    /**
     * How to get in.
     *
     * @param endpoint {@code opc.tcp://host[:port][/path]}
     * @param security as in a gateway file, such as {@code None} or {@code Basic256Sha256/SignAndEncrypt}
     * @param identity empty: anonymous
     * @param reverseConnect present: the server, told to connect to its client, is waited for
     */
    public record Login(
            String endpoint, String security, Optional<Identity> identity, Optional<ReverseConnect> reverseConnect) {

        /** To a server that is connected to. */
        public Login(String endpoint, String security, Optional<Identity> identity) {
            this(endpoint, security, identity, Optional.empty());
        }
    }

    /**
     * How to wait for the server.
     *
     * @param listen {@code HOST:PORT}
     * @param serverUri its ApplicationUri, if its ReverseHello must have that too
     */
    public record ReverseConnect(String listen, Optional<String> serverUri) {}

    private final MiloRuntime runtime;
    private final OpcUaClient client;
    private final ChildReader children;
    private final Reader reader;
    private final MeaningReader meanings;

    private ServerBrowser(MiloRuntime runtime, OpcUaClient client) throws UaException {
        this.runtime = runtime;
        this.client = client;
        Chunks chunks = Chunks.of(client.getOperationLimits());
        this.children = new ChildReader(client, chunks);
        this.reader = new Reader(client, chunks);
        Resolver resolver = new Resolver(client, chunks);
        PropertyReader properties = new PropertyReader(resolver, reader, client.getStaticEncodingContext());
        this.meanings = new MeaningReader(resolver, reader, new DataTypes(resolver, reader, properties), properties);
    }

    /**
     * Connects.
     *
     * @param stateDirectory for certificates, as of a gateway
     * @throws IOException if that is not possible; the message is for people
     */
    public static ServerBrowser connect(Login login, Path stateDirectory) throws IOException, InterruptedException {
        OpcUaPlan plan = plan(login);
        MiloRuntime runtime = new MiloRuntime();
        try {
            List<ReverseListener> listeners = ReverseListener.of(List.of(plan), runtime.loop(), Timings.DEFAULT);
            Connector connector = new Connector(
                    plan,
                    Approach.of(plan, runtime, listeners),
                    Certificates.ofDirectory(stateDirectory),
                    new Expiry(ServerBrowser::now, LOG::warn),
                    Timings.DEFAULT);
            return new ServerBrowser(runtime, open(connector));
        } catch (LinkFailure | UaException e) {
            runtime.close();
            throw new IOException(e.getMessage(), e);
        }
    }

    /** A server that connects to its client tries it every few seconds only. */
    private static OpcUaClient open(Connector connector) throws LinkFailure, InterruptedException {
        long deadline = System.nanoTime() + LONGEST_WAIT.toNanos();
        while (true) {
            try {
                return connector.connect();
            } catch (LinkFailure e) {
                if (!e.awaitsServer() || System.nanoTime() - deadline >= 0) {
                    throw e;
                }
            }
        }
    }

    private static OpcUaPlan plan(Login login) throws IOException {
        Mark mark = new Mark("command line", 1, 1);
        DeviceDefinition device = DeviceDefinition.bare("browse", mark, "opcua", new Settings(mark, Map.of()));
        OpcUaPlan.Connection connection = new OpcUaPlan.Connection(
                OpcUaSettings.endpoint(login.endpoint())
                        .orElseThrow(() -> new IOException(
                                "'" + login.endpoint() + "' is no endpoint, expected opc.tcp://HOST:PORT")),
                Security.parse(login.security())
                        .orElseThrow(() -> new IOException(
                                "'" + login.security() + "' is no security, expected " + Security.expected())),
                login.identity(),
                false,
                TIMEOUT,
                reverse(login));
        return new OpcUaPlan(device, connection, Duration.ofSeconds(1), List.of(), List.of(), List.of());
    }

    private static Optional<OpcUaPlan.ReverseConnect> reverse(Login login) throws IOException {
        if (login.reverseConnect().isEmpty()) {
            return Optional.empty();
        }
        ReverseConnect written = login.reverseConnect().get();
        ListenAddress listen = ListenAddress.parse(written.listen())
                .orElseThrow(() -> new IOException("'" + written.listen() + "' is no address, expected HOST:PORT"));
        return Optional.of(new OpcUaPlan.ReverseConnect(listen, written.serverUri()));
    }

    private static long now() {
        Instant now = Instant.now();
        return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
    }

    /**
     * What stands below the Objects folder.
     *
     * @param complete whether the depth, the limit and the server left nothing out
     */
    public record Tree(List<BrowsedNode> nodes, boolean complete) {
        public Tree {
            nodes = List.copyOf(nodes);
        }
    }

    /**
     * Walks down, depth first, in the server's order. A node that several others refer to comes once.
     *
     * @param depth 1: the children of the Objects folder only
     * @param limit of nodes
     */
    public Tree tree(int depth, int limit) throws IOException {
        try {
            List<BrowsedNode> nodes = new ArrayList<>();
            Set<NodeId> seen = new HashSet<>(Set.of(NodeIds.ObjectsFolder));
            boolean complete = walk(NodeIds.ObjectsFolder, "/Objects", 1, depth, limit, nodes, seen);
            return new Tree(nodes, complete);
        } catch (UaException e) {
            throw new IOException("the server cannot be browsed: " + LinkFailure.reason(e), e);
        }
    }

    private boolean walk(
            NodeId from, String path, int level, int depth, int limit, List<BrowsedNode> nodes, Set<NodeId> seen)
            throws UaException {
        ChildReader.Children below = children.read(List.of(from)).getFirst();
        boolean complete = !below.troubled();
        for (ReferenceDescription reference : below.references()) {
            NodeId id =
                    reference.getNodeId().toNodeId(client.getNamespaceTable()).orElse(NodeId.NULL_VALUE);
            if (id.isNull() || id.getNamespaceIndex().intValue() == 0 || !seen.add(id)) {
                continue;
            }
            if (nodes.size() >= limit) {
                return false;
            }
            QualifiedName name = reference.getBrowseName();
            String here = path + "/" + name.name();
            nodes.add(new BrowsedNode(
                    here,
                    level,
                    String.valueOf(name.name()),
                    String.valueOf(client.getNamespaceTable().get(id.getNamespaceIndex())),
                    identifier(id),
                    reference.getNodeClass() == NodeClass.Variable));
            if (level < depth) {
                complete &= walk(id, here, level + 1, depth, limit, nodes, seen);
            } else {
                complete = false;
            }
        }
        return complete;
    }

    /** Without the namespace: {@code s=Press.State}. */
    private static String identifier(NodeId id) {
        String text = id.toParseableString();
        return text.substring(text.indexOf(';') + 1);
    }

    /** Reads what the variables hold and what they mean, in their order. */
    public List<ReadNode> read(List<BrowsedNode> variables) throws IOException {
        try {
            List<NodeId> ids = variables.stream().map(this::id).toList();
            MeaningReader.Meanings meant = meanings.read(ids);
            List<TagMeaning> said = meant.tags();
            Translation translation = new Translation(
                    meant.structures() ? client.getDynamicEncodingContext() : client.getStaticEncodingContext());
            List<DataValue> values = reader.read(ids, AttributeId.Value);
            List<ReadNode> read = new ArrayList<>(variables.size());
            for (int i = 0; i < variables.size(); i++) {
                read.add(new ReadNode(
                        variables.get(i),
                        translation.sample(i, values.get(i)),
                        said.get(i).unit(),
                        said.get(i).enumeration()));
            }
            return read;
        } catch (UaException e) {
            throw new IOException("the variables cannot be read: " + LinkFailure.reason(e), e);
        }
    }

    private NodeId id(BrowsedNode node) {
        return NodeId.parse("ns=" + client.getNamespaceTable().getIndex(node.namespace()) + ";" + node.identifier());
    }

    @Override
    public void close() {
        try {
            var _ = Connector.disconnect(client).get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // The server did not confirm it in time; its Session ends with its timeout.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        runtime.close();
    }
}

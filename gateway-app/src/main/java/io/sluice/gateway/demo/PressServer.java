package io.sluice.gateway.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.sdk.server.EndpointConfig;
import org.eclipse.milo.opcua.sdk.server.OpcUaServer;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfig;
import org.eclipse.milo.opcua.sdk.server.identity.AnonymousIdentityValidator;
import org.eclipse.milo.opcua.stack.core.security.DefaultCertificateManager;
import org.eclipse.milo.opcua.stack.core.security.MemoryCertificateQuarantine;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.transport.TransportProfile;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.structured.BuildInfo;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransport;
import org.eclipse.milo.opcua.stack.transport.server.tcp.OpcTcpServerTransportConfig;

/**
 * A simulated 4,000 kN press behind a real OPC UA server on the loopback interface, without security. Its nodes are in the
 * namespace {@link #NAMESPACE}: {@code Press.State}, {@code Press.Force}, {@code Press.ZoneTemps}, {@code Press.SpeedSet} by
 * NodeId, and {@code /Objects/Press/Hydraulics/Level} by path.
 */
public final class PressServer implements AutoCloseable {

    public static final String NAMESPACE = "http://vendor.example/press";

    private static final int STEP_MILLIS = 100;
    private static final int BIND_ATTEMPTS = 5;
    private static final String LOOPBACK = "127.0.0.1";

    private final OpcUaServer server;
    private final PressNodes nodes;
    private final ScheduledExecutorService simulation;
    private final int port;

    private PressServer(OpcUaServer server, PressNodes nodes, int port) {
        this.server = server;
        this.nodes = nodes;
        this.port = port;
        this.simulation = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("demo-press").daemon().factory());
    }

    /**
     * Starts on a free port.
     *
     * @throws IOException if there is none
     */
    public static PressServer start() throws IOException {
        IOException taken = new IOException("no free port on " + LOOPBACK);
        for (int attempt = 0; attempt < BIND_ATTEMPTS; attempt++) {
            try {
                return start(freePort());
            } catch (IOException e) {
                // Somebody took the port in between.
                taken.addSuppressed(e);
            }
        }
        throw taken;
    }

    private static PressServer start(int port) throws IOException {
        OpcUaServer server = new OpcUaServer(
                config(port),
                profile -> new OpcTcpServerTransport(
                        OpcTcpServerTransportConfig.newBuilder().build()));
        PressNodes nodes = new PressNodes(server);
        nodes.startup();
        if (server.startup().isCompletedExceptionally()) {
            nodes.shutdown();
            throw new IOException("cannot listen on " + LOOPBACK + ":" + port);
        }
        PressServer press = new PressServer(server, nodes, port);
        press.simulate(new PressModel());
        return press;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static OpcUaServerConfig config(int port) {
        EndpointConfig endpoint = EndpointConfig.newBuilder()
                .setTransportProfile(TransportProfile.TCP_UASC_UABINARY)
                .setBindAddress(LOOPBACK)
                .setHostname(LOOPBACK)
                .setBindPort(port)
                .setSecurityPolicy(SecurityPolicy.None)
                .setSecurityMode(MessageSecurityMode.None)
                .addTokenPolicies(OpcUaServerConfig.USER_TOKEN_POLICY_ANONYMOUS)
                .build();
        return OpcUaServerConfig.builder()
                .setApplicationName(LocalizedText.english("Simulated press"))
                .setApplicationUri("urn:sluice:demo:press")
                .setProductUri("urn:sluice:demo")
                .setBuildInfo(new BuildInfo("urn:sluice:demo", "Sluice", "press-4000", "1", "1", DateTime.now()))
                .setCertificateManager(new DefaultCertificateManager(new MemoryCertificateQuarantine()))
                .setIdentityValidator(AnonymousIdentityValidator.INSTANCE)
                .setEndpoints(Set.of(endpoint))
                .build();
    }

    private void simulate(PressModel model) {
        var _ = simulation.scheduleAtFixedRate(
                () -> nodes.show(model.step(STEP_MILLIS)), 0, STEP_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Where the server listens. */
    public int port() {
        return port;
    }

    @Override
    public void close() {
        simulation.shutdownNow();
        nodes.shutdown();
        server.shutdown().join();
    }
}

package io.sluice.adapter.opcua;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.milo.opcua.sdk.client.DiscoveryClient;
import org.eclipse.milo.opcua.stack.core.Stack;
import org.eclipse.milo.opcua.stack.core.security.SecurityPolicy;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UByte;
import org.eclipse.milo.opcua.stack.core.types.enumerated.MessageSecurityMode;
import org.eclipse.milo.opcua.stack.core.types.structured.EndpointDescription;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransport;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfig;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How connections with one server come about: the gateway connects, or the server does. */
final class Approach {

    private static final Logger LOG = LoggerFactory.getLogger(Approach.class);
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final OpcUaPlan plan;
    private final OpcUaPlan.Connection connection;
    private final MiloRuntime runtime;
    private final Optional<ReverseListener> listener;

    private Approach(OpcUaPlan plan, MiloRuntime runtime, Optional<ReverseListener> listener) {
        this.plan = plan;
        this.connection = plan.connection();
        this.runtime = runtime;
        this.listener = listener;
    }

    /** @param listeners one of each address that a plan has */
    static Approach of(OpcUaPlan plan, MiloRuntime runtime, List<ReverseListener> listeners) {
        Optional<ReverseListener> listener = plan.connection()
                .reverse()
                .map(reverse -> listeners.stream()
                        .filter(each -> each.address().equals(reverse.listen()))
                        .findFirst()
                        .orElseThrow());
        return new Approach(plan, runtime, listener);
    }

    /** A server that connects does so when it likes, once for each connection that it lost. */
    boolean isRare() {
        return listener.isPresent();
    }

    /** For one client. */
    OpcTcpClientTransport transport() {
        OpcTcpClientTransportConfig config = runtime.transport(connection.timeout());
        return listener.<OpcTcpClientTransport>map(at -> new ReverseTransport(config, at, AwaitedServer.of(plan)))
                .orElseGet(() -> new OpcTcpClientTransport(config));
    }

    /** What the server offers (Part 4 §5.5.4). Blocks. */
    List<EndpointDescription> endpoints() throws LinkFailure, InterruptedException {
        OpcTcpClientTransport transport = transport();
        DiscoveryClient client = new DiscoveryClient(unsecured(), transport);
        CompletableFuture<List<EndpointDescription>> offered = client.connectAsync()
                .thenCompose(connected -> connected.getEndpoints(
                        connection.endpoint(), new String[0], new String[] {Stack.TCP_UASC_UABINARY_TRANSPORT_URI}))
                .thenApply(response -> orNone(response.getEndpoints()));
        try {
            return offered.get(2 * connection.timeout().toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw failure(transport, e, "");
        } finally {
            leave(client);
        }
    }

    /** Waits a moment: what runs the connection may be ended next. */
    private static void leave(DiscoveryClient client) throws InterruptedException {
        try {
            var _ = client.disconnectAsync().get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the connection did not end in time", e);
        }
    }

    private static List<EndpointDescription> orNone(EndpointDescription @Nullable [] endpoints) {
        return endpoints == null ? List.of() : Arrays.asList(endpoints);
    }

    private EndpointDescription unsecured() {
        return new EndpointDescription(
                connection.endpoint(),
                null,
                null,
                MessageSecurityMode.None,
                SecurityPolicy.None.getUri(),
                null,
                Stack.TCP_UASC_UABINARY_TRANSPORT_URI,
                UByte.valueOf(0));
    }

    /**
     * Why there is no connection.
     *
     * @param again what is said of a server that has not come: empty, or " again"
     */
    LinkFailure failure(OpcTcpClientTransport transport, Exception e, String again) {
        if (listener.isEmpty() || !(transport instanceof ReverseTransport reverse) || reverse.arrived()) {
            return LinkFailure.of(connection.endpoint(), e);
        }
        return LinkFailure.ofListening(connection.endpoint(), listener.get().address(), again, e);
    }
}

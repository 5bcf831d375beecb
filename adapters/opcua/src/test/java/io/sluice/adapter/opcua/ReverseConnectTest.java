package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.telemetry.Value;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * A real server, node-opcua, behind a {@link ReverseRelay}: node-opcua has no reverse connect, so the relay stands for the
 * server's side of the ReverseHello, and all that follows is node-opcua's own.
 */
class ReverseConnectTest {

    private static final String SERVER_URI = "urn:press-2:server";
    private static final String ENDPOINT = "opc.tcp://press-2.invalid:4840/press";
    private static final Duration LONG = Duration.ofSeconds(20);

    @RegisterExtension
    static final SharedNodeOpcua SHARED = new SharedNodeOpcua();

    @TempDir
    Path state;

    private final Map<String, RecordingSink> sinks = new ConcurrentHashMap<>();
    private final List<Throwable> bugs = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> open = new ArrayList<>();
    private int port;

    @BeforeEach
    void findPort() throws Exception {
        port = MiloServer.freePort();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        assertThat(bugs).isEmpty();
    }

    private static NodeOpcua server() {
        return SHARED.server();
    }

    private static OpcUaPlan plan(
            String device, String endpoint, Security security, Optional<Identity> identity, OpcUaPlan.Item... items) {
        return Bench.plan(device, Bench.connection(endpoint, security, identity), items);
    }

    /** SamplingInterval 0: the server reports each change, however late its timers are. */
    private static OpcUaPlan.Item eachChange(String name) {
        return ItemBuilder.node(name).sampling(Duration.ZERO).queue(50).item();
    }

    private OpcUaPlan awaited(OpcUaPlan plan) {
        return Bench.awaited(
                plan, new OpcUaPlan.ReverseConnect(new ListenAddress("127.0.0.1", port), Optional.of(SERVER_URI)));
    }

    private OpcUaAdapter gateway(OpcUaPlan... plans) {
        AdapterContext context = new AdapterContext(
                this::sink, Bench::now, state, new SplittableRandom(1), (thread, bug) -> bugs.add(bug));
        OpcUaAdapter adapter = OpcUaAdapter.open(List.of(plans), context, Timings.DEFAULT);
        open.add(adapter);
        return adapter;
    }

    private RecordingSink sink(String device) {
        return sinks.computeIfAbsent(device, _ -> new RecordingSink());
    }

    private ReverseRelay relay(String endpoint) {
        ReverseRelay relay = new ReverseRelay(port, SERVER_URI, endpoint, server().port());
        open.add(relay);
        return relay;
    }

    private void valueOf(String device) {
        await().atMost(LONG).until(() -> sink(device).lastValue(0) != null);
    }

    @Test
    void everyChangeArrivesOverAnEncryptedSessionOfAUser() throws Exception {
        gateway(awaited(plan(
                "press-2",
                ENDPOINT,
                Security.parse("Basic256Sha256/SignAndEncrypt").orElseThrow(),
                Optional.of(new Identity.UserName("sluice", "secret")),
                eachChange("Count"))));
        relay(ENDPOINT);
        await().atMost(LONG).until(() -> sink("press-2").lastState().contains("is not trusted"));
        TrustStore store = new TrustStore(state);
        for (StoredCertificate rejected : store.rejected()) {
            store.trust(rejected.sha1());
        }
        valueOf("press-2");
        int before = sink("press-2").values(0).size();

        List<Integer> held = server().count(15);

        await().atMost(LONG).until(() -> sink("press-2").values(0).size() >= before + 15);
        assertThat(sink("press-2").values(0).stream().skip(before))
                .containsExactlyElementsOf(
                        held.stream().<Value>map(Value.Signed::new).toList());
    }

    @Test
    void theSameSessionGoesOnWhenTheServerConnectsAgainAfterACut() throws Exception {
        gateway(awaited(plan("press-2", ENDPOINT, Security.NONE, Optional.empty(), eachChange("Kept"))));
        ReverseRelay relay = relay(ENDPOINT);
        valueOf("press-2");
        assertThat(relay.used()).isEqualTo(2);
        int before = sink("press-2").samples.size();
        server().countKept(25);
        await().atMost(LONG).until(() -> sink("press-2").values(0).contains(new Value.Signed(5)));

        relay.cut();

        await().atMost(LONG)
                .until(() -> new Value.Signed(25).equals(sink("press-2").lastValue(0)));
        assertThat(sink("press-2").samples.stream().skip(before).map(sample -> Objects.requireNonNull(sample.value())))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 25)
                        .<Value>mapToObj(Value.Signed::new)
                        .toList());
        assertThat(sink("press-2").history).isEmpty();
        assertThat(sink("press-2").losses).isEmpty();
        assertThat(relay.used()).isEqualTo(3);
        assertThat(server().sessions()).isEqualTo(1);
    }

    @Test
    void aServerThatForgotTheSessionHasOneNewSessionAfterwards() throws Exception {
        gateway(awaited(plan("press-2", ENDPOINT, Security.NONE, Optional.empty(), eachChange("Count"))));
        ReverseRelay relay = relay(ENDPOINT);
        valueOf("press-2");

        server().dropSessions();
        relay.cut();

        int before = sink("press-2").samples.size();
        server().count(3);
        await().atMost(LONG).until(() -> sink("press-2").samples.size() > before);
        await().atMost(LONG).until(() -> server().sessions() == 1);
    }

    @Test
    void twoDevicesShareAnAddressAndEachHasItsOwnServer() throws Exception {
        String other = "opc.tcp://press-3.invalid:4840";
        OpcUaAdapter adapter = gateway(
                awaited(plan("press-2", ENDPOINT, Security.NONE, Optional.empty(), Bench.node("Boolean"))),
                awaited(plan("press-3", other, Security.NONE, Optional.empty(), Bench.node("Double"))));
        ReverseRelay second = relay(ENDPOINT.toUpperCase(java.util.Locale.ROOT)
                .replace("OPC.TCP", "opc.tcp")
                .replace("/PRESS", "/press"));
        valueOf("press-2");
        assertThat(sink("press-3").lastState())
                .isIn(
                        "connecting",
                        "offline: opc.tcp://press-3.invalid:4840 has not connected to 127.0.0.1:" + port
                                + " yet (reverse connect): the server has to be told this address of the gateway");

        ReverseRelay third = relay(other + "/");

        valueOf("press-3");
        assertThat(sink("press-2").lastValue(0)).isEqualTo(new Value.Bool(true));
        assertThat(sink("press-3").lastValue(0)).isEqualTo(new Value.Float64(0.1));
        assertThat(second.used()).isEqualTo(2);
        assertThat(third.used()).isEqualTo(2);
        assertThat(adapter.read("press-3", List.of(0))
                        .toCompletableFuture()
                        .get(5, TimeUnit.SECONDS)
                        .getFirst()
                        .value())
                .isEqualTo(new Value.Float64(0.1));
        assertThat(adapter.write("press-3", 0, new Value.Float64(0.1))
                        .toCompletableFuture()
                        .get(5, TimeUnit.SECONDS))
                .isInstanceOf(WriteResult.Written.class);
    }

    @Test
    void strangersAreRefusedAndKeepNoServerWaiting() throws Exception {
        gateway(awaited(plan("press-2", ENDPOINT, Security.NONE, Optional.empty(), eachChange("Count"))));
        try (Socket unknown = connected();
                Socket browser = connected();
                Socket _ = connected()) {
            unknown.getOutputStream().write(ReverseRelay.reverseHello(SERVER_URI, "opc.tcp://nobody.invalid:4840"));
            browser.getOutputStream().write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
            assertThat(new String(unknown.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII))
                    .startsWith("ERRF")
                    .endsWith("no device is configured for this server");
            assertThat(new String(browser.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.US_ASCII))
                    .startsWith("ERRF")
                    .endsWith("it does not begin with a ReverseHello");
            relay(ENDPOINT);
            valueOf("press-2");
        }
    }

    private Socket connected() {
        return await().ignoreException(java.net.ConnectException.class)
                .until(() -> new Socket(InetAddress.getLoopbackAddress(), port), Objects::nonNull);
    }

    @Test
    void anAddressThatAnotherProgramHasIsSaidAndTakenWhenItIsFree() throws Exception {
        try (ServerSocket another = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            assertThat(another.isBound()).isTrue();
            gateway(awaited(plan("press-2", ENDPOINT, Security.NONE, Optional.empty(), eachChange("Count"))));
            await().atMost(LONG)
                    .until(() -> sink("press-2")
                            .states
                            .contains("offline: cannot listen at 127.0.0.1:" + port + " (address already in use)"));
        }
        relay(ENDPOINT);
        valueOf("press-2");
    }

    @Test
    void itsAddressSpaceCanBeLookedAt() throws Exception {
        relay(ENDPOINT);
        try (ServerBrowser browser = browser("127.0.0.1:" + port, Optional.empty())) {
            assertThat(browser.tree(2, 100).nodes())
                    .extracting(BrowsedNode::name)
                    .contains("Count");
        }
        assertThatThrownBy(() -> browser("4841", Optional.empty()))
                .isInstanceOf(IOException.class)
                .hasMessage("'4841' is no address, expected HOST:PORT");
    }

    @Test
    void ofSeveralServersThatSayTheSameEndpointTheOneOfTheGivenUriIsLookedAt() throws Exception {
        ReverseRelay other = new ReverseRelay(port, "urn:press-3:server", ENDPOINT, MiloServer.freePort());
        open.add(other);
        CompletableFuture<ServerBrowser> browsing = CompletableFuture.supplyAsync(() -> {
            try {
                return browser("127.0.0.1:" + port, Optional.of(SERVER_URI));
            } catch (IOException | InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        await().atMost(LONG).until(() -> other.used() > 0);

        relay(ENDPOINT);

        try (ServerBrowser browser = browsing.get(20, TimeUnit.SECONDS)) {
            assertThat(browser.tree(2, 100).nodes())
                    .extracting(BrowsedNode::name)
                    .contains("Count");
        }
    }

    private ServerBrowser browser(String listen, Optional<String> serverUri) throws IOException, InterruptedException {
        return ServerBrowser.connect(
                new ServerBrowser.Login(
                        ENDPOINT,
                        "None",
                        Optional.empty(),
                        Optional.of(new ServerBrowser.ReverseConnect(listen, serverUri))),
                state);
    }
}

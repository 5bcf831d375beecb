package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.TagDescriptor.Detail;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.sdk.client.DiscoveryClient;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeOpcuaTest {

    private static final Map<String, Value> HELD = held();

    @RegisterExtension
    static final SharedNodeOpcua SHARED = new SharedNodeOpcua();

    @TempDir
    Path state;

    private static Map<String, Value> held() {
        Map<String, Value> held = new LinkedHashMap<>();
        held.put("Boolean", new Value.Bool(true));
        held.put("SByte", new Value.Signed(-12));
        held.put("Byte", new Value.Unsigned(200));
        held.put("Int16", new Value.Signed(-30_000));
        held.put("UInt16", new Value.Unsigned(60_000));
        held.put("Int32", new Value.Signed(-2_000_000_000));
        held.put("UInt32", new Value.Unsigned(4_000_000_000L));
        held.put("Int64", new Value.Signed(Long.MAX_VALUE));
        held.put("UInt64", new Value.Unsigned(-2));
        held.put("Float", new Value.Float32(1.5f));
        held.put("Double", new Value.Float64(0.1));
        held.put("String", new Value.Text("grüße"));
        held.put("DateTime", new Value.Text("2026-11-20T09:14:03.120Z"));
        held.put("Guid", new Value.Text("09087e75-8e5e-499b-954f-f2a9603db28a"));
        held.put("ByteString", new Value.Bytes(new byte[] {1, 2, -1}));
        held.put("NodeId", new Value.Text("i=2258"));
        held.put("QualifiedName", new Value.Text("name"));
        held.put("LocalizedText", new Value.Text("text"));
        held.put("StatusCode", new Value.Unsigned(0x8034_0000L));
        held.put(
                "Zones",
                new Value.Elements(List.of(new Value.Float64(1), new Value.Float64(2.5), new Value.Float64(4))));
        held.put("Level", new Value.Float64(21.5));
        held.put("State", new Value.Unsigned(1));
        return held;
    }

    private static NodeOpcua server() {
        return SHARED.server();
    }

    @Test
    void everyBuiltInTypeArrivesAsTheServerHoldsIt() {
        OpcUaPlan.Item[] items = HELD.keySet().stream().map(Bench::node).toArray(OpcUaPlan.Item[]::new);
        try (Bench bench = new Bench(Bench.plan(server().endpoint(), items), state)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> bench.sink.samples.size() >= items.length);
            Map<String, Value> received = new LinkedHashMap<>();
            bench.sink.samples.forEach(
                    sample -> received.put(items[sample.tag()].name(), Objects.requireNonNull(sample.value())));
            assertThat(received).containsExactlyInAnyOrderEntriesOf(HELD);
            assertThat(bench.sink.samples)
                    .allSatisfy(sample -> assertThat(sample.status())
                            .isEqualTo(new Status(Status.Quality.GOOD, Status.CodeSpace.OPCUA, 0)));
            int level = List.copyOf(HELD.keySet()).indexOf("Level");
            assertThat(bench.sink.meanings)
                    .containsEntry(
                            level,
                            new TagMeaning(
                                    "Cel",
                                    "",
                                    List.of(),
                                    OptionalDouble.of(-20),
                                    OptionalDouble.of(120),
                                    new Detail(
                                            "Level",
                                            "i=2368",
                                            OptionalDouble.of(-40),
                                            OptionalDouble.of(150),
                                            OptionalDouble.of(2)),
                                    Optional.of(ValueType.FLOAT64)))
                    .containsEntry(
                            level + 1,
                            new TagMeaning(
                                    "",
                                    "",
                                    List.of(new EnumValue(0, "stopped"), new EnumValue(1, "running")),
                                    OptionalDouble.empty(),
                                    OptionalDouble.empty(),
                                    new Detail(
                                            "State",
                                            "i=2376",
                                            OptionalDouble.empty(),
                                            OptionalDouble.empty(),
                                            OptionalDouble.empty()),
                                    Optional.empty()));
            assertThat(bench.sink.samples)
                    .filteredOn(sample -> sample.tag() <= level)
                    .allSatisfy(sample -> assertThat(typeSaid(bench, sample.tag()))
                            .contains(Objects.requireNonNull(sample.value()).type()));
        }
    }

    private static Optional<ValueType> typeSaid(Bench bench, int tag) {
        return Objects.requireNonNull(bench.sink.meanings.get(tag)).type();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Basic256Sha256/SignAndEncrypt", "Aes256_Sha256_RsaPss/SignAndEncrypt"})
    void everyChangeArrivesOverAnEncryptedSessionOfAUser(String security) throws Exception {
        OpcUaPlan plan = Bench.plan(
                server().endpoint(),
                Security.parse(security).orElseThrow(),
                Optional.of(new Identity.UserName("sluice", "secret")),
                Bench.node("Count"));
        try (Bench bench = new Bench(plan, state)) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bench.sink.lastState().contains("is not trusted"));
            trustServer();
            await().atMost(Duration.ofSeconds(20)).until(() -> bench.sink.lastValue(0) != null);
            int before = bench.sink.values(0).size();
            List<Integer> held = server().count(15);
            await().until(() -> bench.sink.values(0).size() >= before + 15);
            assertThat(bench.sink.values(0).stream().skip(before))
                    .containsExactlyElementsOf(
                            held.stream().<Value>map(Value.Signed::new).toList());
            assertThat(server().sessions()).isEqualTo(1);
        }
        await().until(() -> server().sessions() == 0);
    }

    @Test
    void aUserComesInWithACertificateThatTheServerTrusts() throws Exception {
        UserFiles user = UserFiles.make(state.resolve("user"));
        OpcUaPlan plan = Bench.plan(
                server().endpoint(),
                Security.parse("Aes256_Sha256_RsaPss/SignAndEncrypt").orElseThrow(),
                Optional.of(user.identity()),
                Bench.node("Count"));
        try (Bench bench = new Bench(plan, state)) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bench.sink.lastState().contains("is not trusted"));
            trustServer();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bench.sink
                            .lastState()
                            .endsWith("perhaps the server does not trust the user's certificate " + user.certificate
                                    + " yet"));
        }
        server().trustUser(user.certificate);
        try (Bench bench = new Bench(plan, state)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> bench.sink.lastValue(0) != null);
        }
    }

    @Test
    void isReachedWhereUsersSayAlthoughItAnnouncesAHostThatNobodyResolves() throws Exception {
        assertThat(DiscoveryClient.getEndpoints(server().endpoint()).get(20, TimeUnit.SECONDS))
                .isNotEmpty()
                .allSatisfy(endpoint -> assertThat(endpoint.getEndpointUrl())
                        .startsWith("opc.tcp://a-host-that-nobody-resolves.invalid:"));
        try (Bench bench = new Bench(Bench.plan(server().endpoint(), Bench.node("Count")), state)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> bench.sink.lastValue(0) != null);
        }
    }

    @Test
    void theTwoStatesOfADiscreteHaveTheirNames() {
        try (Bench bench = new Bench(Bench.plan(server().endpoint(), Bench.node("Door")), state)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> bench.sink.lastValue(0) != null);
            assertThat(bench.sink.lastValue(0)).isEqualTo(new Value.Bool(true));
            assertThat(Objects.requireNonNull(bench.sink.meanings.get(0)).enumeration())
                    .containsExactly(new EnumValue(0, "closed"), new EnumValue(1, "open"));
        }
    }

    @Test
    void structuresOfTheStandardHaveNamedFields() {
        OpcUaPlan.Item status =
                Bench.item("status", new TagAddress.Node(TagAddress.STANDARD_NAMESPACE, new TagAddress.Numeric(2256)));
        try (Bench bench = new Bench(Bench.plan(server().endpoint(), status), state)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> bench.sink.lastValue(0) != null);
            assertThat(bench.sink.lastValue(0)).isInstanceOfSatisfying(Value.Structure.class, structure -> {
                assertThat(structure.fields())
                        .extracting(Value.Structure.Field::name)
                        .startsWith("StartTime", "CurrentTime", "State", "BuildInfo");
                assertThat(structure.fields().get(2).value()).isEqualTo(new Value.Signed(0));
            });
        }
    }

    private void trustServer() throws Exception {
        TrustStore store = new TrustStore(state);
        for (StoredCertificate rejected : store.rejected()) {
            store.trust(rejected.sha1());
        }
    }

    @Test
    void aWrongPasswordIsSaidAndLeavesNoSessions() throws Exception {
        OpcUaPlan plan = Bench.plan(
                server().endpoint(),
                Security.NONE,
                Optional.of(new Identity.UserName("sluice", "wrong")),
                Bench.node("Count"));
        Timings shortSessions = new Timings(
                Duration.ofSeconds(3),
                Duration.ofSeconds(3),
                Duration.ofSeconds(5),
                Duration.ofSeconds(3),
                Duration.ofSeconds(1),
                Duration.ofSeconds(30),
                Duration.ofMillis(50),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10));
        try (Bench bench = new Bench(plan, state, shortSessions)) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bench.sink.states.stream()
                            .anyMatch(text -> text.contains("the user name or the password is wrong")));
            assertThat(server().sessions()).isLessThanOrEqualTo(1);
        }
        await().atMost(Duration.ofSeconds(20)).until(() -> server().sessions() == 0);
    }

    @Test
    void itsHistoryFillsWhatAnEndedSessionMissed() throws Exception {
        try (TcpProxy proxy = new TcpProxy(server().port());
                Bench bench = new Bench(Bench.plan(proxy.endpoint(), Bench.node("Kept")), state)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> bench.sink.lastValue(0) != null);
            int before = bench.sink.samples.size();
            server().countKept(60);
            await().until(() -> bench.sink.values(0).contains(new Value.Signed(10)));
            proxy.darken();
            proxy.cut();
            server().dropSessions();
            await().until(() -> server().lastCount() >= 25);
            proxy.lighten();
            proxy.cut();
            await().atMost(Duration.ofSeconds(30)).until(() -> new Value.Signed(60).equals(bench.sink.lastValue(0)));
            List<Value> came = Stream.concat(bench.sink.samples.stream().skip(before), bench.sink.history.stream())
                    .filter(sample -> sample.value() != null)
                    .sorted(java.util.Comparator.comparingLong(Sample::time))
                    .map(sample -> Objects.requireNonNull(sample.value()))
                    .toList();
            assertThat(bench.sink.history).isNotEmpty();
            assertThat(came)
                    .isEqualTo(java.util.stream.IntStream.rangeClosed(1, 60)
                            .<Value>mapToObj(Value.Signed::new)
                            .toList());
            assertThat(bench.sink.losses).isEmpty();
            assertThat(server().sessions()).isEqualTo(1);
        }
        await().until(() -> server().sessions() == 0);
    }
}

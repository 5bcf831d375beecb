package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.telemetry.Value;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.structured.EUInformation;
import org.eclipse.milo.opcua.stack.core.types.structured.Range;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Nothing behind the adapter filters here: what is left out, the server has left out. The same node without a deadband stands
 * beside each, and shows that a change was sampled.
 */
class SourceFilterTest {

    private static final int BANDED = 0;
    private static final int ALL = 1;

    @TempDir
    Path state;

    private MiloServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = MiloServer.start();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private static SourceBand band(String width, boolean percent, String factor, boolean everyNumber) {
        return new SourceBand(
                new BigDecimal(width),
                percent,
                new BigDecimal(factor),
                Optional.empty(),
                Optional.empty(),
                everyNumber);
    }

    private Bench bench(String name, SourceBand band) {
        return new Bench(Bench.plan(server.endpoint(), Bench.banded(name, band), Bench.node(name)), state);
    }

    /** One after the other, each when the one before has been sampled. */
    private void change(Bench bench, String name, Variant... values) {
        for (Variant value : values) {
            int before = bench.sink.values(ALL).size();
            server.set(name, value);
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> bench.sink.values(ALL).size() > before);
        }
    }

    private static List<Value> signed(int... values) {
        List<Value> expected = new ArrayList<>();
        for (int value : values) {
            expected.add(new Value.Signed(value));
        }
        return expected;
    }

    private static void started(Bench bench) {
        await().until(() ->
                !bench.sink.values(BANDED).isEmpty() && !bench.sink.values(ALL).isEmpty());
    }

    @Test
    void theServerLeavesOutWhatADeadbandWouldAndNoMore() {
        server.add("Count", NodeIds.Int32, Variant.ofInt32(0));
        try (Bench bench = bench("Count", band("5", false, "1", false))) {
            started(bench);
            change(bench, "Count", Variant.ofInt32(3), Variant.ofInt32(5), Variant.ofInt32(6), Variant.ofInt32(20));
            await().until(() -> bench.sink.values(BANDED).contains(new Value.Signed(20)));
            assertThat(bench.sink.values(BANDED)).isEqualTo(signed(0, 6, 20));
            assertThat(bench.sink.values(ALL)).isEqualTo(signed(0, 3, 5, 6, 20));
            assertThat(bench.sink.anew).contains(BANDED).doesNotContain(ALL);
            assertThat(bench.sink.losses).isEmpty();
        }
    }

    @Test
    void theBandIsOfTheScaledValue() {
        server.add("Tenths", NodeIds.Int16, Variant.ofInt16((short) 0));
        try (Bench bench = bench("Tenths", band("0.3", false, "0.1", false))) {
            started(bench);
            change(bench, "Tenths", Variant.ofInt16((short) 3), Variant.ofInt16((short) 4));
            await().until(() -> bench.sink.values(BANDED).contains(new Value.Signed(4)));
            assertThat(bench.sink.values(BANDED)).isEqualTo(signed(0, 4));
        }
    }

    @Test
    void aPercentageIsOfTheServersRange() {
        LocalizedText none = LocalizedText.NULL_VALUE;
        server.addAnalog("Level", 50, new EUInformation("", -1, none, none), new Range(-100.0, 100.0));
        try (Bench bench = bench("Level", band("1", true, "1", true))) {
            started(bench);
            change(bench, "Level", Variant.ofDouble(52), Variant.ofDouble(52.5));
            await().until(() -> bench.sink.values(BANDED).contains(new Value.Float64(52.5)));
            assertThat(bench.sink.values(BANDED)).containsExactly(new Value.Float64(50), new Value.Float64(52.5));
        }
    }

    @Test
    void floatingPointIsLeftToTheGatewayUnlessTheProfileSaysOtherwise() {
        server.add("Level", NodeIds.Double, Variant.ofDouble(50));
        try (Bench bench = bench("Level", band("5", false, "1", false))) {
            started(bench);
            change(bench, "Level", Variant.ofDouble(51));
            await().until(() -> bench.sink.values(BANDED).contains(new Value.Float64(51)));
        }
    }

    @Test
    void arraysAndTextsAndTagsWithAHistoryAreLeftToTheGateway() {
        server.add("Zones", NodeIds.Int32, Variant.of(new Integer[] {1, 2})).ofRank("Zones", 1);
        server.add("Name", NodeIds.String, Variant.ofString("a"));
        server.addCounter("Kept", new History());
        SourceBand band = band("5", false, "1", true);
        OpcUaPlan plan = Bench.plan(
                server.endpoint(), Bench.banded("Zones", band), Bench.banded("Name", band), Bench.banded("Kept", band));
        try (Bench bench = new Bench(plan, state)) {
            await().until(() -> bench.sink.last(0) != null && bench.sink.last(1) != null);
            server.set("Zones", Variant.of(new Integer[] {1, 3}));
            server.set("Name", Variant.ofString("b"));
            await().until(() -> new Value.Text("b").equals(bench.sink.lastValue(1))
                    && new Value.Elements(List.of(new Value.Signed(1), new Value.Signed(3)))
                            .equals(bench.sink.lastValue(0)));
            assertThat(bench.sink.anew).isEmpty();
        }
    }

    @Test
    void aServerThatRefusesTheFilterGetsTheItemWithoutItAndKeepsItsNeighbours() {
        server.add("Count", NodeIds.Int32, Variant.ofInt32(0));
        server.add("Odd", NodeIds.Int32, Variant.ofInt32(0)).refusingDeadbands("Odd");
        SourceBand band = band("5", false, "1", false);
        OpcUaPlan plan = Bench.plan(
                server.endpoint(), Bench.banded("Count", band), Bench.node("Count"), Bench.banded("Odd", band));
        try (Bench bench = new Bench(plan, state)) {
            started(bench);
            await().until(() -> bench.sink.lastValue(2) != null);
            server.set("Odd", Variant.ofInt32(1));
            await().until(() -> new Value.Signed(1).equals(bench.sink.lastValue(2)));
            change(bench, "Count", Variant.ofInt32(1), Variant.ofInt32(6));
            await().until(() -> bench.sink.values(BANDED).contains(new Value.Signed(6)));
            assertThat(bench.sink.values(BANDED)).isEqualTo(signed(0, 6));
            assertThat(bench.sink.samples)
                    .allSatisfy(sample -> assertThat(sample.value())
                            .as("nothing was ever bad")
                            .isNotNull());
        }
    }

    @Test
    void aTagOfAPatternWhoseFilterIsRefusedIsNamed() {
        server.addBelow("Line/Odd", NodeIds.Int32, Variant.ofInt32(7)).refusingDeadbands("Line/Odd");
        TagAddress.Pattern line = new AddressParser(Map.of("t", MiloServer.NAMESPACE), new Problems())
                .pattern("/Objects/t:Test/t:Line/*", new Mark("press.yaml", 4, 12))
                .orElseThrow();
        OpcUaPlan.Item place = Bench.banded("all", line, band("5", false, "1", false));
        try (Logged log = new Logged(Delivery.class);
                Bench bench = new Bench(Bench.following(server.endpoint(), place, 3, Duration.ofHours(1)), state)) {
            await().until(() -> new Value.Signed(7).equals(bench.sink.lastValue("all.Odd")));
            assertThat(log.lines())
                    .anySatisfy(said -> assertThat(said).contains("the server keeps no deadband for tag all.Odd ("));
        }
    }

    @Test
    void afterAnInterruptionThatWasToldTheValueThatTheServerCountsFromIsGivenAgain() throws Exception {
        server.add("Count", NodeIds.Int32, Variant.ofInt32(0));
        try (TcpProxy proxy = new TcpProxy(server.port());
                Bench bench = new Bench(
                        Bench.plan(
                                proxy.endpoint(),
                                Bench.banded("Count", band("5", false, "1", false)),
                                Bench.node("Count")),
                        state)) {
            started(bench);
            proxy.darken();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> bench.sink.lastState().startsWith("offline"));
            server.set("Count", Variant.ofInt32(4));
            proxy.lighten();
            await().atMost(Duration.ofSeconds(10)).until(() -> new Value.Signed(4).equals(bench.sink.lastValue(ALL)));
            await().until(() -> bench.sink.values(BANDED).size() == 2);
            assertThat(bench.sink.values(BANDED)).isEqualTo(signed(0, 0));
            change(bench, "Count", Variant.ofInt32(6));
            await().until(() -> bench.sink.values(BANDED).contains(new Value.Signed(6)));
            assertThat(bench.sink.values(BANDED)).isEqualTo(signed(0, 0, 6));
            assertThat(bench.sink.losses).isEmpty();
        }
    }

    @Test
    void anotherServerLeavesOutTheSame() throws Exception {
        try (NodeOpcua other = NodeOpcua.start(state)) {
            OpcUaPlan plan = Bench.plan(
                    other.endpoint(), Bench.banded("Count", band("2", false, "1", false)), Bench.node("Count"));
            try (Bench bench = new Bench(plan, state)) {
                started(bench);
                other.count(9);
                await().until(() -> bench.sink.values(ALL).contains(new Value.Signed(9)));
                await().until(() -> bench.sink.values(BANDED).contains(new Value.Signed(9)));
                assertThat(bench.sink.values(BANDED)).isEqualTo(signed(0, 3, 6, 9));
            }
        }
    }
}

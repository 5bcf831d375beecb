package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TriggersTest {

    private static final int CYCLE = 0;
    private static final int FORCE = 1;
    private static final int SHOWN = 2;

    @TempDir
    Path state;

    /** One after the other, each when the one before has been sampled, as the same node shows that no trigger holds back. */
    private static void change(MiloServer server, Bench bench, int... forces) {
        for (int force : forces) {
            server.set("Force", Variant.ofInt32(force));
            await().pollInterval(Duration.ofMillis(5))
                    .until(() -> new Value.Signed(force).equals(bench.sink.lastValue(SHOWN)));
        }
    }

    private static OpcUaPlan plan(String endpoint) {
        return Bench.plan(endpoint, Bench.node("Cycle"), Bench.triggered("Force", CYCLE), Bench.node("Force"));
    }

    @Test
    void aTriggeredTagIsToldOnceAndThenWhenItsTriggerReports() throws Exception {
        try (MiloServer server = MiloServer.start()
                        .add("Cycle", NodeIds.Int32, Variant.ofInt32(0))
                        .add("Force", NodeIds.Int32, Variant.ofInt32(10));
                Bench bench = new Bench(plan(server.endpoint()), state)) {
            await().until(() -> bench.sink.lastValue(FORCE) != null && bench.sink.lastValue(SHOWN) != null);
            change(server, bench, 11, 12, 13);
            assertThat(bench.sink.values(FORCE)).doesNotContain(new Value.Signed(11), new Value.Signed(12));
            server.set("Cycle", Variant.ofInt32(1));
            await().until(() -> bench.sink.values(FORCE).contains(new Value.Signed(13)));
            change(server, bench, 14, 15);
            server.set("Cycle", Variant.ofInt32(2));
            await().until(() -> bench.sink.values(FORCE).contains(new Value.Signed(15)));
            assertThat(bench.sink.values(FORCE)).doesNotContain(new Value.Signed(14));
            assertThat(bench.sink.losses).isEmpty();
            assertThat(bench.bugs).isEmpty();
        }
    }

    @Test
    void aTriggerThatComesLaterIsLinkedThen() throws Exception {
        try (MiloServer server = MiloServer.start().add("Force", NodeIds.Int32, Variant.ofInt32(10));
                Bench bench = new Bench(plan(server.endpoint()), state)) {
            await().until(() -> bench.sink.lastValue(SHOWN) != null);
            server.add("Cycle", NodeIds.Int32, Variant.ofInt32(0));
            await().until(() -> bench.sink.lastValue(CYCLE) != null && bench.sink.lastValue(FORCE) != null);
            change(server, bench, 11);
            server.set("Cycle", Variant.ofInt32(1));
            await().until(() -> bench.sink.values(FORCE).contains(new Value.Signed(11)));
        }
    }

    @Test
    void aServerThatLinksNothingMakesTheTagReportByItself() throws Exception {
        try (NodeOpcua server = NodeOpcua.start(state, "triggers=refused")) {
            OpcUaPlan plan =
                    Bench.plan(server.endpoint(), Bench.node("Kept"), Bench.triggered("Count", 0), Bench.node("Count"));
            try (Bench bench = new Bench(plan, state, Timings.DEFAULT)) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> bench.sink.lastValue(1) != null && bench.sink.lastValue(2) != null);
                List<Value> counted =
                        server.count(5).stream().<Value>map(Value.Signed::new).toList();
                await().untilAsserted(() -> assertThat(bench.sink.values(1)).containsSubsequence(counted));
                assertThat(bench.sink.samples)
                        .allSatisfy(
                                sample -> assertThat(sample.status().quality()).isEqualTo(Status.Quality.GOOD));
                assertThat(bench.sink.states).doesNotHaveDuplicates().last().isEqualTo("online");
                assertThat(bench.bugs).isEmpty();
            }
        }
    }

    @Test
    void anotherServerTriggersToo() throws Exception {
        try (NodeOpcua server = NodeOpcua.start(state)) {
            OpcUaPlan plan =
                    Bench.plan(server.endpoint(), Bench.node("Kept"), Bench.triggered("Count", 0), Bench.node("Count"));
            try (Bench bench = new Bench(plan, state)) {
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> bench.sink.lastValue(1) != null && bench.sink.lastValue(2) != null);
                server.count(9);
                await().until(() -> new Value.Signed(9).equals(bench.sink.lastValue(2)));
                assertThat(bench.sink.values(1)).doesNotContain(new Value.Signed(4), new Value.Signed(5));
                server.countKept(1);
                await().until(() -> new Value.Signed(9).equals(bench.sink.lastValue(1)));
            }
        }
    }
}

package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.opcua.Registrations.Registering;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RegisteredNodesTest {

    private static final Duration INTERVAL = Duration.ofMillis(50);

    @TempDir
    Path state;

    private MiloServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = MiloServer.start().add("Steady", NodeIds.Int32, Variant.ofInt32(3));
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private Bench bench() {
        return new Bench(Bench.plan(server.endpoint(), Bench.polled("Steady", INTERVAL)), state);
    }

    @Test
    void polledTagsAreReadUnderTheNodeIdThatTheServerGaveThemAndAnewWithEachSession() {
        server.register(Registering.UNDER_ANOTHER_NODE_ID);
        try (Bench bench = bench()) {
            await().until(() -> server.registeredReads() >= 3);
            server.register(Registering.AS_THEY_ARE);
            server.endSessions();
            await().atMost(Duration.ofSeconds(20)).until(() -> server.sessions() == 1);
            int values = bench.sink.values(0).size();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> bench.sink.values(0).size() >= values + 3);
            assertThat(bench.sink.values(0)).allMatch(new Value.Signed(3)::equals);
        }
    }

    @ParameterizedTest
    @EnumSource(Registering.class)
    void theyAreReadHoweverTheServerRegisters(Registering how) {
        server.register(how);
        try (Bench bench = bench()) {
            await().until(() -> bench.sink.values(0).size() >= 3);
            assertThat(bench.sink.samples)
                    .allSatisfy(sample -> assertThat(sample.value()).isEqualTo(new Value.Signed(3)));
            assertThat(bench.bugs).isEmpty();
        }
    }

    @Test
    void aServerThatRegistersLittleAtOnceIsAskedInParts() throws Exception {
        OpcUaPlan.Item[] items = new OpcUaPlan.Item[250];
        Arrays.setAll(items, i -> Bench.polled("T" + i, Duration.ofMillis(200)));
        try (NodeOpcua other = NodeOpcua.start(state, "limits=announced");
                Bench bench = new Bench(Bench.plan(other.endpoint(), items), state, Timings.DEFAULT)) {
            await().atMost(Duration.ofSeconds(30)).until(() -> bench.sink.samples.size() >= 2 * items.length);
            assertThat(bench.sink.samples)
                    .allSatisfy(sample -> assertThat(sample.value()).isEqualTo(new Value.Signed(sample.tag())));
        }
    }
}

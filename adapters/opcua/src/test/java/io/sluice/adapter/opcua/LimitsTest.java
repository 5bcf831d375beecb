package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsTest {

    private static final int TAGS = 5_000;

    @TempDir
    Path directory;

    @TempDir
    Path state;

    @ParameterizedTest
    @ValueSource(strings = {"limits=announced", "limits=silent"})
    void deliversEveryTagOfAServerThatAllowsLittleInOneCallAndOneSubscription(String limits) throws Exception {
        OpcUaPlan.Item[] items = new OpcUaPlan.Item[TAGS];
        Arrays.setAll(items, i -> Bench.node("T" + i));
        try (NodeOpcua server = NodeOpcua.start(directory, limits);
                Bench bench = new Bench(Bench.plan(server.endpoint(), items), state, Timings.DEFAULT)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> bench.sink.samples.size() >= TAGS);
            assertThat(bench.sink.samples)
                    .hasSize(TAGS)
                    .allSatisfy(sample -> assertThat(sample.value()).isEqualTo(new Value.Signed(sample.tag())));
            assertThat(bench.sink.losses).isEmpty();
            assertThat(server.sessions()).isEqualTo(1);
        }
    }
}

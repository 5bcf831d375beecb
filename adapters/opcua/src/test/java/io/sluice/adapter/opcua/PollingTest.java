package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PollingTest {

    private static final Duration INTERVAL = Duration.ofMillis(100);

    private static final int MESSAGE_BYTES = 1_000;

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

    private Bench bench(String... names) {
        OpcUaPlan.Item[] items = List.of(names).stream()
                .map(name -> Bench.polled(name, INTERVAL))
                .toArray(OpcUaPlan.Item[]::new);
        return new Bench(Bench.plan(server.endpoint(), items), state);
    }

    private static Variant bytes(int length) {
        return Variant.ofByteString(ByteString.of(new byte[length]));
    }

    @Test
    void aValueThatFitsIntoNoMessageIsBadAndItsNeighboursAreNot() {
        server.limitingAnswers(MESSAGE_BYTES)
                .add("First", NodeIds.Int32, Variant.ofInt32(1))
                .add("Image", NodeIds.ByteString, bytes(MESSAGE_BYTES + 1))
                .add("Last", NodeIds.Int32, Variant.ofInt32(2));
        try (Bench bench = bench("First", "Image", "Last")) {
            await().until(() ->
                    bench.sink.values(0).size() >= 3 && bench.sink.values(2).size() >= 3);
            assertThat(bench.sink.samples)
                    .filteredOn(sample -> sample.tag() == 1)
                    .isNotEmpty()
                    .allSatisfy(sample -> {
                        assertThat(sample.value()).isNull();
                        assertThat(sample.status().quality()).isEqualTo(Status.Quality.BAD);
                    });
            assertThat(bench.sink.samples)
                    .filteredOn(sample -> sample.tag() != 1)
                    .allSatisfy(sample -> assertThat(sample.value()).isNotNull());

            server.set("Image", bytes(3));

            await().until(() -> new Value.Bytes(new byte[3]).equals(bench.sink.lastValue(1)));
            assertThat(bench.sink.states).noneMatch(state -> state.startsWith("offline"));
        }
    }

    @Test
    void valuesThatFitIntoAMessageOnlyOneByOneAllCome() {
        server.limitingAnswers(MESSAGE_BYTES)
                .add("First", NodeIds.ByteString, bytes(MESSAGE_BYTES))
                .add("Second", NodeIds.ByteString, bytes(MESSAGE_BYTES - 1));
        try (Bench bench = bench("First", "Second")) {
            await().until(() -> bench.sink.lastValue(0) != null && bench.sink.lastValue(1) != null);
            assertThat(bench.sink.samples)
                    .allSatisfy(sample -> assertThat(sample.value()).isNotNull());
        }
    }

    @Test
    void valuesThatAreReadTogetherAreHandedOnTogether() {
        String[] names = IntStream.range(0, 20).mapToObj(i -> "T" + i).toArray(String[]::new);
        for (String name : names) {
            server.add(name, NodeIds.Number, Variant.ofInt32(1));
        }
        try (Bench bench = bench(names)) {
            await().until(() -> bench.sink.samples.size() >= 2 * names.length);
            assertThat(bench.sink.together.getFirst())
                    .as("the first values, of which alone the types are known")
                    .containsExactlyElementsOf(
                            IntStream.range(0, names.length).boxed().toList());
        }
    }

    @Test
    void aReadThatWasUnderWayWhenTheGatewayStoppedSaysNothingOfItsTags() {
        AtomicBoolean stalls = new AtomicBoolean();
        AtomicBoolean asked = new AtomicBoolean();
        server.add("Count", NodeIds.Int32, Variant.ofInt32(1)).answering("Count", () -> {
            asked.set(stalls.get());
            return !stalls.get();
        });
        Bench bench = bench("Count");
        await().until(() -> bench.sink.lastValue(0) != null);
        stalls.set(true);
        await().until(asked::get);
        bench.close();
        stalls.set(false);
        assertThat(bench.sink.samples)
                .allSatisfy(sample -> assertThat(sample.value()).isEqualTo(new Value.Signed(1)));
        assertThat(bench.bugs).isEmpty();
    }
}

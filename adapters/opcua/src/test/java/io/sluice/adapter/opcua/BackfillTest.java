package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackfillTest {

    private static final int VALUES = 200;
    private static final List<String> NAMES = List.of("A", "B", "C");

    @TempDir
    Path state;

    private final long begun = DateTime.now().utcTime();
    private final History history = new History(1);

    @Test
    void aServerWithOnePlaceForContinuationIsAskedForOneTagAfterTheOther() throws Exception {
        try (MiloServer server = MiloServer.start()) {
            NAMES.forEach(name -> server.addCounter(name, history));
            count(server, 0);
            OpcUaPlan plan = Bench.plan(
                    server.endpoint(), NAMES.stream().map(Bench::node).toArray(OpcUaPlan.Item[]::new));
            try (Bench bench = new Bench(plan, state)) {
                await().until(() -> bench.sink.samples.size() == NAMES.size());
                server.endSessions();
                IntStream.rangeClosed(1, VALUES).forEach(i -> count(server, i));
                await().atMost(Duration.ofSeconds(20))
                        .until(() -> bench.sink.history.size() >= NAMES.size() * (VALUES - 1)
                                || !bench.sink.losses.isEmpty());
                assertThat(bench.sink.losses).isEmpty();
                for (int tag = 0; tag < NAMES.size(); tag++) {
                    assertThat(all(bench, tag))
                            .containsExactlyElementsOf(IntStream.rangeClosed(0, VALUES)
                                    .<Value>mapToObj(Value.Signed::new)
                                    .toList());
                }
            }
        }
    }

    private void count(MiloServer server, int i) {
        for (String name : NAMES) {
            DataValue value = new DataValue(
                    Variant.ofInt64((long) i), StatusCode.GOOD, new DateTime(begun - (VALUES - i) * 10_000L));
            history.keep(name, value);
            server.count(name, value);
        }
    }

    /** Put by time. */
    private static List<Value> all(Bench bench, int tag) {
        return Stream.concat(bench.sink.samples.stream(), bench.sink.history.stream())
                .filter(sample -> sample.tag() == tag && sample.value() != null)
                .sorted(java.util.Comparator.comparingLong(Sample::time))
                .map(Sample::value)
                .toList();
    }
}

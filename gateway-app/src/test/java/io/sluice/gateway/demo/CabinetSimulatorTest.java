package io.sluice.gateway.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.DeviceLoader;
import io.sluice.profiles.Node;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Substitution;
import io.sluice.profiles.YamlReader;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class CabinetSimulatorTest {

    private static final String CABINET = """
            devices:
              - id: cabinet
                protocol: gpio
                connection: { chip: mock }
                tags:
                  door:   { line: 17, active-low: true, debounce: 20ms }
                  energy: { line: 27, type: counter, edge: falling, debounce: 5ms, poll: 100ms }
            """;

    private final List<Sample> samples = new CopyOnWriteArrayList<>();
    private final List<Throwable> bugs = new CopyOnWriteArrayList<>();

    @Test
    void movesTheLinesThatTheAdapterReads() {
        try (CabinetSimulator cabinet = new CabinetSimulator(new Random(1));
                Adapter adapter = open(cabinet.adapterFactory())) {
            await().until(() ->
                    values(0).contains(new Value.Bool(false)) && values(1).contains(new Value.Unsigned(2)));
        }

        assertThat(values(0)).startsWith(new Value.Bool(true), new Value.Bool(false));
        assertThat(bugs).isEmpty();
    }

    private List<Value> values(int tag) {
        return samples.stream()
                .filter(sample -> sample.tag() == tag)
                .<Value>mapMulti((sample, sink) -> {
                    if (sample.value() != null) {
                        sink.accept(sample.value());
                    }
                })
                .toList();
    }

    private Adapter open(AdapterFactory factory) {
        Problems problems = new Problems();
        Substitution nothing = new Substitution(Map.of(), false);
        Node.Mapping root =
                YamlReader.read("demo.yaml", CABINET, nothing, problems).orElseThrow();
        List<DeviceDefinition> devices = DeviceLoader.load(root, Map.of("gpio", factory.schema()), nothing, problems);
        List<DevicePlan> plans = devices.stream()
                .<DevicePlan>map(device -> factory.plan(device, problems).orElseThrow())
                .toList();
        return factory.open(
                plans,
                new AdapterContext(
                        device -> new Samples(),
                        System::nanoTime,
                        Path.of("target"),
                        new Random(1),
                        (thread, bug) -> bugs.add(bug)));
    }

    private final class Samples implements DeviceSink {
        @Override
        public void describe(int tag, TagMeaning meaning) {}

        @Override
        public void accept(Sample sample) {
            samples.add(sample);
        }

        @Override
        public void acceptHistory(Sample sample) {
            throw new UnsupportedOperationException("this protocol knows no history");
        }

        @Override
        public void flush() {}

        @Override
        public void online() {}

        @Override
        public void connecting() {}

        @Override
        public void offline(Status status, String error) {
            bugs.add(new AssertionError(error));
        }

        @Override
        public void lost(LossReason reason, long readings, long firstNanos, long lastNanos) {
            bugs.add(new AssertionError("lost " + readings));
        }
    }
}

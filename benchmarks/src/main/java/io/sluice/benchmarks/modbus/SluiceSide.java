package io.sluice.benchmarks.modbus;

import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.adapter.modbus.ModbusAdapterFactory;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.DeviceLoader;
import io.sluice.profiles.Node;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Substitution;
import io.sluice.profiles.YamlReader;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.LongAdder;

/**
 * The adapter as the gateway runs it, with a sink that counts: planned blocks, checked replies, one device for each server,
 * four blocks of 125 registers polled every millisecond, which is more than can be had, so that each polls again at once.
 */
final class SluiceSide implements Side {

    private static final int BLOCKS = 4;

    private final LongAdder roundTrips = new LongAdder();
    private final Adapter adapter;

    SluiceSide(int[] ports, Path directory) throws IOException {
        Problems problems = new Problems();
        ModbusAdapterFactory factory = new ModbusAdapterFactory();
        List<DevicePlan> plans = new ArrayList<>();
        for (DeviceDefinition device : devices(ports, directory, factory, problems)) {
            plans.add(factory.plan(device, problems).orElseThrow());
        }
        this.adapter = factory.open(
                plans,
                new AdapterContext(
                        _ -> new Counter(roundTrips),
                        System::nanoTime,
                        directory,
                        new SplittableRandom(),
                        (thread, bug) -> bug.printStackTrace()));
    }

    private static List<DeviceDefinition> devices(
            int[] ports, Path directory, ModbusAdapterFactory factory, Problems problems) throws IOException {
        List<String> lines = new ArrayList<>(List.of("devices:"));
        for (int i = 0; i < ports.length; i++) {
            lines.add("  - id: d" + i);
            lines.add("    protocol: modbus");
            lines.add("    poll: 1ms");
            lines.add("    connection: { host: 127.0.0.1, port: " + ports[i] + " }");
            lines.add("    defaults: { table: holding, type: bytes, length: " + 2 * ModbusBenchmark.REGISTERS + " }");
            lines.add("    tags:");
            for (int block = 0; block < BLOCKS; block++) {
                lines.add("      block-" + block + ": { address: " + block * ModbusBenchmark.REGISTERS + " }");
            }
        }
        Path file = Files.write(directory.resolve("modbus.yaml"), lines);
        Substitution none = new Substitution(Map.of(), true);
        Node.Mapping root = YamlReader.read(file, none, problems).orElseThrow();
        return DeviceLoader.load(root, Map.of("modbus", factory.schema()), none, problems);
    }

    @Override
    public long roundTrips() {
        return roundTrips.sum();
    }

    @Override
    public void close() {
        adapter.close();
    }

    /** Counts good readings of whole blocks. */
    private record Counter(LongAdder count) implements DeviceSink {
        @Override
        public void accept(Sample sample) {
            Objects.requireNonNull(sample.value(), "a bad reading");
            count.increment();
        }

        @Override
        public void acceptHistory(Sample sample) {
            throw new IllegalStateException("Modbus devices have no history");
        }

        @Override
        public void describe(int tag, TagMeaning meaning) {
            throw new IllegalStateException("Modbus devices describe nothing");
        }

        @Override
        public void flush() {
            // Nothing is batched here.
        }

        @Override
        public void online() {
            // Every server is.
        }

        @Override
        public void connecting() {
            // Shown by the first reading.
        }

        @Override
        public void offline(Status status, String error) {
            throw new IllegalStateException(error);
        }

        @Override
        public void lost(LossReason reason, long readings, long firstNanos, long lastNanos) {
            throw new IllegalStateException("a polling adapter loses nothing");
        }
    }
}

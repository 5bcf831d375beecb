package io.sluice.benchmarks.gateway;

import io.sluice.telemetry.MalformedMessage;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.ProtobufCodec;
import io.sluice.telemetry.Value;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Sluice as users start it, with its defaults: durable, every commit synced, deleted after the PUBACK. */
final class SluiceGateway implements Contender {
    private final Path root;

    SluiceGateway(Path root) {
        this.root = root;
    }

    @Override
    public String name() {
        return "sluice";
    }

    @Override
    public String filter() {
        return "sluice/v1/#";
    }

    @Override
    public Probe.Decoder decoder() {
        return new Decoder();
    }

    @Override
    public Child start(Path directory, int[] ports, Duration poll, int brokerPort) throws IOException {
        List<String> lines = new ArrayList<>(List.of(
                "schema: 1",
                "gateway: { id: bench }",
                "northbound:",
                "  broker: { brokers: [ \"mqtt://127.0.0.1:%d\" ] }".formatted(brokerPort),
                "outbox: { directory: outbox, min-free: 1MiB }",
                "devices:"));
        for (int i = 0; i < ports.length; i++) {
            lines.add(
                    "  - { id: server-%d, profile: ./registers.yaml, poll: %dms, connection: { host: 127.0.0.1, port: %d } }"
                            .formatted(i, poll.toMillis(), ports[i]));
        }
        Files.write(directory.resolve("gateway.yaml"), lines);
        Files.write(directory.resolve("registers.yaml"), profile());
        return new Child(name(), directory, List.of(root.resolve("sluice").toString(), "run", "gateway.yaml"));
    }

    private static List<String> profile() {
        List<String> lines = new ArrayList<>(List.of(
                "schema: 1",
                "profile: registers",
                "protocol: modbus",
                "title: Registers one by one",
                "defaults: { table: holding, type: uint16 }",
                "tags:"));
        for (int i = 0; i < REGISTERS; i++) {
            lines.add("  r%d: { address: %d }".formatted(i, i));
        }
        return lines;
    }

    /** Learns from births which alias is which register. */
    private static final class Decoder implements Probe.Decoder {
        private static final int PROBED = 6;
        private final Map<String, int[]> registerByAlias = new HashMap<>();

        @Override
        public Optional<Probe> decode(String topic, byte[] payload) {
            try {
                Message message = ProtobufCodec.decode(payload);
                return switch (message.body()) {
                    case Message.Birth birth -> {
                        birth.tables().forEach(table -> learn(message.device(), table));
                        yield Optional.empty();
                    }
                    case Message.Batch batch -> probe(message.device(), batch);
                    default -> Optional.empty();
                };
            } catch (MalformedMessage e) {
                throw new IllegalStateException(topic, e);
            }
        }

        private void learn(String device, Message.AliasTable table) {
            int[] registers = new int
                    [1
                            + table.tags().keySet().stream()
                                    .mapToInt(Integer::intValue)
                                    .max()
                                    .orElse(0)];
            table.tags()
                    .forEach((alias, tag) ->
                            registers[alias] = Integer.parseInt(tag.name().substring(1)));
            registerByAlias.put(device, registers);
        }

        private Optional<Probe> probe(String device, Message.Batch batch) {
            int[] registers = registerByAlias.get(device);
            if (registers == null) {
                return Optional.empty();
            }
            long[] probed = new long[PROBED];
            int readings = 0;
            for (Message.Reading reading : batch.readings()) {
                if (reading.value() instanceof Value.Unsigned unsigned) {
                    readings++;
                    int register = registers[reading.alias()];
                    if (register < PROBED) {
                        probed[register] = unsigned.value();
                    }
                }
            }
            return readings == REGISTERS ? Optional.of(Probe.of(device, probed, readings)) : Optional.empty();
        }
    }
}

package io.sluice.benchmarks.gateway;

import io.sluice.benchmarks.opcua.TagField;
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

/** Sluice as users start it, with its defaults: durable, every commit synced, deleted after the PUBACK. */
final class OpcUaSluice implements TagContender {
    private final Path root;

    OpcUaSluice(Path root) {
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
    public Subscriber.Receiver decoder(TagArrivals arrivals) {
        Map<Integer, Integer> tagByAlias = new HashMap<>();
        return (topic, payload) -> {
            try {
                switch (ProtobufCodec.decode(payload).body()) {
                    case Message.Birth birth -> birth.tables().forEach(table -> learn(tagByAlias, table));
                    case Message.Batch batch -> count(tagByAlias, batch, arrivals);
                    default -> {}
                }
            } catch (MalformedMessage e) {
                throw new IllegalStateException(topic, e);
            }
        };
    }

    private static void learn(Map<Integer, Integer> tagByAlias, Message.AliasTable table) {
        table.tags()
                .forEach((alias, tag) ->
                        tagByAlias.put(alias, Integer.valueOf(tag.name().substring(1))));
    }

    private static void count(Map<Integer, Integer> tagByAlias, Message.Batch batch, TagArrivals arrivals) {
        for (Message.Reading reading : batch.readings()) {
            Integer tag = tagByAlias.get(reading.alias());
            if (tag != null && reading.value() instanceof Value.Float64 number) {
                arrivals.add(tag, (long) number.value());
            }
        }
    }

    @Override
    public Child start(Path directory, int port, int tags, Duration interval, int brokerPort) throws IOException {
        Files.write(
                directory.resolve("gateway.yaml"),
                List.of(
                        "schema: 1",
                        "gateway: { id: bench }",
                        "northbound:",
                        "  broker: { brokers: [ \"mqtt://127.0.0.1:%d\" ] }".formatted(brokerPort),
                        "outbox: { directory: outbox, min-free: 1MiB }",
                        "devices:",
                        "  - { id: field, profile: ./tags.yaml, connection: { endpoint: \"opc.tcp://127.0.0.1:%d\" } }"
                                .formatted(port)));
        Files.write(directory.resolve("tags.yaml"), profile(tags, interval));
        return new Child(name(), directory, List.of(root.resolve("sluice").toString(), "run", "gateway.yaml"));
    }

    private static List<String> profile(int tags, Duration interval) {
        List<String> lines = new ArrayList<>(List.of(
                "schema: 1",
                "profile: tags",
                "protocol: opcua",
                "title: Variables that count",
                "namespaces: { b: \"%s\" }".formatted(TagField.NAMESPACE),
                "defaults: { sampling: %dms, queue: 10 }".formatted(interval.toMillis()),
                "publishing: %dms".formatted(interval.toMillis()),
                "tags:"));
        for (int i = 0; i < tags; i++) {
            lines.add("  t%d: { node: \"b:s=T%d\" }".formatted(i, i));
        }
        return lines;
    }
}

package io.sluice.benchmarks;

import io.sluice.benchmarks.codec.CodecBenchmark;
import io.sluice.benchmarks.gateway.GatewayBenchmark;
import io.sluice.benchmarks.gateway.OfferedLoad;
import io.sluice.benchmarks.gateway.OpcUaGatewayBenchmark;
import io.sluice.benchmarks.modbus.ModbusBenchmark;
import io.sluice.benchmarks.mqtt.MqttBenchmark;
import io.sluice.benchmarks.opcua.OpcUaBenchmark;
import io.sluice.benchmarks.outbox.LargeOutboxBenchmark;
import io.sluice.benchmarks.outbox.OutboxBenchmark;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code benchmarks/run NAME [--rounds N] [--short]}. */
public final class Main {
    private static final Map<String, Benchmark> BENCHMARKS = new TreeMap<>(Map.of(
            "codec", new CodecBenchmark(),
            "gateway", new GatewayBenchmark(),
            "gateway-opcua", new OpcUaGatewayBenchmark(),
            "load", new OfferedLoad(),
            "modbus", new ModbusBenchmark(),
            "mqtt", new MqttBenchmark(),
            "opcua", new OpcUaBenchmark(),
            "outbox", new OutboxBenchmark(),
            "outbox-large", new LargeOutboxBenchmark()));

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        List<String> words = List.of(arguments);
        if (words.isEmpty()) {
            BENCHMARKS.forEach((name, benchmark) -> System.out.println(name + "\t" + benchmark.summary()));
            return;
        }
        Benchmark benchmark = BENCHMARKS.get(words.getFirst());
        if (benchmark == null) {
            System.err.println("benchmarks: no benchmark '" + words.getFirst() + "', only " + BENCHMARKS.keySet());
            System.exit(2);
            return;
        }
        boolean brief = words.contains("--short");
        int rounds = rounds(words, brief);
        Path root = Path.of(System.getProperty("sluice.root", ".")).toAbsolutePath();
        List<Figure> figures = benchmark.run(new Plan(root, rounds, brief));
        figures.forEach(System.out::println);
    }

    private static int rounds(List<String> words, boolean brief) {
        int at = words.indexOf("--rounds");
        if (at < 0) {
            return brief ? 1 : 5;
        }
        return Integer.parseInt(words.get(at + 1));
    }
}

package io.sluice.benchmarks.opcua;

import io.sluice.benchmarks.Benchmark;
import io.sluice.benchmarks.Figure;
import io.sluice.benchmarks.JavaCommand;
import io.sluice.benchmarks.Plan;
import io.sluice.benchmarks.Rounds;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Processor time per notification of the adapter, up to its sink, and of a bare client of the same library that counts. */
public final class OpcUaBenchmark implements Benchmark {

    private static final int TAGS = 10_000;
    private static final String OURS = "sluice";
    private static final String PEER = "milo";

    @Override
    public String summary() {
        return "processor time per OPC UA notification, 10,000 tags at 10 Hz, against a bare Milo client that counts";
    }

    @Override
    public List<Figure> run(Plan plan) throws Exception {
        Rounds rounds = new Rounds();
        int port = freePort();
        Path state = Files.createTempDirectory("sluice-opcua");
        try (Stopping field = new Stopping(java(TagField.class, String.valueOf(port), String.valueOf(TAGS), "100"))) {
            field.await("ready");
            for (int round = 0; round < plan.rounds(); round++) {
                for (String contender : List.of(OURS, PEER)) {
                    measure(plan, rounds, contender, port, state);
                }
            }
        } finally {
            try (Stream<Path> files = Files.walk(state)) {
                files.sorted(java.util.Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
        rounds.write(plan.results().resolve("opcua.csv"));
        return List.of(
                figure(rounds, "cpu", "us/notification", "1.5", "1.2"),
                figure(rounds, "rate", "notifications/s", "-", "-"));
    }

    private static Figure figure(Rounds rounds, String name, String unit, String must, String aim) {
        return Figure.of("opcua-" + name, unit, rounds.median(name, OURS), PEER, rounds.median(name, PEER), must, aim);
    }

    private static void measure(Plan plan, Rounds rounds, String contender, int port, Path state) throws IOException {
        try (Stopping client = new Stopping(java(
                Subscriber.class,
                contender,
                String.valueOf(port),
                String.valueOf(TAGS),
                String.valueOf(plan.warmUp().toSeconds()),
                String.valueOf(plan.measured().toSeconds()),
                state.toString()))) {
            String[] measured = client.await("measured ").split(" ");
            double notifications = Double.parseDouble(measured[2]);
            rounds.add("cpu", contender, Double.parseDouble(measured[1]) / 1_000 / notifications);
            rounds.add("rate", contender, notifications / plan.measured().toSeconds());
            rounds.add("losses", contender, Double.parseDouble(measured[3]));
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static List<String> java(Class<?> main, String... arguments) {
        return JavaCommand.of(List.of("-Xmx512m"), main, arguments);
    }

    /** A process whose lines are read, and that ends with the block. */
    private static final class Stopping implements AutoCloseable {
        private final Process process;
        private final BufferedReader lines;

        Stopping(List<String> command) throws IOException {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
            Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end of a child"));
            lines = process.inputReader(StandardCharsets.UTF_8);
        }

        String await(String prefix) throws IOException {
            List<String> said = new ArrayList<>();
            String line;
            while ((line = lines.readLine()) != null) {
                if (line.startsWith(prefix)) {
                    return line;
                }
                said.add(line);
            }
            throw new IOException("ended without '" + prefix + "': " + String.join("\n", said));
        }

        @Override
        public void close() {
            process.destroy();
            process.onExit().join();
        }
    }
}

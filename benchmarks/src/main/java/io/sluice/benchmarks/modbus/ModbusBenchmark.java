package io.sluice.benchmarks.modbus;

import com.sun.management.OperatingSystemMXBean;
import io.sluice.benchmarks.Benchmark;
import io.sluice.benchmarks.Figure;
import io.sluice.benchmarks.JavaCommand;
import io.sluice.benchmarks.Plan;
import io.sluice.benchmarks.Rounds;
import io.sluice.field.ModbusField;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/** Round trips per second, and processor time for each, over 100 connections with 125 registers. */
public final class ModbusBenchmark implements Benchmark {

    static final int REGISTERS = 125;

    private static final int CONNECTIONS = 100;
    private static final String OURS = "sluice";
    private static final String PEER = "j2mod";

    @Override
    public String summary() {
        return "Modbus TCP round trips/s and CPU for each against j2mod, 100 connections of 125 registers";
    }

    @Override
    public List<Figure> run(Plan plan) throws IOException, InterruptedException {
        Rounds rounds = new Rounds();
        Path directory = Files.createTempDirectory("sluice-modbus");
        Process field = startField();
        try {
            int[] ports = ports(field);
            for (int round = 1; round <= plan.rounds(); round++) {
                System.err.println("round " + round + " of " + plan.rounds());
                // The compiler needs its warm-up once; later rounds only their connections.
                Duration warmUp = round == 1 ? plan.warmUp() : Duration.ofSeconds(2);
                measure(new SluiceSide(ports, directory), OURS, warmUp, plan, rounds);
                measure(new J2modSide(ports), PEER, warmUp, plan, rounds);
            }
            rounds.write(plan.results().resolve("modbus.csv"));
        } finally {
            field.destroy();
            field.waitFor();
            Files.deleteIfExists(directory.resolve("modbus.yaml"));
            Files.delete(directory);
        }
        return List.of(
                figure(rounds, "round-trips", "1/s", "0.9", "1.3"),
                figure(rounds, "cpu-per-round-trip", "us", "1.1", "0.8"));
    }

    private static Figure figure(Rounds rounds, String name, String unit, String must, String aim) {
        return Figure.of("modbus-" + name, unit, rounds.median(name, OURS), PEER, rounds.median(name, PEER), must, aim);
    }

    private static Process startField() throws IOException {
        return new ProcessBuilder(JavaCommand.of(List.of("-Xmx64m"), ModbusField.class, Integer.toString(CONNECTIONS)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static int[] ports(Process field) throws IOException {
        String line = field.inputReader().readLine();
        if (line == null || !line.startsWith("ready ")) {
            throw new IOException("the Modbus servers did not start: " + line);
        }
        return Arrays.stream(line.substring("ready ".length()).split(" "))
                .mapToInt(Integer::parseInt)
                .toArray();
    }

    private static void measure(Side side, String name, Duration warmUp, Plan plan, Rounds rounds)
            throws InterruptedException {
        try (side) {
            // This time and the next one are what is measured: nothing is awaited.
            Thread.sleep(warmUp);
            OperatingSystemMXBean machine = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
            long cpu = machine.getProcessCpuTime();
            long trips = side.roundTrips();
            long begin = System.nanoTime();
            Thread.sleep(plan.measured().dividedBy(2));
            double seconds = (System.nanoTime() - begin) / 1e9;
            double done = side.roundTrips() - trips;
            rounds.add("round-trips", name, done / seconds);
            rounds.add("cpu-per-round-trip", name, (machine.getProcessCpuTime() - cpu) / 1e3 / done);
        }
    }
}

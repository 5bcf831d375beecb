package io.sluice.benchmarks.gateway;

import io.sluice.benchmarks.Benchmark;
import io.sluice.benchmarks.Figure;
import io.sluice.benchmarks.Plan;
import io.sluice.benchmarks.Rounds;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Both gateways as processes, in turns, at idle, at an ordinary load, and at the most that each of them carries. */
public final class GatewayBenchmark implements Benchmark {
    private static final int ORDINARY_SERVERS = 20;
    private static final Duration ORDINARY_POLL = Duration.ofMillis(100);
    private static final Duration IDLE_POLL = Duration.ofMinutes(10);
    private static final int MOST_SERVERS = 100;
    private static final int[] POLLS_MILLIS = {1_000, 500, 200, 100, 50, 40, 30, 25, 20, 16, 13, 10, 8, 6, 5};
    private static final double ARRIVING = 0.98;
    private static final double GAIN = 1.02;

    @Override
    public String summary() {
        return "Modbus TCP to MQTT QoS 1 against Node-RED: readings/s per core, CPU, latency, memory, start";
    }

    @Override
    public List<Figure> run(Plan plan) throws IOException, InterruptedException {
        List<Contender> contenders = List.of(new SluiceGateway(plan.root()), new NodeRed(plan.root()));
        Rounds rounds = new Rounds();
        try (Stage stage = Stage.modbus(MOST_SERVERS)) {
            Map<String, Duration> fastest = new HashMap<>();
            for (Contender contender : contenders) {
                fastest.put(contender.name(), fastestPoll(plan, stage, contender));
            }
            for (int round = 1; round <= plan.rounds(); round++) {
                System.err.println("round " + round + " of " + plan.rounds());
                for (Contender contender : contenders) {
                    idle(plan, stage, contender, rounds);
                    ordinary(plan, stage, contender, rounds);
                    saturated(plan, stage, contender, fastest.getOrDefault(contender.name(), ORDINARY_POLL), rounds);
                }
            }
        } finally {
            rounds.write(plan.results().resolve("gateway.csv"));
        }
        return figures(
                rounds, contenders.getFirst().name(), contenders.getLast().name());
    }

    private static List<Figure> figures(Rounds rounds, String ours, String peer) {
        List<Figure> figures = new ArrayList<>();
        String[][] rows = {
            {"saturation", "readings/s/core", "2", "5"},
            {"cpu", "core", "1.0", "0.6"},
            {"latency-p50", "ms", "1.5", "0.8"},
            {"latency-p99", "ms", "3", "1"},
            {"memory-idle", "MiB", "1.2", "0.9"},
            {"memory-loaded", "MiB", "1.2", "0.9"},
            {"start", "s", "0.7", "0.35"},
        };
        for (String[] row : rows) {
            double our = rounds.median(row[0], ours);
            double their = rounds.median(row[0], peer);
            figures.add(Figure.of("gateway-" + row[0], row[1], our, peer, their, row[2], row[3]));
        }
        return figures;
    }

    /**
     * What one run showed.
     *
     * @param cores of processor time per second
     * @param resident MiB at the end
     * @param startSeconds from the start of the process to the first message at the subscriber
     */
    record Observed(Arrivals.Summary arrived, double seconds, double cores, double resident, double startSeconds) {
        double readingsPerSecond() {
            return arrived.readings() / seconds;
        }

        double readingsPerCore() {
            return readingsPerSecond() / cores;
        }
    }

    static Observed observe(
            Stage stage, Contender contender, int servers, Duration poll, Duration warmUp, Duration measured)
            throws IOException, InterruptedException {
        Arrivals arrivals = new Arrivals();
        Probe.Decoder decoder = contender.decoder();
        try (Subscriber _ = new Subscriber(
                stage.brokerPort(),
                contender.filter(),
                (topic, payload) -> decoder.decode(topic, payload).ifPresent(arrivals::add))) {
            long begin = System.nanoTime();
            try (Child child =
                    contender.start(stage.runDirectory(), stage.servers(servers), poll, stage.brokerPort())) {
                child.await("the first message", () -> arrivals.ever() > 0);
                double start = (System.nanoTime() - begin) / 1e9;
                // This time and the next one are what is measured: nothing is awaited.
                Thread.sleep(warmUp);
                child.requireAlive();
                arrivals.begin();
                long from = System.nanoTime();
                double cpu = child.cpuSeconds();
                Thread.sleep(measured);
                Arrivals.Summary summary = arrivals.end();
                double seconds = (System.nanoTime() - from) / 1e9;
                double cores = (child.cpuSeconds() - cpu) / seconds;
                return new Observed(summary, seconds, cores, child.residentMebibytes(), start);
            }
        }
    }

    /** The poll interval at which the most arrives, as long as nearly all that is asked for does. */
    private static Duration fastestPoll(Plan plan, Stage stage, Contender contender)
            throws IOException, InterruptedException {
        Duration best = Duration.ofMillis(POLLS_MILLIS[0]);
        double most = 0;
        for (int millis : POLLS_MILLIS) {
            Duration poll = Duration.ofMillis(millis);
            Observed observed = observe(
                    stage,
                    contender,
                    MOST_SERVERS,
                    poll,
                    plan.warmUp().dividedBy(3),
                    plan.measured().dividedBy(2));
            double rate = observed.readingsPerSecond();
            double wanted = MOST_SERVERS * Contender.REGISTERS * 1_000.0 / millis;
            System.err.printf(
                    "  %s every %d ms: %.0f readings/s, %.1f %% of what is asked for, %.2f cores, %d polls missing%n",
                    contender.name(),
                    millis,
                    rate,
                    100 * rate / wanted,
                    observed.cores(),
                    observed.arrived().missing());
            if (rate < GAIN * most) {
                break;
            }
            if (rate < ARRIVING * wanted) {
                break;
            }
            most = rate;
            best = poll;
        }
        return best;
    }

    /** Devices are configured and connected, and nothing is due. */
    private static void idle(Plan plan, Stage stage, Contender contender, Rounds rounds)
            throws IOException, InterruptedException {
        int[] ports = stage.servers(ORDINARY_SERVERS);
        try (Child child = contender.start(stage.runDirectory(), ports, IDLE_POLL, stage.brokerPort())) {
            Thread.sleep(plan.warmUp()); // memory after so long, not after an event
            child.requireAlive();
            rounds.add("memory-idle", contender.name(), child.residentMebibytes());
        }
    }

    private static void ordinary(Plan plan, Stage stage, Contender contender, Rounds rounds)
            throws IOException, InterruptedException {
        Observed observed = observe(stage, contender, ORDINARY_SERVERS, ORDINARY_POLL, plan.warmUp(), plan.measured());
        rounds.add("start", contender.name(), observed.startSeconds());
        rounds.add("cpu", contender.name(), observed.cores());
        rounds.add("latency-p50", contender.name(), observed.arrived().p50Micros() / 1e3);
        rounds.add("latency-p99", contender.name(), observed.arrived().p99Micros() / 1e3);
        rounds.add("memory-loaded", contender.name(), observed.resident());
        rounds.add("ordinary-rate", contender.name(), observed.readingsPerSecond());
        rounds.add("ordinary-missing", contender.name(), observed.arrived().missing());
    }

    private static void saturated(Plan plan, Stage stage, Contender contender, Duration poll, Rounds rounds)
            throws IOException, InterruptedException {
        Observed observed = observe(stage, contender, MOST_SERVERS, poll, plan.warmUp(), plan.measured());
        rounds.add("saturation", contender.name(), observed.readingsPerCore());
        rounds.add("saturation-rate", contender.name(), observed.readingsPerSecond());
        rounds.add("saturation-cores", contender.name(), observed.cores());
        rounds.add("saturation-missing", contender.name(), observed.arrived().missing());
    }
}

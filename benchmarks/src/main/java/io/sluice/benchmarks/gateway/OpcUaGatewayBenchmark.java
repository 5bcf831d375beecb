package io.sluice.benchmarks.gateway;

import io.sluice.benchmarks.Benchmark;
import io.sluice.benchmarks.Figure;
import io.sluice.benchmarks.Plan;
import io.sluice.benchmarks.Rounds;
import io.sluice.benchmarks.opcua.TagField;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Both gateways as processes, in turns, each subscribed to 10,000 variables of an OPC UA server. */
public final class OpcUaGatewayBenchmark implements Benchmark {
    private static final int TAGS = 10_000;
    private static final String OURS = "sluice";
    private static final String PEER = "node-red";

    /** How fast every variable changes. */
    private enum Rate {
        ONE_HERTZ("1hz", Duration.ofSeconds(1)),
        TEN_HERTZ("10hz", Duration.ofMillis(100));

        private final String written;
        private final Duration interval;

        Rate(String written, Duration interval) {
            this.written = written;
            this.interval = interval;
        }

        private double perSecond() {
            return TAGS * (double) Duration.ofSeconds(1).toMillis() / interval.toMillis();
        }
    }

    @Override
    public String summary() {
        return "10,000 OPC UA tags at 1 Hz and 10 Hz to MQTT QoS 1 against Node-RED: CPU, memory, what is missing";
    }

    @Override
    public List<Figure> run(Plan plan) throws IOException, InterruptedException {
        List<TagContender> contenders = List.of(new OpcUaSluice(plan.root()), new OpcUaNodeRed(plan.root()));
        Rounds rounds = new Rounds();
        try {
            for (int round = 1; round <= plan.rounds(); round++) {
                System.err.println("round " + round + " of " + plan.rounds());
                for (Rate rate : Rate.values()) {
                    round(plan, rate, contenders, rounds);
                }
            }
        } finally {
            rounds.write(plan.results().resolve("gateway-opcua.csv"));
        }
        List<Figure> figures = new ArrayList<>();
        for (Rate rate : Rate.values()) {
            figures(rounds, rate, figures);
        }
        return figures;
    }

    private static void figures(Rounds rounds, Rate rate, List<Figure> figures) {
        figures.add(figure(rounds, "readings-per-core-" + rate.written, "readings/s/core"));
        figures.add(figure(rounds, "cpu-" + rate.written, "core"));
        figures.add(figure(rounds, "memory-" + rate.written, "MiB"));
        figures.add(Figure.of(
                "gateway-opcua-arrived-" + rate.written,
                "readings/s",
                rounds.median("arrived-" + rate.written, OURS),
                "offered",
                rate.perSecond(),
                "-",
                "-"));
        figures.add(Figure.of(
                "gateway-opcua-missing-" + rate.written,
                "readings",
                rounds.median("missing-" + rate.written, OURS),
                "none",
                1,
                "0",
                "0"));
    }

    private static Figure figure(Rounds rounds, String name, String unit) {
        return Figure.of(
                "gateway-opcua-" + name, unit, rounds.median(name, OURS), PEER, rounds.median(name, PEER), "-", "-");
    }

    private static void round(Plan plan, Rate rate, List<TagContender> contenders, Rounds rounds)
            throws IOException, InterruptedException {
        try (Stage stage = new Stage(
                TagField.class,
                "512m",
                Integer.toString(Stage.freePort()),
                Integer.toString(TAGS),
                Long.toString(rate.interval.toMillis()))) {
            for (TagContender contender : contenders) {
                observe(plan, stage, contender, rate, rounds);
            }
        }
    }

    /** Processor time and readings hardly vary within a run, and four runs make a round. */
    private static Duration measured(Plan plan) {
        return plan.brief() ? plan.measured() : plan.measured().dividedBy(2);
    }

    private static void observe(Plan plan, Stage stage, TagContender contender, Rate rate, Rounds rounds)
            throws IOException, InterruptedException {
        TagArrivals arrivals = new TagArrivals(TAGS, TagField.step(rate.interval));
        try (Subscriber _ = new Subscriber(stage.brokerPort(), contender.filter(), contender.decoder(arrivals));
                Child child = contender.start(
                        stage.runDirectory(), stage.servers(1)[0], TAGS, rate.interval, stage.brokerPort())) {
            child.await("a value of each variable", () -> arrivals.seen() == TAGS);
            // This time and the next one are what is measured: nothing is awaited.
            Thread.sleep(plan.warmUp());
            child.requireAlive();
            arrivals.begin();
            long from = System.nanoTime();
            double cpu = child.cpuSeconds();
            Thread.sleep(measured(plan));
            TagArrivals.Summary summary = arrivals.end();
            double seconds = (System.nanoTime() - from) / 1e9;
            double cores = (child.cpuSeconds() - cpu) / seconds;
            double arrived = summary.arrived() / seconds;
            rounds.add("readings-per-core-" + rate.written, contender.name(), arrived / cores);
            rounds.add("cpu-" + rate.written, contender.name(), cores);
            rounds.add("memory-" + rate.written, contender.name(), child.residentMebibytes());
            rounds.add("arrived-" + rate.written, contender.name(), arrived);
            rounds.add("missing-" + rate.written, contender.name(), summary.missing());
        }
    }
}

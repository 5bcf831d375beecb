package io.sluice.benchmarks.gateway;

import io.sluice.benchmarks.Benchmark;
import io.sluice.benchmarks.Figure;
import io.sluice.benchmarks.Plan;
import io.sluice.benchmarks.Rounds;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** 100 devices with 100 tags every 20 ms, durable: how much of it arrives, and whether anything is missing. */
public final class OfferedLoad implements Benchmark {

    private static final int SERVERS = 100;
    private static final Duration POLL = Duration.ofMillis(20);
    private static final double OFFERED =
            (double) SERVERS * Contender.REGISTERS * Duration.ofSeconds(1).toMillis() / POLL.toMillis();

    @Override
    public String summary() {
        return "100 Modbus devices of 100 tags at 20 ms (500,000 readings/s), durable: the share that arrives";
    }

    @Override
    public List<Figure> run(Plan plan) throws IOException, InterruptedException {
        Rounds rounds = new Rounds();
        Contender sluice = new SluiceGateway(plan.root());
        try (Stage stage = Stage.modbus(SERVERS)) {
            for (int round = 1; round <= plan.rounds(); round++) {
                GatewayBenchmark.Observed observed =
                        GatewayBenchmark.observe(stage, sluice, SERVERS, POLL, plan.warmUp(), plan.measured());
                rounds.add("readings", sluice.name(), observed.readingsPerSecond());
                rounds.add("missing-polls", sluice.name(), observed.arrived().missing());
                rounds.add("cores", sluice.name(), observed.cores());
            }
        }
        rounds.write(plan.results().resolve("load.csv"));
        return List.of(
                Figure.of(
                        "load-readings",
                        "readings/s",
                        rounds.median("readings", sluice.name()),
                        "offered",
                        OFFERED,
                        "0.98",
                        "0.98"),
                Figure.of("load-missing", "polls", rounds.median("missing-polls", sluice.name()), "none", 1, "0", "0"));
    }
}

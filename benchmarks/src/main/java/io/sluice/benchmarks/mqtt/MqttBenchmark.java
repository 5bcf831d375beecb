package io.sluice.benchmarks.mqtt;

import io.sluice.benchmarks.Benchmark;
import io.sluice.benchmarks.Figure;
import io.sluice.benchmarks.Plan;
import io.sluice.benchmarks.Rounds;
import io.sluice.benchmarks.mqtt.Publisher.Contender;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * QoS 1, window 100: messages per second, and processor time per message of the client's whole process. Each client lives in a
 * process of its own, and they take turns: against mosquitto, and against a sink that only acknowledges.
 */
public final class MqttBenchmark implements Benchmark {

    private static final List<Integer> PAYLOAD_BYTES = List.of(256, 2048);
    /** Brokers times payloads: each gets its share of the warm-up. */
    private static final int CASES = 4;

    private static final double NANOS_PER_MICRO = 1e3;
    private static final double NANOS_PER_SECOND = 1e9;

    /** What is published to. */
    private record Target(String name, int port, ProcessHandle process) {

        double cpuSeconds() {
            return process.info().totalCpuDuration().orElseThrow().toNanos() / NANOS_PER_SECOND;
        }
    }

    @Override
    public String summary() {
        return "messages/s and CPU per message, QoS 1, window 100, beside bare Netty, HiveMQ's client and Paho";
    }

    @Override
    public List<Figure> run(Plan plan) throws Exception {
        Rounds rounds = new Rounds();
        Map<Contender, Worker> workers = new EnumMap<>(Contender.class);
        try (Broker mosquitto = new Broker();
                Worker sink = new Worker(Sink.class)) {
            List<Target> targets = List.of(
                    new Target("", mosquitto.port(), mosquitto.process()),
                    new Target("sink-", Integer.parseInt(sink.answer()), sink.process()));
            for (Contender contender : Contender.values()) {
                workers.put(contender, new Worker(PublisherProcess.class, contender.name()));
            }
            warmUp(workers, targets, plan);
            for (int round = 1; round <= plan.rounds(); round++) {
                System.err.println("round " + round + " of " + plan.rounds());
                round(workers, targets, plan, rounds);
            }
        } finally {
            for (Worker worker : workers.values()) {
                worker.close();
            }
        }
        rounds.write(plan.results().resolve("mqtt.csv"));
        return figures(rounds);
    }

    private static void warmUp(Map<Contender, Worker> workers, List<Target> targets, Plan plan) throws IOException {
        long millis = plan.warmUp().toMillis() / CASES;
        for (Worker worker : workers.values()) {
            for (Target target : targets) {
                for (int bytes : PAYLOAD_BYTES) {
                    worker.ask(question(target, bytes, millis));
                }
            }
        }
    }

    private static String question(Target target, int bytes, long millis) {
        return target.port() + " " + bytes + " " + millis;
    }

    private static void round(Map<Contender, Worker> workers, List<Target> targets, Plan plan, Rounds rounds)
            throws IOException {
        for (Target target : targets) {
            for (int bytes : PAYLOAD_BYTES) {
                for (Map.Entry<Contender, Worker> contender : workers.entrySet()) {
                    measure(contender.getKey(), contender.getValue(), target, bytes, plan, rounds);
                }
            }
        }
    }

    /** A rate is steady long before the 20 s that others take. */
    private static void measure(Contender contender, Worker worker, Target target, int bytes, Plan plan, Rounds rounds)
            throws IOException {
        long millis = plan.measured().toMillis() / CASES;
        double cpuBefore = target.cpuSeconds();
        long begin = System.nanoTime();
        String[] answer = worker.ask(question(target, bytes, millis)).split(" ");
        double seconds = (System.nanoTime() - begin) / NANOS_PER_SECOND;
        double messages = Long.parseLong(answer[0]);
        String of = target.name() + bytes;
        rounds.add("rate-" + of, name(contender), messages * NANOS_PER_SECOND / Long.parseLong(answer[2]));
        rounds.add("cpu-" + of, name(contender), Long.parseLong(answer[1]) / messages / NANOS_PER_MICRO);
        rounds.add("broker-cores-" + of, name(contender), (target.cpuSeconds() - cpuBefore) / seconds);
    }

    private static List<Figure> figures(Rounds rounds) {
        List<Figure> figures = new ArrayList<>();
        for (String target : List.of("", "sink-")) {
            for (int bytes : PAYLOAD_BYTES) {
                String of = target + bytes;
                figures.addAll(figures(rounds, "rate-" + of, "messages/s", "0.9", "0.98"));
                figures.addAll(figures(rounds, "cpu-" + of, "us/message", "1.25", "1.1"));
            }
        }
        return figures;
    }

    private static List<Figure> figures(Rounds rounds, String value, String unit, String must, String aim) {
        return List.of(
                figure(rounds, value, unit, Contender.BARE, must, aim),
                figure(rounds, value, unit, Contender.CODEC, "-", "-"),
                figure(rounds, value, unit, Contender.HIVEMQ, "1", "-"),
                figure(rounds, value, unit, Contender.PAHO, "1", "-"));
    }

    private static Figure figure(Rounds rounds, String value, String unit, Contender peer, String must, String aim) {
        double ours = rounds.median(value, name(Contender.SLUICE));
        return Figure.of("mqtt-" + value, unit, ours, name(peer), rounds.median(value, name(peer)), must, aim);
    }

    private static String name(Contender contender) {
        return contender.name().toLowerCase(Locale.ROOT);
    }
}

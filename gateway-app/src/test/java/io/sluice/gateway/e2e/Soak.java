package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.field.ModbusField;
import io.sluice.gateway.receiver.Receiver;
import io.sluice.gateway.runtime.Settings;
import io.sluice.mqtt.MqttOptions;
import io.sluice.mqtt.TransportOptions;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.StreamVerdict;
import io.sluice.telemetry.TagTables;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.Verifier;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/**
 * What {@code tools/soak} runs: a gateway as users start it, under load for long, its line to the broker cut at random
 * times. Three parties count: the field what it has answered, the gateway its balance, the receiver what came; in the end
 * all three must say the same.
 */
class Soak {

    private static final int TAGS = 100;
    private static final int POLLS_PER_SECOND = 10;
    private static final int READINGS_PER_DEVICE = TAGS * POLLS_PER_SECOND;
    private static final int SAMPLES = 60;
    /** Until code is compiled and pools have their size, which takes minutes, memory is not judged. */
    private static final double WARM_UP = 0.25;

    private static final int SHORTEST_JUDGED_MINUTES = 20;
    private static final double MOST_GROWTH = 0.05;
    private static final double LEAST_NOTED_MEBIBYTES = 1;
    /** Rows that wait lie in memory too, up to a limit: what is compared is a gateway that has caught up. */
    private static final long CATCH_UP_NANOS = TimeUnit.SECONDS.toNanos(4);

    private static final double LEAST_RATE = 0.95;
    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(15);

    private final int minutes = Integer.getInteger("sluice.soak.minutes", 1);
    private final int rate = Integer.getInteger("sluice.soak.rate", 20_000);
    private final int devices = rate / READINGS_PER_DEVICE;
    private final long seed = Long.getLong("sluice.soak.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final List<String> faults = new ArrayList<>();

    @TempDir
    Path directory;

    private int cuts;
    private long cutMillis;

    /** Counts what comes, apart from the verifier. Written by the receiver's thread, read after its end. */
    private static final class Seen implements Receiver.Display {
        final Map<String, BitSet> answers = new HashMap<>();
        final List<String> notes = new ArrayList<>();
        long messages;
        long readings;
        long bad;
        volatile boolean any;

        @Override
        public void message(Message message, TagTables tags, Verifier.Arrival arrival) {
            boolean isNew = arrival == Verifier.Arrival.NEW || arrival == Verifier.Arrival.OUT_OF_ORDER;
            if (message.sequence() > 0 && isNew) {
                messages++;
                any = true;
                if (message.body() instanceof Message.Batch batch) {
                    batch(message, batch, tags);
                }
            }
        }

        private void batch(Message message, Message.Batch batch, TagTables tags) {
            readings += batch.readings().size();
            for (Message.Reading reading : batch.readings()) {
                if (reading.status().quality() != Status.Quality.GOOD) {
                    bad++;
                } else if (reading.value() instanceof Value.Unsigned(long number)
                        && tags.find(message.gateway(), message.device(), message.epoch(), reading.alias())
                                .orElseThrow()
                                .name()
                                .equals("answer")) {
                    answers.computeIfAbsent(message.device(), _ -> new BitSet()).set((int) number);
                }
            }
        }

        @Override
        public void note(String text) {
            notes.add(text);
        }
    }

    @Test
    void underLoadWithCutsMemoryIsFlatAndTheBalanceIsExact() throws Exception {
        say("%d minutes at %,d readings a second from %d devices, seed %d", minutes, rate, devices, seed);
        Seen seen = new Seen();
        try (Mosquitto broker =
                        Mosquitto.start(directory.resolve("broker"), "persistence false", "autosave_on_changes false");
                CutLine line = new CutLine(broker.port());
                ModbusField field = new ModbusField(devices)) {
            serve(field);
            Receiver receiver = receiver(broker.port(), seen);
            Thread thread = Thread.ofPlatform().name("receiver").daemon().start(() -> listen(receiver));
            receiver.awaitSubscribed(Duration.ofSeconds(10));
            write(line.port(), field);
            try (Peer gateway = launch()) {
                await("the first message").atMost(Peer.PATIENCE).until(() -> seen.any);
                Footprint footprint = new Footprint(directory, gateway.pid());
                double seconds = soak(gateway, line, footprint);
                field.beQuiet();
                line.become(CutLine.State.CARRIES);
                awaitEmpty(gateway);
                gateway.terminate();
                assertThat(gateway.awaitExit(Peer.PATIENCE))
                        .as(gateway.transcript())
                        .isZero();
                TimeUnit.SECONDS.sleep(2); // what the broker has acknowledged may still be on its way here
                receiver.stop();
                thread.join(10_000);
                keep(footprint, gateway);
                judgeBalance(status(), seen, field, receiver.verifier().verdict(), seconds);
                judgeMemory(footprint);
            }
        }
        say(faults.isEmpty() ? "PASSED" : "FAILED: %s", String.join("; ", faults));
        assertThat(faults).isEmpty();
    }

    // ---- the parties

    private static Receiver receiver(int port, Seen seen) {
        MqttOptions options = Settings.listener(
                List.of(URI.create("mqtt://127.0.0.1:" + port)),
                MqttOptions.Version.MQTT_5,
                "soak-receiver",
                Optional.empty(),
                TransportOptions.defaults());
        return new Receiver(options, List.of("sluice/v1/+/data/+", "sluice/v1/+/birth/#"), seen);
    }

    private static void listen(Receiver receiver) {
        try {
            receiver.run(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void serve(ModbusField field) {
        Thread.ofPlatform().name("field").daemon().start(() -> {
            try {
                field.serve();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private void write(int port, ModbusField field) throws IOException {
        List<String> profile = new ArrayList<>(List.of(
                "schema: 1",
                "profile: counting",
                "protocol: modbus",
                "title: Answers that are counted",
                "defaults: { table: holding, type: uint16 }",
                "tags:",
                "  answer: { address: %d, type: uint32 }".formatted(ModbusField.COUNTER)));
        for (int i = 1; i < TAGS; i++) {
            profile.add("  r%d: { address: %d }".formatted(i, ModbusField.COUNTER + 1 + i));
        }
        Files.write(directory.resolve("counting.yaml"), profile);
        List<String> lines = new ArrayList<>(List.of(
                "schema: 1",
                "gateway: { id: soak }",
                "northbound:",
                "  broker: { brokers: [ \"mqtt://127.0.0.1:%d\" ], reconnect-max: 2s }".formatted(port),
                "outbox: { directory: outbox, min-free: 1MiB }",
                "devices:"));
        for (int i = 0; i < devices; i++) {
            lines.add(("  - { id: %s, profile: ./counting.yaml, poll: %dms,"
                            + " connection: { host: 127.0.0.1, port: %d, timeout: 10s } }")
                    .formatted(device(i), 1_000 / POLLS_PER_SECOND, field.port(i)));
        }
        Files.write(directory.resolve("gateway.yaml"), lines);
    }

    private static String device(int i) {
        return "field-" + i;
    }

    /** With the launcher, its flags and its cache. */
    private Peer launch() {
        String launcher = Needs.repository().resolve("sluice").toString();
        return Peer.start("sluice run", directory, launcher, "run", "gateway.yaml");
    }

    private JsonNode status() {
        try (Peer command = Sluice.start(directory, "status", "gateway.yaml", "--json")) {
            command.awaitExit(Peer.PATIENCE);
            return new ObjectMapper().readTree(String.join("\n", command.output()));
        }
    }

    // ---- the time under load

    /** @return how long it took, in seconds */
    private double soak(Peer gateway, CutLine line, Footprint footprint) throws Exception {
        long begin = System.nanoTime();
        long end = begin + TimeUnit.MINUTES.toNanos(minutes);
        long sampleNanos = TimeUnit.MINUTES.toNanos(minutes) / SAMPLES;
        long nextSample = begin + sampleNanos;
        CutLine.State state = CutLine.State.CARRIES;
        long caughtUp = begin;
        long nextState = begin + TimeUnit.SECONDS.toNanos(5 + random.nextInt(15));
        for (long now = begin; now < end; now = System.nanoTime()) {
            assertThat(gateway.isAlive()).as(gateway.transcript()).isTrue();
            if (now >= nextState) {
                boolean cut = state == CutLine.State.CARRIES;
                state = !cut ? CutLine.State.CARRIES : random.nextBoolean() ? CutLine.State.DEAD : CutLine.State.SILENT;
                line.become(state);
                long millis = cut ? 500 + random.nextInt(20_000) : 5_000 + random.nextInt(55_000);
                nextState = now + TimeUnit.MILLISECONDS.toNanos(millis);
                caughtUp = now + CATCH_UP_NANOS;
                cuts += cut ? 1 : 0;
                cutMillis += cut ? millis : 0;
            }
            if (now >= nextSample && state == CutLine.State.CARRIES && now - caughtUp >= 0) {
                nextSample += sampleNanos;
                sample(footprint, (now - begin) / 60e9);
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return (System.nanoTime() - begin) / 1e9;
    }

    private void sample(Footprint footprint, double minute) throws IOException {
        Footprint.Sample sample = footprint.take(minute);
        say(
                "after %5.1f min: resident %6.1f MiB, heap after a full collection %5.1f MiB, %d cuts",
                minute, sample.residentMebibytes(), sample.heapMebibytes(), cuts);
    }

    /** The devices have been told to be offline, and all of it is with the broker. */
    private void awaitEmpty(Peer gateway) {
        await("an empty outbox")
                .atMost(DRAIN_LIMIT)
                .pollInterval(Duration.ofSeconds(2))
                .failFast(() -> !gateway.isAlive())
                .until(() -> {
                    JsonNode status = status();
                    long offline = status.path("devices")
                            .valueStream()
                            .filter(device -> !device.path("state").asString().equals("online"))
                            .count();
                    return offline == devices && messages(status, "pending") == 0 && readings(status, "inHandOff") == 0;
                });
    }

    private static long messages(JsonNode status, String what) {
        return status.path("balance").path("messages").path(what).asLong();
    }

    private static long readings(JsonNode status, String what) {
        return status.path("balance").path("readings").path(what).asLong();
    }

    // ---- the verdict

    private void judgeBalance(
            JsonNode status, Seen seen, ModbusField field, List<StreamVerdict> verdicts, double seconds) {
        long offered = readings(status, "offered");
        say(
                "%,d readings offered, %,.0f a second; the line was cut %d times, for %.0f s in all",
                offered, offered / seconds, cuts, cutMillis / 1e3);
        say("gateway's balance: %s", status.path("balance"));
        say(
                "receiver: %,d messages with a number, %,d readings, %,d of them bad; %,d repeated, %,d missing, %,d lost,"
                        + " %,d pending, %,d out of order in %d streams",
                seen.messages,
                seen.readings,
                seen.bad,
                sum(verdicts, StreamVerdict::duplicates),
                sum(verdicts, StreamVerdict::missing),
                sum(verdicts, StreamVerdict::lost),
                sum(verdicts, StreamVerdict::pending),
                sum(verdicts, StreamVerdict::outOfOrder),
                verdicts.size());
        must(offered >= LEAST_RATE * rate * seconds, "the rate was not reached: this machine was too busy");
        for (String balance : List.of("messages", "readings")) {
            JsonNode counts = status.path("balance").path(balance);
            long came = balance.equals("messages") ? seen.messages : seen.readings;
            must(counts.path("stored").asLong() == came, balance + ": stored is not what came");
            must(counts.path("acknowledged").asLong() == came, balance + ": acknowledged is not what came");
        }
        must(offered == seen.readings, "offered is not what came");
        must(seen.messages == sum(verdicts, StreamVerdict::last), "numbers given are not what came");
        must(
                verdicts.stream().allMatch(v -> v.complete() && v.pending() == 0 && v.first() == 1),
                "the verifier: " + verdicts);
        judgeAnswers(seen, field);
        must(seen.notes.size() == 1, "the receiver was disturbed: " + seen.notes);
    }

    /** Every answer of the field came, and nothing else. */
    private void judgeAnswers(Seen seen, ModbusField field) {
        long answered = 0;
        for (int i = 0; i < devices; i++) {
            BitSet came = seen.answers.getOrDefault(device(i), new BitSet());
            long answers = field.answers(i);
            answered += answers;
            must(
                    came.cardinality() == answers && came.length() == answers + 1,
                    "%s answered %d times, %d came".formatted(device(i), answers, came.cardinality()));
        }
        say("field: %,d answers of %d values, each of which came", answered, TAGS);
        must(seen.readings - seen.bad == answered * TAGS, "good readings are not what the field answered");
    }

    private void judgeMemory(Footprint footprint) {
        if (minutes < SHORTEST_JUDGED_MINUTES) {
            say("memory is not judged in less than %d minutes", SHORTEST_JUDGED_MINUTES);
            return;
        }
        double from = minutes * WARM_UP;
        flat("resident", footprint.trend(from, Footprint.Sample::residentMebibytes));
        flat("heap after a full collection", footprint.trend(from, Footprint.Sample::heapMebibytes));
    }

    private void flat(String what, Footprint.Trend trend) {
        say(
                "memory, %s: from %.1f to %.1f MiB after the first quarter, by the least-squares line: %+.1f %%",
                what, trend.first(), trend.last(), 100 * trend.growth() / trend.first());
        must(trend.growth() <= Math.max(LEAST_NOTED_MEBIBYTES, MOST_GROWTH * trend.first()), what + " grows");
    }

    private void must(boolean holds, String fault) {
        if (!holds) {
            faults.add(fault);
        }
    }

    private static long sum(List<StreamVerdict> verdicts, ToLongFunction<StreamVerdict> count) {
        return verdicts.stream().mapToLong(count).sum();
    }

    private static void say(String format, Object... arguments) {
        System.out.println("soak: " + String.format(Locale.ROOT, format, arguments));
    }

    /** The samples and what the gateway said, for whoever asks why. */
    private static void keep(Footprint footprint, Peer gateway) throws IOException {
        Path kept = Files.createDirectories(Path.of("target", "soak"));
        List<String> lines = new ArrayList<>(List.of("minute,resident_mib,heap_mib"));
        footprint
                .samples()
                .forEach(s -> lines.add(String.format(
                        Locale.ROOT, "%.2f,%.2f,%.2f", s.minute(), s.residentMebibytes(), s.heapMebibytes())));
        Files.write(kept.resolve("memory.csv"), lines);
        Files.writeString(kept.resolve("gateway.log"), gateway.transcript());
    }
}

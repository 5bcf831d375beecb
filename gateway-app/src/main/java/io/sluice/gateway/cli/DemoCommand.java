package io.sluice.gateway.cli;

import io.sluice.gateway.config.ConfigLoader;
import io.sluice.gateway.config.Protocols;
import io.sluice.gateway.control.ExitCodes;
import io.sluice.gateway.demo.CabinetSimulator;
import io.sluice.gateway.demo.EmbeddedBroker;
import io.sluice.gateway.demo.EnergyMeter;
import io.sluice.gateway.demo.PressServer;
import io.sluice.gateway.receiver.Lines;
import io.sluice.gateway.receiver.Receiver;
import io.sluice.gateway.runtime.Gateway;
import io.sluice.gateway.runtime.Settings;
import io.sluice.mqtt.MqttOptions;
import io.sluice.mqtt.TransportOptions;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.StreamVerdict;
import io.sluice.telemetry.TagTables;
import io.sluice.telemetry.Verifier;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "demo",
        description =
                "Everything in one process: simulated Modbus, OPC UA and GPIO devices, a broker, the gateway, and a"
                        + " receiver that prints what arrives and ends with its verdict.",
        mixinStandardHelpOptions = true,
        exitCodeListHeading = "Exit codes:%n",
        exitCodeList = {"0:everything arrived", "1:something did not"})
final class DemoCommand implements Callable<Integer> {

    private static final Duration FIRST_CONNECT = Duration.ofSeconds(10);
    private static final Duration LAST_MESSAGES = Duration.ofMillis(700);

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "gateway.yaml",
            description = "another configuration for the demo's devices (default: examples/demo/gateway.yaml)")
    private @Nullable Path file;

    @Option(names = "--duration", paramLabel = "TIME", description = "stop after, for example 30s (default: Ctrl-C)")
    private @Nullable String duration;

    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch concluded = new CountDownLatch(1);
    private final AtomicInteger exitCode = new AtomicInteger(ExitCodes.INCOMPLETE);

    @Override
    public Integer call() throws IOException, InterruptedException {
        Optional<Duration> limit = Optional.empty();
        if (duration != null) {
            limit = Durations.parse(duration);
            if (limit.isEmpty()) {
                Listening.note(err(), "bad duration '" + duration + "', expected for example 30s or 5m");
                return ExitCodes.USAGE;
            }
        }
        Runtime.getRuntime().addShutdownHook(new Thread(this::askedToStop, "shutdown"));
        Path scratch = Files.createTempDirectory("sluice-demo");
        try (EmbeddedBroker broker = new EmbeddedBroker(scratch);
                EnergyMeter meter = new EnergyMeter(RandomGenerator.getDefault());
                PressServer press = PressServer.start();
                CabinetSimulator cabinet = new CabinetSimulator(RandomGenerator.getDefault())) {
            Map<String, String> environment = new HashMap<>(System.getenv());
            environment.put("DEMO_MQTT_PORT", Integer.toString(broker.port()));
            environment.put("DEMO_MODBUS_PORT", Integer.toString(meter.port()));
            environment.put("DEMO_OPCUA_PORT", Integer.toString(press.port()));
            environment.put("STATE_DIRECTORY", scratch.resolve("outbox").toString());
            Protocols protocols = Protocols.installed().with(cabinet.adapterFactory());
            exitCode.set(run(broker.port(), environment, protocols, limit));
        } finally {
            delete(scratch);
            concluded.countDown();
        }
        return exitCode.get();
    }

    private int run(int brokerPort, Map<String, String> environment, Protocols protocols, Optional<Duration> limit)
            throws InterruptedException {
        Optional<Configured> configured = Configured.load(
                file == null ? Home.example("demo/gateway.yaml") : file,
                ConfigLoader.Mode.RUN,
                environment,
                protocols,
                err());
        if (configured.isEmpty()) {
            return ExitCodes.CONFIG;
        }
        Display display = new Display();
        Receiver receiver = new Receiver(
                Settings.listener(
                        List.of(URI.create("mqtt://127.0.0.1:" + brokerPort)),
                        MqttOptions.Version.MQTT_5,
                        "demo-receiver",
                        Optional.empty(),
                        TransportOptions.defaults()),
                List.of("sluice/v1/#"),
                display);
        Thread receiving = Thread.ofPlatform().name("demo-receiver").start(() -> receive(receiver));
        Gateway gateway =
                new Gateway(configured.get().config(), configured.get().plans(), Version.text(), (thread, bug) -> {
                    Listening.note(err(), "thread " + thread + " failed: " + bug);
                    stopAsked.countDown();
                });
        out().println("time              device        tag             value                   quality    message");
        out().flush();
        receiver.awaitSubscribed(FIRST_CONNECT);
        gateway.start();
        stopAsked.await(limit.map(Duration::toMillis).orElse(Long.MAX_VALUE), TimeUnit.MILLISECONDS);
        gateway.stop();
        receiving.join(LAST_MESSAGES);
        receiver.stop();
        return verdict(receiver.verifier().verdict(), configured.get(), display.seen);
    }

    private void receive(Receiver receiver) {
        try {
            receiver.run(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private int verdict(List<StreamVerdict> streams, Configured configured, Set<String> seen) {
        out().println();
        out().println("verdict:");
        Lines.of(streams).forEach(out()::println);
        List<String> silent = configured.config().devices().stream()
                .map(d -> d.id())
                .filter(id -> !seen.contains(id))
                .toList();
        if (!silent.isEmpty()) {
            out().println("no reading arrived from: " + String.join(", ", silent));
        }
        out().flush();
        boolean complete = silent.isEmpty() && streams.stream().allMatch(v -> v.complete() && v.pending() == 0);
        return complete ? ExitCodes.OK : ExitCodes.INCOMPLETE;
    }

    private final class Display implements Receiver.Display {

        /** Devices of which a reading with a value has come. */
        private final Set<String> seen = new HashSet<>();

        @Override
        public void message(Message message, TagTables tags, Verifier.Arrival arrival) {
            if (message.body() instanceof Message.Batch batch
                    && batch.readings().stream().anyMatch(r -> r.value() != null)) {
                seen.add(message.device());
            }
            Lines.of(message, tags, null).forEach(out()::println);
            out().flush();
        }

        @Override
        public void note(String text) {
            Listening.note(err(), text);
        }
    }

    /** On Ctrl-C the JVM ends with its hooks, so this one waits for the orderly end and its exit code. */
    private void askedToStop() {
        stopAsked.countDown();
        try {
            if (concluded.await(10, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(exitCode.get());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void delete(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path path : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}

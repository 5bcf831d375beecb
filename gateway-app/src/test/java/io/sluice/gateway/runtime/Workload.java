package io.sluice.gateway.runtime;

import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.northbound.AliasTables;
import io.sluice.gateway.northbound.MqttPublisher;
import io.sluice.gateway.northbound.Topics;
import io.sluice.gateway.southbound.Aliases;
import io.sluice.gateway.time.SystemClock;
import io.sluice.mqtt.MqttClient;
import io.sluice.outbox.Entry;
import io.sluice.outbox.Forwarder;
import io.sluice.outbox.SqliteOutbox;
import io.sluice.telemetry.BatchBuilder;
import io.sluice.telemetry.Message.Origin;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The durable and the northbound half of a gateway, fed with numbers: the process that is killed, or the machine of which is
 * cut. It tells whoever started it, over a socket, what it is about to append and what it knows to be committed.
 *
 * <pre>
 * → e EPOCH            the outbox is open
 * ← go FIRST PAUSE     append from number FIRST on, in random groups, PAUSE ms apart
 * ← drain              append nothing, forward what waits, stop
 * → a FIRST LAST       these numbers are about to be appended
 * → c FIRST LAST       they are committed
 * → u FIRST LAST       they are, or they are counted as not stored: the disk failed meanwhile
 * → d                  drained and closed
 * </pre>
 *
 * Number n is a batch of the device {@code d0} to {@code d2}; its readings are n and its {@code n % 8} followers.
 */
final class Workload {

    private static final Duration DRAIN_LIMIT = Duration.ofMinutes(3);
    private static final int DEVICES = 3;

    private final GatewayConfig config;
    private final BufferedReader in;
    private final OutputStream out;
    private final SystemClock clock = new SystemClock();
    private final List<Integer> numbers = new ArrayList<>();

    private Workload(GatewayConfig config, Socket socket) throws IOException {
        this.config = config;
        this.in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        this.out = socket.getOutputStream();
    }

    /** Arguments: the gateway's file, host and port of the one who asks. */
    public static void main(String[] arguments) throws Exception {
        GatewayConfig config = GatewayFile.load(Path.of(arguments[0]));
        try (Socket socket = new Socket(arguments[1], Integer.parseInt(arguments[2]))) {
            socket.setTcpNoDelay(true);
            new Workload(config, socket).run();
        }
    }

    private void run() throws Exception {
        try (SqliteOutbox outbox = SqliteOutbox.open(Settings.outbox(config.outbox()))) {
            AliasTables tables = new AliasTables(outbox);
            Topics topics = new Topics(config.northbound().topic(), config.id(), config.labels(), Map.of());
            MqttPublisher publisher = new MqttPublisher(config, "workload", topics, tables, clock);
            try (Forwarder forwarder = new Forwarder(
                            outbox, publisher, Forwarder.Replay.LIVE_FIRST, OptionalInt.empty(), List.of());
                    MqttClient client = new MqttClient(Settings.mqtt(config.northbound()), publisher)) {
                publisher.start(client, forwarder);
                tell("e " + outbox.epoch());
                String[] order = in.readLine().split(" ");
                if (order[0].equals("drain")) {
                    drain(outbox);
                } else {
                    bind(tables, publisher);
                    append(outbox, Long.parseLong(order[1]), Integer.parseInt(order[2]));
                }
                forwarder.close();
                publisher.stop(Duration.ofSeconds(2));
            }
        }
        tell("d");
    }

    private void tell(String line) throws IOException {
        out.write((line + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    private void bind(AliasTables tables, MqttPublisher publisher) throws InterruptedException {
        TagDescriptor tag = new TagDescriptor(
                "n", ValueType.UNSIGNED, "", "", List.of(), OptionalDouble.empty(), OptionalDouble.empty(), "");
        for (int i = 0; i < DEVICES; i++) {
            Aliases aliases = tables.of("d" + i, publisher::named);
            numbers.add(aliases.bind(List.of(tag)).getFirst());
        }
    }

    private void append(SqliteOutbox outbox, long begin, int pauseMillis) throws Exception {
        Random random = new Random();
        for (long first = begin; ; ) {
            long last = first + random.nextInt(20);
            tell("a %d %d".formatted(first, last));
            Map<?, Long> lostBefore = outbox.balance().lostReadingsBeforeStoring();
            for (long n = first; n <= last; n++) {
                outbox.append("d" + n % DEVICES, batch(n));
            }
            outbox.flush().get();
            boolean stored = outbox.balance().lostReadingsBeforeStoring().equals(lostBefore);
            tell("%s %d %d".formatted(stored ? "c" : "u", first, last));
            first = last + 1;
            TimeUnit.MILLISECONDS.sleep(pauseMillis == 0 ? 0 : random.nextInt(pauseMillis));
        }
    }

    private Entry batch(long n) {
        long now = clock.now();
        BatchBuilder batch = new BatchBuilder(clock.state(), Origin.LIVE, now);
        int alias = numbers.get((int) (n % DEVICES));
        for (int i = 0; i <= n % 8; i++) {
            batch.add(alias, ValueType.UNSIGNED, new Value.Unsigned(n + i), Status.GOOD, now);
        }
        return new Entry.Data(batch.encode(), (int) (n % 8) + 1, now);
    }

    private static void drain(SqliteOutbox outbox) throws Exception {
        long end = System.nanoTime() + DRAIN_LIMIT.toNanos();
        while (outbox.balance().pendingMessages() > 0) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException("still pending: " + outbox.balance());
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
        // The heartbeat that carries the last settled comes a second later; the closing one comes at the stop.
        outbox.flush().get();
    }
}

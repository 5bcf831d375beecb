package io.sluice.gateway.northbound;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.outbox.Entry;
import io.sluice.outbox.Forwarder;
import io.sluice.outbox.OutboxSettings;
import io.sluice.outbox.Outcome;
import io.sluice.outbox.Outgoing;
import io.sluice.outbox.SqliteOutbox;
import io.sluice.telemetry.BatchBuilder;
import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.Epoch;
import io.sluice.telemetry.MalformedMessage;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.ProtobufCodec;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.StreamVerdict;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import io.sluice.telemetry.Verifier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.Size;

/**
 * Random histories of append, publish, acknowledge, reject, evict, kill, restore, clone and clock step, with a path behind the broker
 * that swallows messages: what the verifier calls missing was swallowed, what was swallowed is never called received, and each count is the truth.
 */
class VerdictPropertyTest {

    enum Action {
        APPEND,
        APPEND_MANY,
        KILL,
        STOP,
        SAVE_IMAGE,
        RESTORE_IMAGE,
        CLONE,
        CLOCK_STEP
    }

    private static final int LOG_HEADER_BYTES = 32;

    private record Name(String device, Epoch epoch, long sequence) {}

    private record Gateway(Path directory, SqliteOutbox outbox, Forwarder forwarder) {}

    private final AtomicLong wallSeconds = new AtomicLong(1_700_000_000L);
    private final AtomicLong randoms = new AtomicLong();
    private final List<Gateway> opened = new ArrayList<>();
    private Verifier verifier = new Verifier();
    private final Map<Name, String> contents = new HashMap<>();
    private final Set<Name> swallowed = new HashSet<>();
    private final Set<Name> onRecord = new HashSet<>();
    private final List<String> contradictions = new ArrayList<>();
    private long numbers;
    private int directories;

    @Property(tries = 40, shrinking = ShrinkingMode.OFF)
    void whatIsCalledMissingWasSwallowedAndWhatWasSwallowedIsNeverCalledReceived(
            @ForAll @Size(min = 5, max = 25) List<Action> history, @ForAll long seed) throws Exception {
        Path root = Files.createTempDirectory("verdict");
        begin();
        try {
            run(root, history, new Random(seed));
            check();
        } finally {
            opened.forEach(VerdictPropertyTest::close);
            delete(root);
        }
    }

    /** One object serves all tries. */
    private synchronized void begin() {
        wallSeconds.set(1_700_000_000L);
        opened.clear();
        verifier = new Verifier();
        contents.clear();
        swallowed.clear();
        onRecord.clear();
        contradictions.clear();
    }

    private void run(Path root, List<Action> history, Random random) throws Exception {
        List<Gateway> gateways = new ArrayList<>(List.of(open(root.resolve("g" + directories++), random)));
        append(gateways.getFirst(), random, 3);
        Path image = copy(root, gateways.getFirst());
        for (Action action : history) {
            int at = random.nextInt(gateways.size());
            Gateway gateway = gateways.get(at);
            switch (action) {
                case APPEND -> append(gateway, random, 1);
                case APPEND_MANY -> append(gateway, random, 40);
                case KILL -> {
                    Path files = copy(root, gateway);
                    close(gateway);
                    gateways.set(at, open(files, random));
                }
                case STOP -> {
                    close(gateway);
                    gateways.set(at, open(gateway.directory(), random));
                }
                case SAVE_IMAGE -> image = copy(root, gateway);
                case RESTORE_IMAGE -> {
                    close(gateway);
                    gateways.set(at, open(copy(root, image), random));
                }
                case CLONE -> {
                    if (gateways.size() < 3) {
                        gateways.add(open(copy(root, gateway), random));
                    }
                }
                case CLOCK_STEP -> wallSeconds.addAndGet(random.nextInt(-60_000_000, 60_000_000));
            }
        }
        gateways.forEach(VerdictPropertyTest::close);
    }

    private Gateway open(Path directory, Random seeds) {
        OutboxSettings settings = new OutboxSettings(
                directory, 8_000, Optional.empty(), 0, Duration.ZERO, OutboxSettings.WhenFull.DROP_OLDEST, 1 << 20);
        SqliteOutbox outbox = SqliteOutbox.open(
                settings,
                new SqliteOutbox.Host(
                        () -> wallSeconds.get() * 1_000_000_000L,
                        System::nanoTime,
                        randoms::incrementAndGet,
                        () -> "boot"));
        WireFormat format = new WireFormat("plant-7", "test", false, new AliasTables(outbox));
        Random fate = new Random(seeds.nextLong());
        Forwarder[] told = new Forwarder[1];
        Forwarder forwarder = new Forwarder(
                outbox,
                message -> published(message, format, fate, told[0]),
                Forwarder.Replay.LIVE_FIRST,
                OptionalInt.empty(),
                List.of("d0", "d1"));
        told[0] = forwarder;
        forwarder.connected(1, 20);
        Gateway gateway = new Gateway(directory, outbox, forwarder);
        opened.add(gateway);
        return gateway;
    }

    /** The broker and what lies behind it. Most messages arrive; some are acknowledged and swallowed, refused, or stay without answer. */
    private void published(Outgoing message, WireFormat format, Random fate, Forwarder forwarder) {
        boolean numbered = message.sequence() > 0;
        int dice = fate.nextInt(100);
        if (numbered && dice < 8) {
            forwarder.completed(message.position(), new Outcome.Rejected("poison"));
        } else if (numbered && dice < 12) {
            return; // no answer in this process's life
        } else if (numbered && dice < 20) {
            swallow(message);
            forwarder.completed(message.position(), new Outcome.Acknowledged());
        } else {
            deliver(message, format);
            if (message.position() != 0) {
                forwarder.completed(message.position(), new Outcome.Acknowledged());
            }
        }
    }

    private synchronized void swallow(Outgoing message) {
        swallowed.add(new Name(message.device(), Epochs.of(message.epoch()), message.sequence()));
    }

    private synchronized void deliver(Outgoing out, WireFormat format) {
        try {
            Message message = ProtobufCodec.decode(format.encode(out));
            verifier.accept(message);
            if (message.body() instanceof Message.LossRange range) {
                assertThat(range.firstEpoch())
                        .as("a range of one stream: %s", message)
                        .isEqualTo(range.lastEpoch());
                for (long number = range.first(); number <= range.last(); number++) {
                    onRecord.add(new Name(message.device(), range.firstEpoch(), number));
                }
            }
            if (message.sequence() > 0) {
                Name name = new Name(message.device(), message.epoch(), message.sequence());
                String content = message.body().toString();
                String before = contents.putIfAbsent(name, content);
                if (before != null && !before.equals(content)) {
                    contradictions.add(name + ": " + before + " and " + content);
                }
            }
        } catch (MalformedMessage e) {
            contradictions.add(out + ": " + e);
        }
    }

    private void append(Gateway gateway, Random random, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            BatchBuilder batch = new BatchBuilder(ClockState.UNKNOWN, Message.Origin.LIVE, 1);
            batch.add(1, ValueType.UNSIGNED, new Value.Unsigned(numbers++), Status.GOOD, 1);
            gateway.outbox().append("d" + random.nextInt(2), new Entry.Data(batch.encode(), 1, 1));
        }
        gateway.outbox().flush().get(10, TimeUnit.SECONDS);
    }

    private synchronized void check() {
        assertThat(contradictions).as("one content for each number").isEmpty();
        for (StreamVerdict verdict : verifier.verdict()) {
            checkAgainstTheTruth(verdict);
        }
    }

    private void checkAgainstTheTruth(StreamVerdict verdict) {
        List<Long> missing = new ArrayList<>();
        long received = 0;
        long pending = 0;
        long lost = 0;
        for (long number = verdict.first(); number <= verdict.last(); number++) {
            Name name = new Name(verdict.device(), verdict.epoch(), number);
            if (contents.containsKey(name)) {
                received++;
            } else if (number >= verdict.settled()) {
                pending++;
            } else if (onRecord.contains(name)) {
                lost++;
            } else {
                assertThat(swallowed).as("%s", verdict).contains(name);
                missing.add(number);
            }
        }
        assertThat(List.of(verdict.received(), verdict.pending(), verdict.lost()))
                .as("received, pending and lost of %s", verdict)
                .containsExactly(received, pending, lost);
        assertThat(verdict.missingNumbers()).as("%s", verdict).isEqualTo(missing);
    }

    private static void close(Gateway gateway) {
        gateway.forwarder().close();
        gateway.outbox().close();
    }

    /**
     * The files as they are now, while the gateway goes on: what a kill leaves, or what is on a cloned card. A log that was
     * begun anew meanwhile does not belong to the database that was copied before it, as it would at one moment: then again.
     */
    private Path copy(Path root, Gateway gateway) throws IOException {
        while (true) {
            byte[] before = beginOfLog(gateway.directory());
            Path copy = copy(root, gateway.directory());
            if (Arrays.equals(before, beginOfLog(gateway.directory()))) {
                return copy;
            }
        }
    }

    /** Its header, which is another one each time that it is begun anew. */
    private static byte[] beginOfLog(Path files) throws IOException {
        Path log = files.resolve("outbox.db-wal");
        if (!Files.exists(log)) {
            return new byte[0];
        }
        try (InputStream in = Files.newInputStream(log)) {
            return in.readNBytes(LOG_HEADER_BYTES);
        }
    }

    private Path copy(Path root, Path files) throws IOException {
        Path target = Files.createDirectories(root.resolve("g" + directories++));
        for (String name : List.of("outbox.db", "outbox.db-wal")) {
            if (Files.exists(files.resolve(name))) {
                Files.copy(files.resolve(name), target.resolve(name));
            }
        }
        return target;
    }

    private static void delete(Path root) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> {
                try {
                    Files.delete(file);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}

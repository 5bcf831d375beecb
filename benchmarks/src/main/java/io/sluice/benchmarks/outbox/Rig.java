package io.sluice.benchmarks.outbox;

import io.sluice.outbox.Entry;
import io.sluice.outbox.Forwarder;
import io.sluice.outbox.OutboxSettings;
import io.sluice.outbox.Outcome;
import io.sluice.outbox.Outgoing;
import io.sluice.outbox.SqliteOutbox;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** An outbox in an empty folder and its forwarder. */
final class Rig implements AutoCloseable {

    static final int WINDOW = 100;
    static final long HAND_OFF_BYTES = 4L << 20;
    private static final long LIMIT_BYTES = 8L << 30; // nothing is dropped

    /** Where messages go; answers once for each that has a position. */
    @FunctionalInterface
    interface Sink {
        Sink NOWHERE = (message, outcome) -> outcome.accept(new Outcome.Acknowledged());

        void publish(Outgoing message, Consumer<Outcome> outcome);
    }

    private final Path directory;
    private final SqliteOutbox outbox;
    private final Forwarder forwarder;
    private volatile @Nullable Forwarder told;
    private long connections;

    Rig(Duration flushInterval, long handOffBytes, Sink sink) throws IOException {
        directory = Files.createTempDirectory("sluice-outbox");
        outbox = SqliteOutbox.open(new OutboxSettings(
                directory,
                LIMIT_BYTES,
                Optional.empty(),
                0,
                flushInterval,
                OutboxSettings.WhenFull.DROP_OLDEST,
                handOffBytes));
        forwarder = new Forwarder(
                outbox, message -> publish(message, sink), Forwarder.Replay.LIVE_FIRST, OptionalInt.empty(), List.of());
        told = forwarder;
    }

    private void publish(Outgoing message, Sink sink) {
        Forwarder whom = told;
        if (message.position() != 0 && whom != null) {
            sink.publish(message, outcome -> whom.completed(message.position(), outcome));
        }
    }

    void connect() {
        connections++;
        forwarder.connected(connections, WINDOW);
    }

    void append(String device, byte[] body, int readings) throws InterruptedException {
        outbox.append(device, new Entry.Data(body, readings, System.currentTimeMillis() * 1_000_000));
    }

    long commits() {
        return outbox.view().statistics().commits();
    }

    long pending() {
        return outbox.balance().pendingMessages();
    }

    long stored() {
        return outbox.balance().storedMessages();
    }

    Path directory() {
        return directory;
    }

    @Override
    public void close() throws IOException {
        forwarder.close();
        outbox.close();
        delete(directory);
    }

    static void delete(Path directory) throws IOException {
        try (var files = Files.walk(directory)) {
            for (Path path : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}

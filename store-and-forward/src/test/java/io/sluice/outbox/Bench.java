package io.sluice.outbox;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/** What the tests of this package share: a machine whose clocks they set, small settings, readable bodies. */
final class Bench {

    /** Its monotonic clock runs by itself; the wall clock and the boot are what the test says. */
    static final class Machine {
        final AtomicLong wallSeconds = new AtomicLong(1_700_000_000L);
        final AtomicLong monotonicOffset = new AtomicLong();
        final AtomicLong randoms = new AtomicLong(1);
        String bootId = "boot-1";

        SqliteOutbox.Host host() {
            return new SqliteOutbox.Host(
                    () -> wallSeconds.get() * 1_000_000_000L,
                    () -> System.nanoTime() + monotonicOffset.get(),
                    randoms::getAndIncrement,
                    () -> bootId);
        }
    }

    private Bench() {}

    static OutboxSettings settings(Path directory) {
        return new OutboxSettings(
                directory,
                64L << 20,
                Optional.empty(),
                0,
                Duration.ZERO,
                OutboxSettings.WhenFull.DROP_OLDEST,
                4L << 20);
    }

    static OutboxSettings settings(Path directory, long maxBytes, OutboxSettings.WhenFull whenFull) {
        return new OutboxSettings(directory, maxBytes, Optional.empty(), 0, Duration.ZERO, whenFull, 4L << 20);
    }

    static Entry data(String text) {
        return new Entry.Data(text.getBytes(StandardCharsets.UTF_8), 10, 1_000L + text.length());
    }

    static Entry data(int bytes, int readings) {
        return new Entry.Data(new byte[bytes], readings, 1_000);
    }

    static String text(Outgoing message) {
        return message.content() instanceof Outgoing.Body body ? new String(body.bytes(), StandardCharsets.UTF_8) : "";
    }
}

package io.sluice.outbox;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * @param directory made if it does not exist
 * @param maxBytes limit of what is stored
 * @param minFreeBytes of the file system
 * @param flushInterval shortest time between two commits; zero: the next group commits as soon as the last has returned
 * @param handOffBytes bound of what waits for the next commit
 */
public record OutboxSettings(
        Path directory,
        long maxBytes,
        Optional<Duration> maxAge,
        long minFreeBytes,
        Duration flushInterval,
        WhenFull whenFull,
        long handOffBytes) {

    public enum WhenFull {
        DROP_OLDEST,
        DROP_NEWEST
    }

    public static OutboxSettings defaults(Path directory) {
        return new OutboxSettings(
                directory, 512L << 20, Optional.empty(), 256L << 20, Duration.ZERO, WhenFull.DROP_OLDEST, 4L << 20);
    }
}

package io.sluice.gateway.config;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How messages are kept until they are acknowledged.
 *
 * @param maxBytes limit of what is stored
 * @param maxAge messages older than this are dropped; empty: never
 * @param minFreeBytes of the file system
 * @param flushInterval shortest time between two commits
 * @param replayRate most messages of the backlog per second; empty: unlimited
 */
public record OutboxConfig(
        Path directory,
        long maxBytes,
        Optional<Duration> maxAge,
        long minFreeBytes,
        Duration flushInterval,
        WhenFull whenFull,
        Replay replay,
        OptionalInt replayRate) {

    public enum WhenFull {
        DROP_OLDEST,
        DROP_NEWEST
    }

    public enum Replay {
        LIVE_FIRST,
        IN_ORDER
    }
}

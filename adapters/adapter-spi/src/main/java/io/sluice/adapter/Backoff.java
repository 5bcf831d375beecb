package io.sluice.adapter;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** How long to wait after each failure: between 0.5 s and a limit that doubles from 1 s to 30 s, at random. Confined to one thread. */
public final class Backoff {

    private static final long FLOOR = Duration.ofMillis(500).toNanos();
    private static final long CEILING = Duration.ofSeconds(30).toNanos();

    private final RandomGenerator random;
    private long limit = 2 * FLOOR;

    public Backoff(RandomGenerator random) {
        this.random = random;
    }

    /** Nanoseconds to wait after one more failure. */
    public long next() {
        long wait = random.nextLong(FLOOR, limit + 1);
        limit = Math.min(CEILING, 2 * limit);
        return wait;
    }

    /** After a success. */
    public void reset() {
        limit = 2 * FLOOR;
    }
}

package io.sluice.mqtt;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait before the next attempt: exponential with full jitter, so that a fleet that lost its broker does not come
 * back as one wave. The bound starts again only after a connection that lived longer than the bound, so that a broker which
 * accepts and closes at once is not flooded.
 */
final class Backoff {

    private final long minMillis;
    private final long maxMillis;
    private final RandomGenerator random;
    private long boundMillis;

    Backoff(Duration min, Duration max, RandomGenerator random) {
        this.minMillis = min.toMillis();
        this.maxMillis = max.toMillis();
        this.random = random;
        this.boundMillis = minMillis;
    }

    /** Milliseconds until the next attempt, 0 to the bound, which doubles. */
    long next() {
        long wait = random.nextLong(boundMillis + 1);
        boundMillis = Math.min(maxMillis, boundMillis * 2);
        return wait;
    }

    /** Milliseconds until the next attempt after an answer that can only change when somebody acts: the longer half. */
    long slow() {
        return maxMillis / 2 + random.nextLong(maxMillis - maxMillis / 2 + 1);
    }

    /** A connection stood for {@code millis}. */
    void lived(long millis) {
        if (millis >= boundMillis) {
            boundMillis = minMillis;
        }
    }
}

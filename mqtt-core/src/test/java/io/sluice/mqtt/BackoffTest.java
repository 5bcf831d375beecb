package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private static Backoff backoff(long seed) {
        return new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), new SplittableRandom(seed));
    }

    /** The waits of a thousand clients, each at its {@code n}th failure. */
    private static LongStream waits(int n) {
        return LongStream.range(0, 1000).map(seed -> {
            Backoff backoff = backoff(seed);
            for (int i = 1; i < n; i++) {
                backoff.next();
            }
            return backoff.next();
        });
    }

    @Test
    void theBoundDoublesAtEachFailureUpToTheLast() {
        assertThat(waits(1).max().orElseThrow()).isBetween(450L, 500L);
        assertThat(waits(2).max().orElseThrow()).isBetween(900L, 1000L);
        assertThat(waits(7).max().orElseThrow()).isBetween(27_000L, 30_000L);
        assertThat(waits(20).max().orElseThrow()).isBetween(27_000L, 30_000L);
    }

    @Test
    void aFleetComesBackSpreadOverTheWholeRange() {
        assertThat(waits(7).filter(wait -> wait < 15_000).count()).isBetween(400L, 600L);
        assertThat(waits(7).min().orElseThrow()).isLessThan(1_000);
    }

    @Test
    void onlyAConnectionThatLivedLongerThanTheBoundStartsItAgain() {
        Backoff backoff = backoff(1);
        for (int i = 0; i < 10; i++) {
            backoff.next();
        }
        backoff.lived(29_999);
        assertThat(LongStream.range(0, 50).map(i -> backoff.next()).max().orElseThrow())
                .isGreaterThan(500);

        backoff.lived(30_000);

        assertThat(backoff.next()).isLessThanOrEqualTo(500);
    }

    @Test
    void whatCannotSucceedWaitsInTheLongerHalfSpreadOverTheFleet() {
        long[] waits =
                LongStream.range(0, 1000).map(seed -> backoff(seed).slow()).toArray();

        assertThat(LongStream.of(waits).min().orElseThrow()).isBetween(15_000L, 16_000L);
        assertThat(LongStream.of(waits).max().orElseThrow()).isBetween(29_000L, 30_000L);
    }
}

package io.sluice.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;

class ClockWatchTest {

    private final FakeKernel kernel = new FakeKernel();
    private final SystemClock clock = new SystemClock(kernel, () -> LeapSeconds.NONE);
    private final BlockingQueue<ClockChange> changes = new LinkedBlockingQueue<>();
    private final BlockingQueue<Throwable> bugs = new LinkedBlockingQueue<>();

    @Test
    void tellsOfAStepByItself() {
        try (ClockWatch watch = new ClockWatch(clock, Duration.ofMillis(5), changes::add, bugs::add)) {
            kernel.step(60_000_000_000L);

            await().until(() -> !changes.isEmpty());
        }

        assertThat(changes).extracting(ClockChange::shiftNanos).containsExactly(60_000_000_000L);
        assertThat(bugs).isEmpty();
    }

    @Test
    void reportsAnExceptionOfItsListenerAsABug() {
        RuntimeException bug = new IllegalStateException("listener");
        try (ClockWatch watch = new ClockWatch(
                clock,
                Duration.ofMillis(5),
                change -> {
                    throw bug;
                },
                bugs::add)) {
            kernel.step(60_000_000_000L);

            await().until(() -> !bugs.isEmpty());
        }

        assertThat(bugs).containsExactly(bug);
    }
}

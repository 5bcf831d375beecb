package io.sluice.gateway.time;

import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Samples a {@link SystemClock} once a second on its own thread, {@code clock-watch}, and tells of changes. */
public final class ClockWatch implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ClockWatch.class);

    private final SystemClock clock;
    private final Duration interval;
    private final Consumer<ClockChange> changes;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    /**
     * @param changes called on the thread {@code clock-watch}; must not wait long
     * @param bugs told of an exception of {@code changes}; the watch has ended then
     */
    public ClockWatch(SystemClock clock, Consumer<ClockChange> changes, Consumer<Throwable> bugs) {
        this(clock, Duration.ofSeconds(1), changes, bugs);
    }

    ClockWatch(SystemClock clock, Duration interval, Consumer<ClockChange> changes, Consumer<Throwable> bugs) {
        this.clock = clock;
        this.interval = interval;
        this.changes = changes;
        this.thread = Thread.ofPlatform().name("clock-watch").daemon().start(() -> run(bugs));
    }

    private void run(Consumer<Throwable> bugs) {
        try {
            while (!stop.await(interval.toNanos(), TimeUnit.NANOSECONDS)) {
                clock.sample(this::tell);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            bugs.accept(e);
        }
    }

    private void tell(ClockChange change) {
        OptionalInt offset = change.state().currentUtcOffset();
        LOG.warn(
                "The clock was stepped by {} ms; TAI - UTC is {}; clock generation {}",
                change.shiftNanos() / 1_000_000,
                offset.isPresent() ? offset.getAsInt() + " s" : "not known",
                change.state().generation());
        changes.accept(change);
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.sluice.adapter.gpio;

import io.sluice.adapter.AdapterContext;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** The adapter's own thread, {@code gpio-timer}: opens chips, reads lines at intervals, ends debounce times. */
final class Timetable implements AutoCloseable {

    /** Work that may wait for room in a queue. */
    @FunctionalInterface
    interface Task {
        void run() throws InterruptedException;
    }

    private static final String NAME = "gpio-timer";

    private final AdapterContext.BugReporter bugs;
    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().name(NAME).daemon().factory());

    Timetable(AdapterContext.BugReporter bugs) {
        this.bugs = bugs;
        executor.setRemoveOnCancelPolicy(true);
    }

    /** Any thread. Ignored after the end. */
    void after(long nanos, Task task) {
        try {
            var _ = executor.schedule(() -> run(task), nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException ended) {
            assert executor.isShutdown();
        }
    }

    void every(Duration interval, Task task) {
        var _ = executor.scheduleAtFixedRate(
                () -> run(task), interval.toNanos(), interval.toNanos(), TimeUnit.NANOSECONDS);
    }

    private void run(Task task) {
        try {
            task.run();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            bugs.report(NAME, e);
        }
    }

    /** Ends within a second, also in the middle of a task. */
    @Override
    public void close() {
        executor.shutdownNow();
        try {
            boolean ended = executor.awaitTermination(1, TimeUnit.SECONDS);
            assert ended || executor.isShutdown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

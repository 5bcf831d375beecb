package io.sluice.gateway.cli;

import io.sluice.gateway.config.ConfigLoader;
import io.sluice.gateway.config.Protocols;
import io.sluice.gateway.control.Desk;
import io.sluice.gateway.control.ExitCodes;
import io.sluice.gateway.runtime.Gateway;
import io.sluice.gateway.runtime.GatewayStatus;
import io.sluice.gateway.runtime.HeapTrim;
import io.sluice.gateway.systemd.Notifier;
import io.sluice.gateway.time.SystemClock;
import io.sluice.outbox.OutboxException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway in the foreground, from its configuration to SIGTERM. It knows nothing of the command line, so that starting
 * a gateway does not load what parses one.
 */
public final class Foreground {

    private static final Logger log = LoggerFactory.getLogger(Foreground.class);

    private static final long RETRY_SECONDS = 2;

    private final Path file;
    private final PrintWriter err;
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<Throwable> bug = new AtomicReference<>();
    private volatile int exit = ExitCodes.SOFTWARE;

    /**
     * @param err where problems of the configuration are printed
     */
    public Foreground(Path file, PrintWriter err) {
        this.file = file;
        this.err = err;
    }

    /** Returns the exit code. */
    public int run() throws InterruptedException {
        Optional<Configured> configured =
                Configured.load(file, ConfigLoader.Mode.RUN, System.getenv(), Protocols.installed(), err);
        if (configured.isEmpty()) {
            return ExitCodes.CONFIG;
        }
        Thread.setDefaultUncaughtExceptionHandler((thread, found) -> bugFound(thread.getName(), found));
        Runtime.getRuntime().addShutdownHook(new Thread(this::askedToStop, "shutdown"));
        try (Notifier notifier = Notifier.of(System.getenv());
                Inspection inspection = new Inspection(configured.get().config())) {
            exit = run(configured.get(), notifier, inspection);
        } finally {
            stopped.countDown();
        }
        return exit;
    }

    private int run(Configured configured, Notifier notifier, Inspection inspection) throws InterruptedException {
        Optional<Gateway> opened;
        try {
            opened = open(configured, notifier, inspection);
        } catch (OutboxException e) {
            err.println("sluice: " + e.getMessage());
            err.flush();
            return ExitCodes.CANNOT_CREATE;
        }
        if (opened.isPresent()) {
            Gateway gateway = opened.get();
            gateway.start();
            notifier.ready();
            inspection.answer(new Inspection.Answers(new Desk(gateway), gateway::status));
            watch(gateway, notifier);
            inspection.close();
            notifier.stopping();
            gateway.stop();
        }
        return bug.get() == null ? ExitCodes.OK : ExitCodes.SOFTWARE;
    }

    /**
     * The gateway with its outbox open. A disk that is full, read-only or failing is waited for: the process lives and says
     * what it waits for, and the next start record will name the time that is missing.
     *
     * @return empty if a stop was asked for meanwhile
     */
    private Optional<Gateway> open(Configured configured, Notifier notifier, Inspection inspection)
            throws InterruptedException {
        SystemClock clock = new SystemClock();
        long startedNanos = clock.monotonic();
        String told = "";
        do {
            try {
                Gateway gateway = new Gateway(configured.config(), configured.plans(), Version.text(), this::bugFound);
                if (!told.isEmpty()) {
                    log.info("the outbox could be opened");
                }
                return Optional.of(gateway);
            } catch (OutboxException e) {
                if (!e.mayPass()) {
                    throw e;
                }
                String why = String.valueOf(e.getMessage());
                if (!why.equals(told)) {
                    log.error("{}; devices are not read until then, it is tried again every {} s", why, RETRY_SECONDS);
                }
                told = why;
                Supplier<GatewayStatus> status =
                        () -> GatewayStatus.waiting(configured.config(), Version.text(), clock, startedNanos, why);
                inspection.answer(
                        new Inspection.Answers(Desk.waiting(configured.config().id(), status), status));
                notifier.ready(); // degraded, not dead
                notifier.alive();
                notifier.status("degraded: " + why);
            }
        } while (!stopAsked.await(RETRY_SECONDS, TimeUnit.SECONDS));
        return Optional.empty();
    }

    /** Feeds the watchdog until a stop is asked for, and only while every role makes progress. */
    private void watch(Gateway gateway, Notifier notifier) throws InterruptedException {
        long interval = notifier.watchdogTimeout().map(Duration::toMillis).orElse(10_000L) / 2;
        HeapTrim heap = new HeapTrim();
        while (!stopAsked.await(interval, TimeUnit.MILLISECONDS)) {
            heap.trim();
            if (gateway.isAlive()) {
                notifier.alive();
            } else {
                log.error("a part of the gateway makes no progress; the watchdog is not fed");
            }
            notifier.status(gateway.summary());
        }
    }

    private void bugFound(String thread, Throwable found) {
        log.error("thread {} failed; this is a defect of Sluice, the process ends", thread, found);
        bug.compareAndSet(null, found);
        stopAsked.countDown();
    }

    /** The JVM ends when its shutdown hooks have returned, so this one waits for the orderly stop. */
    private void askedToStop() {
        stopAsked.countDown();
        try {
            if (stopped.await(5, TimeUnit.SECONDS)) {
                Runtime.getRuntime().halt(exit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.sluice.gateway.cli;

import io.sluice.gateway.config.ConfigLoader;
import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.config.Protocols;
import io.sluice.gateway.control.ControlServer;
import io.sluice.gateway.control.ControlSocket;
import io.sluice.gateway.control.Desk;
import io.sluice.gateway.control.ExitCodes;
import io.sluice.gateway.http.Pages;
import io.sluice.gateway.runtime.Gateway;
import io.sluice.gateway.systemd.Notifier;
import io.sluice.outbox.OutboxException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway in the foreground, from its configuration to SIGTERM. It knows nothing of the command line, so that starting
 * a gateway does not load what parses one.
 */
public final class Foreground {

    private static final Logger log = LoggerFactory.getLogger(Foreground.class);

    private final Path file;
    private final PrintWriter err;
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final AtomicReference<Throwable> bug = new AtomicReference<>();

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
        Gateway gateway;
        try {
            gateway = new Gateway(configured.get().config(), configured.get().plans(), Version.text(), this::bugFound);
        } catch (OutboxException e) {
            err.println("sluice: " + e.getMessage());
            err.flush();
            return ExitCodes.CANNOT_CREATE;
        }
        Thread.setDefaultUncaughtExceptionHandler((thread, found) -> bugFound(thread.getName(), found));
        try (Notifier notifier = Notifier.of(System.getenv())) {
            Runtime.getRuntime().addShutdownHook(new Thread(this::askedToStop, "shutdown"));
            gateway.start();
            notifier.ready();
            Optional<ControlServer> control = control(gateway, configured.get().config());
            Optional<Pages> pages = configured.get().config().httpListen().map(at -> Pages.serve(at, gateway::status));
            watch(gateway, notifier);
            pages.ifPresent(Pages::close);
            control.ifPresent(ControlServer::close);
            notifier.stopping();
            gateway.stop();
        } finally {
            stopped.countDown();
        }
        return bug.get() == null ? ExitCodes.OK : ExitCodes.SOFTWARE;
    }

    /** A gateway that cannot be looked into still carries telemetry, so this is told and no more. */
    private static Optional<ControlServer> control(Gateway gateway, GatewayConfig config) {
        Path socket = ControlSocket.path(System.getenv(), config.outbox().directory());
        try {
            return Optional.of(ControlServer.open(socket, new Desk(gateway)));
        } catch (IOException e) {
            log.error(
                    "no control socket, so that status, queue, read and write cannot ask this gateway: {}",
                    e.getMessage());
            return Optional.empty();
        }
    }

    /** Feeds the watchdog until a stop is asked for, and only while every role makes progress. */
    private void watch(Gateway gateway, Notifier notifier) throws InterruptedException {
        long interval = notifier.watchdogTimeout().map(Duration::toMillis).orElse(10_000L) / 2;
        while (!stopAsked.await(interval, TimeUnit.MILLISECONDS)) {
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
            if (stopped.await(5, TimeUnit.SECONDS) && bug.get() == null) {
                Runtime.getRuntime().halt(ExitCodes.OK);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

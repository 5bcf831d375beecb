package io.sluice.gateway.systemd;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells systemd how the service does ({@code sd_notify(3)}). Outside systemd, where NOTIFY_SOCKET is not set, every method
 * does nothing. Never waits, never fails: what cannot be told is logged once. Safe for threads.
 */
public final class Notifier implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Notifier.class);

    private final @Nullable DatagramSocket socket;
    private final Optional<Duration> watchdogTimeout;
    private boolean complained;

    private Notifier(@Nullable DatagramSocket socket, Optional<Duration> watchdogTimeout) {
        this.socket = socket;
        this.watchdogTimeout = watchdogTimeout;
    }

    /**
     * @param environment of the process: NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID are used
     */
    public static Notifier of(Map<String, String> environment) {
        return new Notifier(open(environment.getOrDefault("NOTIFY_SOCKET", "")), watchdogTimeout(environment));
    }

    private static @Nullable DatagramSocket open(String address) {
        if (address.isEmpty()) {
            return null;
        }
        try {
            return new DatagramSocket(address);
        } catch (IOException e) {
            LOG.warn("systemd cannot be told anything: {}", e.getMessage());
            return null;
        }
    }

    private static Optional<Duration> watchdogTimeout(Map<String, String> environment) {
        String own = String.valueOf(ProcessHandle.current().pid());
        boolean meant = environment.getOrDefault("WATCHDOG_PID", own).equals(own);
        try {
            return Optional.ofNullable(environment.get("WATCHDOG_USEC"))
                    .filter(micros -> meant)
                    .map(micros -> Duration.ofNanos(Math.multiplyExact(Long.parseLong(micros), 1_000L)));
        } catch (NumberFormatException | ArithmeticException e) {
            LOG.warn("WATCHDOG_USEC is not used: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** After how long without {@link #alive} systemd ends the process; feed it at half that. Empty: there is no watchdog. */
    public Optional<Duration> watchdogTimeout() {
        return watchdogTimeout;
    }

    /** The service does its work. */
    public void ready() {
        send("READY=1");
    }

    /** Feeds the watchdog: every role has made progress. */
    public void alive() {
        send("WATCHDOG=1");
    }

    /** The service has begun to stop. */
    public void stopping() {
        send("STOPPING=1");
    }

    /** One line for people, in {@code systemctl status}. */
    public void status(String text) {
        send("STATUS=" + text.lines().findFirst().orElse(""));
    }

    private synchronized void send(String assignment) {
        if (socket == null) {
            return;
        }
        try {
            socket.send(assignment);
        } catch (IOException e) {
            if (!complained) {
                complained = true;
                LOG.warn("systemd could not be told {}: {}", assignment, e.getMessage());
            }
        }
    }

    @Override
    public synchronized void close() {
        if (socket != null) {
            socket.close();
        }
    }
}

package io.sluice.gateway.runtime;

import io.sluice.adapter.CountsPolls.Polls;
import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.config.OutboxConfig;
import io.sluice.gateway.northbound.BrokerHealth;
import io.sluice.gateway.southbound.DeviceHealth;
import io.sluice.gateway.time.SystemClock;
import io.sluice.outbox.Balance;
import io.sluice.outbox.OutboxException;
import io.sluice.outbox.OutboxView;
import io.sluice.outbox.OutboxView.Statistics;
import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.Message.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * How a gateway does, at one moment: for people, for {@code /metrics} and for {@code /healthz}.
 *
 * @param running empty for a gateway that does not run: then only its files speak
 */
public record GatewayStatus(String gateway, Optional<Running> running, Stored stored) {

    /**
     * What only a running gateway knows.
     *
     * @param now UTC nanoseconds
     * @param uptimeNanos since it was started
     * @param progressing whether every role made progress when the watchdog last asked
     */
    public record Running(
            String software,
            long now,
            long uptimeNanos,
            boolean progressing,
            List<Device> devices,
            BrokerHealth broker,
            ClockState clock) {}

    /**
     * @param polls empty where the protocol does not ask at intervals
     * @param warnings what will end its connection one day unless somebody acts
     */
    public record Device(DeviceHealth health, Optional<Polls> polls, List<String> warnings) {
        public Device {
            warnings = List.copyOf(warnings);
        }
    }

    /**
     * What is on disk.
     *
     * @param maxBytes the outbox's limit
     * @param minFreeBytes what is left free for others
     * @param freeBytes of the file system, empty if it does not say
     * @param balance empty while the outbox has not been opened yet
     * @param degraded why nothing can be stored at the moment; empty while all is well
     * @param statistics empty while the database cannot be read
     */
    public record Stored(
            Path directory,
            long maxBytes,
            long minFreeBytes,
            OptionalLong freeBytes,
            Optional<Balance> balance,
            String degraded,
            Optional<Statistics> statistics) {

        /** What the outbox holds, and as much as can be had where its database cannot be read. */
        static Stored of(OutboxConfig config, OutboxView view, Balance balance, String degraded) {
            Optional<Statistics> statistics;
            try {
                statistics = Optional.of(view.statistics());
            } catch (OutboxException e) {
                statistics = Optional.empty();
            }
            return of(config, Optional.of(balance), degraded, statistics);
        }

        private static Stored of(
                OutboxConfig config, Optional<Balance> balance, String degraded, Optional<Statistics> statistics) {
            return new Stored(
                    config.directory().toAbsolutePath(),
                    config.maxBytes(),
                    config.minFreeBytes(),
                    free(config.directory()),
                    balance,
                    degraded,
                    statistics);
        }

        private static OptionalLong free(Path directory) {
            try {
                return OptionalLong.of(Files.getFileStore(directory).getUsableSpace());
            } catch (IOException e) {
                return OptionalLong.empty();
            }
        }
    }

    /**
     * What the files of a gateway say that does not run.
     *
     * @throws OutboxException if there are none, or they cannot be read
     */
    public static GatewayStatus stopped(String gateway, OutboxConfig config) {
        OutboxView view = OutboxView.ofStopped(config.directory());
        return new GatewayStatus(
                gateway,
                Optional.empty(),
                Stored.of(config, view, view.statistics().balance(), ""));
    }

    /**
     * What a gateway says that waits for the disk of its outbox, and has neither devices nor a connection until then.
     *
     * @param why the outbox cannot be opened
     */
    public static GatewayStatus waiting(
            GatewayConfig config, String software, SystemClock clock, long startedNanos, String why) {
        long now = clock.now();
        Running running = new Running(
                software,
                now,
                clock.monotonic() - startedNanos,
                true,
                List.of(),
                BrokerHealth.none(config.northbound().clientId(), now),
                clock.state());
        return new GatewayStatus(
                config.id(), Optional.of(running), Stored.of(config.outbox(), Optional.empty(), why, Optional.empty()));
    }

    /** What keeps the gateway itself from working; not what it waits for in the field. */
    public List<String> failures() {
        List<String> failures = new ArrayList<>();
        if (running.filter(r -> !r.progressing()).isPresent()) {
            failures.add("a part of the gateway makes no progress");
        }
        if (!stored.degraded().isEmpty()) {
            failures.add("nothing can be stored: " + stored.degraded());
        }
        return failures;
    }

    /** What works now and will not one day, unless somebody acts; each once. */
    public List<String> warnings() {
        return running.stream()
                .flatMap(now -> now.devices().stream())
                .flatMap(device -> device.warnings().stream())
                .distinct()
                .toList();
    }

    /** Everything that a person should look at: failures, no broker, devices that do not answer. */
    public List<String> troubles() {
        List<String> troubles = new ArrayList<>(failures());
        running.ifPresent(now -> {
            if (!now.broker().link().connected()) {
                troubles.add("no connection to the broker");
            }
            now.devices().stream()
                    .filter(device -> device.health().state() == State.OFFLINE)
                    .forEach(device -> troubles.add("device " + device.health().device() + " does not answer"));
        });
        stored.statistics()
                .filter(s -> s.deadLetters() > 0)
                .ifPresent(s -> troubles.add(
                        "%,d messages were refused for good (sluice queue list)".formatted(s.deadLetters())));
        return troubles;
    }
}

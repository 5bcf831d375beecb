package io.sluice.gateway.control;

import io.sluice.adapter.CountsPolls.Polls;
import io.sluice.gateway.northbound.BrokerHealth;
import io.sluice.gateway.runtime.GatewayStatus;
import io.sluice.gateway.runtime.GatewayStatus.Device;
import io.sluice.gateway.runtime.GatewayStatus.Running;
import io.sluice.gateway.runtime.GatewayStatus.Stored;
import io.sluice.gateway.southbound.DeviceHealth;
import io.sluice.outbox.Balance;
import io.sluice.outbox.LossReason;
import io.sluice.outbox.OutboxView.Statistics;
import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.Message.State;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** A gateway's status as lines for a person who was woken by it: what is wrong first, then everything. */
public final class StatusText {

    private final GatewayStatus status;
    private final List<String> lines = new ArrayList<>();

    private StatusText(GatewayStatus status) {
        this.status = status;
    }

    public static String of(GatewayStatus status) {
        return new StatusText(status).render();
    }

    private String render() {
        head();
        status.running().ifPresent(running -> line("broker", broker(running)));
        outbox(status.stored());
        status.stored().balance().ifPresent(this::balance);
        status.running().ifPresent(running -> line("clock", clock(running.clock())));
        status.running().ifPresent(running -> {
            lines.add("");
            lines.addAll(devices(running));
        });
        return String.join("\n", lines);
    }

    private void line(String name, String text) {
        lines.add(("%-9s  %s").formatted(name, text));
    }

    private void head() {
        line(
                "gateway",
                status.gateway() + ", "
                        + status.running()
                                .map(r -> "running for " + Amounts.duration(Duration.ofNanos(r.uptimeNanos())) + ", "
                                        + r.software())
                                .orElse("NOT RUNNING: this is what its files say"));
        status.stored().statistics().flatMap(Statistics::epoch).ifPresent(epoch -> line("epoch", epoch.toString()));
        List<String> troubles = status.troubles();
        if (troubles.isEmpty() && status.running().isPresent()) {
            line("state", "all is well");
        }
        troubles.forEach(trouble -> line("TROUBLE", trouble));
        status.warnings().forEach(warning -> line("warning", warning));
    }

    private static String broker(Running running) {
        BrokerHealth broker = running.broker();
        BrokerHealth.Link link = broker.link();
        String state = link.connected()
                ? "connected to " + link.broker() + " since " + Amounts.since(link.since(), running.now())
                        + ", connection " + link.connection()
                : "NOT CONNECTED since " + Amounts.since(link.since(), running.now())
                        + (link.broker().isEmpty() ? "" : ", trying " + link.broker());
        String error = link.lastError().isEmpty()
                ? ""
                : "; last error " + Amounts.since(link.lastErrorAt(), running.now()) + " ago: " + link.lastError();
        return "%s; client id %s, %,d in flight%s"
                .formatted(state, broker.clientId(), broker.inFlight(), error.replace(") ago", " ago)"));
    }

    private void outbox(Stored stored) {
        String oldest = stored.statistics().stream()
                .flatMap(s -> s.streams().stream())
                .flatMap(stream -> stream.oldestAge().stream())
                .max(Duration::compareTo)
                .map(age -> ", the oldest for " + Amounts.duration(age))
                .orElse("");
        String free = stored.freeBytes().isPresent()
                ? "; disk " + Amounts.bytes(stored.freeBytes().getAsLong()) + " free, "
                        + Amounts.bytes(stored.minFreeBytes()) + " are left to others"
                : "";
        String waiting = stored.balance()
                .map(balance -> "%,d messages waiting%s, %s of %s"
                        .formatted(
                                balance.pendingMessages(),
                                oldest,
                                Amounts.bytes(balance.storedBytes()),
                                Amounts.bytes(stored.maxBytes())))
                .orElse("NOT OPEN");
        line("outbox", waiting + free);
        line("", "in " + stored.directory());
        if (!stored.degraded().isEmpty()) {
            line("", "DEGRADED: " + stored.degraded());
        }
    }

    private void balance(Balance b) {
        line(
                "balance",
                "readings: offered %,d = stored %,d + lost before storing %s + in hand-off %,d"
                        .formatted(
                                b.offeredReadings(),
                                b.storedReadings(),
                                lost(b.lostReadingsBeforeStoring()),
                                b.inHandOffReadings()));
        line(
                "",
                "readings: stored %,d = acknowledged %,d + pending %,d + lost %s"
                        .formatted(
                                b.storedReadings(),
                                b.acknowledgedReadings(),
                                b.pendingReadings(),
                                lost(b.lostReadings())));
        line(
                "",
                "messages: stored %,d = acknowledged %,d + pending %,d + lost %s"
                        .formatted(
                                b.storedMessages(),
                                b.acknowledgedMessages(),
                                b.pendingMessages(),
                                lost(b.lostMessages())));
    }

    private static String lost(Map<LossReason, Long> lost) {
        long total = lost.values().stream().mapToLong(Long::longValue).sum();
        return lost.isEmpty()
                ? "0"
                : "%,d (%s)"
                        .formatted(
                                total,
                                lost.entrySet().stream()
                                        .map(e -> "%s %,d".formatted(reason(e.getKey()), e.getValue()))
                                        .collect(Collectors.joining(", ")));
    }

    static String reason(LossReason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String clock(ClockState clock) {
        String synchronised = switch (clock.quality().synchronised()) {
            case YES -> "synchronised";
            case NO -> "NOT SYNCHRONISED";
            case UNKNOWN -> "not known whether it is synchronised";
        };
        String error = clock.quality().maximumError().isPresent()
                ? ", maximum error "
                        + Amounts.duration(
                                Duration.ofNanos(clock.quality().maximumError().getAsLong()))
                : "";
        String offset = clock.currentUtcOffset().isPresent()
                ? ", TAI - UTC " + clock.currentUtcOffset().getAsInt() + " s"
                : ", offset to TAI not known";
        return synchronised + error + offset + ", " + clock.generation() + " steps since the start";
    }

    private static List<String> devices(Running running) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of(
                "device",
                "state",
                "for",
                "last reading",
                "readings/s",
                "readings",
                "lost",
                "polls",
                "overruns",
                "error"));
        running.devices().forEach(device -> rows.add(row(device, running.now())));
        return Columns.align(rows);
    }

    private static List<String> row(Device device, long now) {
        DeviceHealth health = device.health();
        Optional<Polls> polls = device.polls();
        return List.of(
                health.device(),
                state(health.state()),
                Amounts.duration(Duration.ofNanos(now - health.since())),
                health.lastReading().isPresent()
                        ? Amounts.duration(Duration.ofNanos(
                                        now - health.lastReading().getAsLong())) + " ago"
                        : "none yet",
                "%.1f".formatted(health.readingsPerSecond()),
                "%,d".formatted(health.readings()),
                "%,d".formatted(health.lostReadings()),
                polls.map(p -> "%,d".formatted(p.polls())).orElse("-"),
                polls.map(p -> "%,d".formatted(p.overruns())).orElse("-"),
                Objects.requireNonNullElse(health.error(), ""));
    }

    private static String state(State state) {
        return switch (state) {
            case OFFLINE -> "OFFLINE";
            case UNSPECIFIED -> "starting";
            case ONLINE, CONNECTING, DEGRADED -> state.name().toLowerCase(Locale.ROOT);
        };
    }
}

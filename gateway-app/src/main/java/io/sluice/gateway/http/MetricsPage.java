package io.sluice.gateway.http;

import io.sluice.gateway.http.Exposition.Type;
import io.sluice.gateway.runtime.GatewayStatus;
import io.sluice.gateway.runtime.GatewayStatus.Device;
import io.sluice.gateway.runtime.GatewayStatus.Running;
import io.sluice.gateway.runtime.GatewayStatus.Stored;
import io.sluice.outbox.Balance;
import io.sluice.outbox.LossReason;
import io.sluice.outbox.OutboxView.Statistics;
import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.Message.State;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * A gateway's status for Prometheus. The number of series depends on the number of devices alone: there is a label for the
 * device, and one for the reason of a loss, of which there are eight. What is not known has no sample.
 */
final class MetricsPage {

    private final Exposition page = new Exposition();

    private MetricsPage() {}

    static String of(GatewayStatus status) {
        MetricsPage page = new MetricsPage();
        status.running().ifPresent(page::running);
        page.stored(status.stored());
        status.stored().balance().ifPresent(page::balance);
        return page.page.toString();
    }

    private void running(Running running) {
        gauge("sluice_uptime_seconds", "Since the gateway was started.", running.uptimeNanos() / 1e9);
        gauge("sluice_progressing", "1 while every role of the gateway makes progress.", one(running.progressing()));
        broker(running);
        clock(running.clock());
        devices(running.devices());
    }

    private void broker(Running running) {
        var broker = running.broker();
        gauge(
                "sluice_broker_connected",
                "1 while a connection to the broker stands.",
                one(broker.link().connected()));
        counter(
                "sluice_broker_connections_total",
                "Connections since the start.",
                broker.link().connection());
        gauge("sluice_broker_in_flight_messages", "Handed to the MQTT client, without an outcome.", broker.inFlight());
        counter(
                "sluice_broker_no_subscriber_messages_total",
                "Messages that the broker took although nobody subscribes to them.",
                broker.noSubscriber());
    }

    private void clock(ClockState clock) {
        if (clock.quality().synchronised() != ClockState.Synchronised.UNKNOWN) {
            gauge(
                    "sluice_clock_synchronised",
                    "1 while the kernel says that the clock is synchronised.",
                    one(clock.quality().synchronised() == ClockState.Synchronised.YES));
        }
        clock.quality()
                .maximumError()
                .ifPresent(error -> gauge(
                        "sluice_clock_maximum_error_seconds", "As the kernel or a PTP daemon says.", error / 1e9));
        counter(
                "sluice_clock_steps_total",
                "Steps of the clock or changes of its offset since the start.",
                clock.generation());
    }

    private void devices(List<Device> devices) {
        each(
                devices,
                "sluice_device_online",
                Type.GAUGE,
                "1 while the device answers.",
                device -> one(device.health().state() == State.ONLINE));
        each(
                devices,
                "sluice_device_readings_total",
                Type.COUNTER,
                "Readings handed to the outbox since the start.",
                device -> device.health().readings());
        each(
                devices,
                "sluice_device_lost_readings_total",
                Type.COUNTER,
                "Readings lost before they could be handed over, as far as their number is known.",
                device -> device.health().lostReadings());
        each(
                devices.stream()
                        .filter(d -> d.health().lastReading().isPresent())
                        .toList(),
                "sluice_device_last_reading_timestamp_seconds",
                Type.GAUGE,
                "Newest time that a reading carried, UTC.",
                device -> device.health().lastReading().orElse(0) / 1e9);
        polls(devices);
    }

    private void polls(List<Device> devices) {
        List<Device> polled =
                devices.stream().filter(d -> d.polls().isPresent()).toList();
        each(
                polled,
                "sluice_device_polls_total",
                Type.COUNTER,
                "Polls that ended, answered or not.",
                device -> device.polls().orElseThrow().polls());
        each(
                polled,
                "sluice_device_poll_overruns_total",
                Type.COUNTER,
                "Polls left out because an earlier one took longer than the interval.",
                device -> device.polls().orElseThrow().overruns());
    }

    private void each(List<Device> devices, String name, Type type, String help, ToDoubleFunction<Device> value) {
        if (!devices.isEmpty()) {
            page.family(name, type, help);
            devices.forEach(device -> page.sample("device", device.health().device(), value.applyAsDouble(device)));
        }
    }

    private void stored(Stored stored) {
        stored.balance().ifPresent(balance -> {
            gauge("sluice_outbox_messages", "Messages that wait for the broker.", balance.pendingMessages());
            gauge("sluice_outbox_bytes", "Size of what waits, as the limit counts it.", balance.storedBytes());
        });
        gauge("sluice_outbox_limit_bytes", "outbox.max-size.", stored.maxBytes());
        gauge(
                "sluice_outbox_degraded",
                "1 while nothing can be stored.",
                one(!stored.degraded().isEmpty()));
        stored.freeBytes()
                .ifPresent(free -> gauge("sluice_outbox_free_bytes", "Free space of the outbox's file system.", free));
        stored.statistics().ifPresent(this::statistics);
    }

    private void statistics(Statistics statistics) {
        gauge(
                "sluice_outbox_oldest_seconds",
                "Age of the oldest message that waits, 0 if none does.",
                statistics.streams().stream()
                                .flatMap(stream -> stream.oldestAge().stream())
                                .mapToLong(Duration::toMillis)
                                .max()
                                .orElse(0)
                        / 1e3);
        gauge("sluice_outbox_dead_letters", "Messages that the broker refused for good.", statistics.deadLetters());
        gauge("sluice_outbox_loss_ranges", "Losses that no broker has been told of yet.", statistics.waitingLosses());
        counter("sluice_outbox_commits_total", "Commits since the database was made.", statistics.commits());
        statistics.written().ifPresent(written -> {
            counter(
                    "sluice_outbox_written_bytes_total",
                    "Sent to the medium by the thread that writes, since the start: what flash memory wears by.",
                    written.bytes());
            counter(
                    "sluice_outbox_written_readings_total",
                    "Readings that were committed, since the start and as of the same moment as the bytes.",
                    written.readings());
        });
        gauge(
                "sluice_outbox_file_bytes",
                "Size of the database and its log.",
                statistics.databaseBytes() + statistics.walBytes());
    }

    /** offered = stored + lost before storing + in hand-off; stored = acknowledged + pending + lost. */
    private void balance(Balance b) {
        counter("sluice_readings_offered_total", "Readings since the database was made.", b.offeredReadings());
        counter("sluice_readings_stored_total", "Readings that were committed.", b.storedReadings());
        gauge("sluice_readings_in_hand_off", "Readings on their way to a commit.", b.inHandOffReadings());
        byReason(
                "sluice_readings_lost_before_storing_total",
                "Readings lost before they were committed.",
                b.lostReadingsBeforeStoring());
        counter(
                "sluice_readings_acknowledged_total",
                "Readings that the broker acknowledged.",
                b.acknowledgedReadings());
        gauge("sluice_readings_pending", "Readings that wait for the broker.", b.pendingReadings());
        byReason("sluice_readings_lost_total", "Readings that were stored and then dropped.", b.lostReadings());
        counter("sluice_messages_stored_total", "Messages that were committed.", b.storedMessages());
        counter(
                "sluice_messages_acknowledged_total",
                "Messages that the broker acknowledged.",
                b.acknowledgedMessages());
        gauge("sluice_messages_pending", "Messages that wait for the broker.", b.pendingMessages());
        byReason("sluice_messages_lost_total", "Messages that were stored and then dropped.", b.lostMessages());
    }

    /** Every reason has a sample from the start, so that its first loss is an increase. */
    private void byReason(String name, String help, Map<LossReason, Long> lost) {
        page.family(name, Type.COUNTER, help);
        for (LossReason reason : LossReason.values()) {
            page.sample(
                    "reason", reason.name().toLowerCase(Locale.ROOT).replace('_', '-'), lost.getOrDefault(reason, 0L));
        }
    }

    private void gauge(String name, String help, double value) {
        page.family(name, Type.GAUGE, help).sample(value);
    }

    private void counter(String name, String help, double value) {
        page.family(name, Type.COUNTER, help).sample(value);
    }

    private static double one(boolean is) {
        return is ? 1 : 0;
    }
}

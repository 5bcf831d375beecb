package io.sluice.gateway.control;

import io.sluice.gateway.control.Call.Form;
import io.sluice.outbox.Forwarding;
import io.sluice.outbox.Forwarding.Place;
import io.sluice.outbox.OutboxView;
import io.sluice.outbox.OutboxView.Statistics;
import io.sluice.outbox.OutboxView.StreamStatistics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** How much waits, by stream and lane. */
final class QueueStatistics {

    private static final List<Place> PLACES = List.of(Place.values());

    private final OutboxView view;
    private final Optional<Forwarding> forwarding;

    QueueStatistics(OutboxView view, Optional<Forwarding> forwarding) {
        this.view = view;
        this.forwarding = forwarding;
    }

    String render(Form form) {
        Statistics statistics = view.statistics();
        return switch (form) {
            case TEXT -> text(statistics);
            case JSON -> Json.object(json -> write(statistics, json));
        };
    }

    private String text(Statistics statistics) {
        List<List<String>> rows = new ArrayList<>();
        List<String> heading = new ArrayList<>(List.of("device", "epoch", "last", "settled", "waiting"));
        forwarding.ifPresent(known -> PLACES.forEach(place -> heading.add(Json.name(place))));
        heading.addAll(List.of("readings", "size", "oldest"));
        rows.add(heading);
        statistics.streams().forEach(stream -> rows.add(row(stream)));
        List<String> lines = new ArrayList<>(Columns.align(rows));
        forwarding.ifPresent(known -> known.streams()
                .forEach(stream -> stream.hold()
                        .ifPresent(hold -> lines.add("HELD %s %s: %s"
                                .formatted(
                                        stream.device(),
                                        Queue.order(stream.epoch()),
                                        text(hold, known.connected()))))));
        lines.add("");
        forwarding.ifPresent(known -> lines.add(text(known)));
        lines.add("%,d messages of %s wait; %,d loss ranges to be told; %,d dead letters"
                .formatted(
                        statistics.balance().pendingMessages(),
                        Amounts.bytes(statistics.balance().storedBytes()),
                        statistics.waitingLosses(),
                        statistics.deadLetters()));
        lines.add("database %s, its log %s, %,d commits since it was made%s"
                .formatted(
                        Amounts.bytes(statistics.databaseBytes()),
                        Amounts.bytes(statistics.walBytes()),
                        statistics.commits(),
                        statistics.written().map(QueueStatistics::text).orElse("")));
        return String.join("\n", lines);
    }

    private static String text(OutboxView.Written written) {
        OptionalDouble perReading = written.bytesPerReading();
        return ", " + Amounts.bytes(written.bytes()) + " written to the medium since the start"
                + (perReading.isPresent() ? ", %,.0f B a reading".formatted(perReading.getAsDouble()) : "");
    }

    private static String text(Forwarding.Hold hold, boolean connected) {
        return "%,d refused for now from #%d on, tried again %s: %s"
                .formatted(
                        hold.refused(),
                        hold.from(),
                        !connected
                                ? "with the next connection"
                                : hold.retryIn().isZero() ? "now" : "in " + Amounts.duration(hold.retryIn()),
                        hold.reason());
    }

    private static String text(Forwarding known) {
        String lanes = PLACES.stream()
                .map(place ->
                        "%s %,d".formatted(Json.name(place), known.waiting().getOrDefault(place, 0L)))
                .collect(Collectors.joining(", "));
        return "%s; %,d in flight; %s"
                .formatted(
                        known.connected() ? "connected" : "not connected",
                        known.inFlight().size(),
                        lanes);
    }

    private List<String> row(StreamStatistics stream) {
        List<String> cells = new ArrayList<>(List.of(
                stream.device(),
                Queue.order(stream.epoch()) + (stream.current() ? "" : " (earlier)"),
                "#" + stream.last(),
                "#" + stream.settled(),
                "%,d".formatted(stream.waitingMessages())));
        forwarding.ifPresent(known ->
                PLACES.forEach(place -> cells.add("%,d".formatted(waiting(known, stream, place)))));
        cells.addAll(List.of(
                "%,d".formatted(stream.waitingReadings()),
                Amounts.bytes(stream.waitingBytes()),
                stream.oldestAge().map(Amounts::duration).orElse("-")));
        return cells;
    }

    private static long waiting(Forwarding known, StreamStatistics stream, Place place) {
        return known.stream(stream.device(), stream.epoch())
                .map(standing -> standing.waiting().getOrDefault(place, 0L))
                .orElse(0L);
    }

    private void write(Statistics statistics, JsonGenerator json) {
        json.writeNumberProperty("messages", statistics.balance().pendingMessages());
        json.writeNumberProperty("readings", statistics.balance().pendingReadings());
        json.writeNumberProperty("bytes", statistics.balance().storedBytes());
        json.writeNumberProperty("lossRanges", statistics.waitingLosses());
        json.writeNumberProperty("deadLetters", statistics.deadLetters());
        forwarding.ifPresent(known -> {
            json.writeBooleanProperty("connected", known.connected());
            json.writeNumberProperty("inFlight", known.inFlight().size());
            lanes(known.waiting(), json);
        });
        json.writeNumberProperty("commits", statistics.commits());
        statistics.written().ifPresent(written -> {
            json.writeNumberProperty("writtenBytes", written.bytes());
            json.writeNumberProperty("writtenReadings", written.readings());
        });
        json.writeNumberProperty("databaseBytes", statistics.databaseBytes());
        json.writeNumberProperty("walBytes", statistics.walBytes());
        json.writeArrayPropertyStart("streams");
        statistics.streams().forEach(stream -> write(stream, json));
        json.writeEndArray();
    }

    private void write(StreamStatistics stream, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("device", stream.device());
        json.writeStringProperty("epoch", stream.epoch().toString());
        json.writeBooleanProperty("current", stream.current());
        json.writeNumberProperty("last", stream.last());
        json.writeNumberProperty("settled", stream.settled());
        json.writeNumberProperty("messages", stream.waitingMessages());
        json.writeNumberProperty("readings", stream.waitingReadings());
        json.writeNumberProperty("bytes", stream.waitingBytes());
        stream.oldestAge().ifPresent(age -> json.writeNumberProperty("oldestSeconds", age.toMillis() / 1000.0));
        forwarding
                .flatMap(known -> known.stream(stream.device(), stream.epoch()))
                .ifPresent(standing -> write(standing, json));
        json.writeEndObject();
    }

    private static void write(Forwarding.Stream standing, JsonGenerator json) {
        lanes(standing.waiting(), json);
        standing.hold().ifPresent(hold -> {
            json.writeObjectPropertyStart("hold");
            json.writeNumberProperty("from", hold.from());
            json.writeNumberProperty("refused", hold.refused());
            json.writeNumberProperty("retryInSeconds", hold.retryIn().toMillis() / 1000.0);
            json.writeStringProperty("reason", hold.reason());
            json.writeEndObject();
        });
    }

    private static void lanes(Map<Place, Long> waiting, JsonGenerator json) {
        json.writeObjectPropertyStart("lanes");
        PLACES.forEach(place -> json.writeNumberProperty(Json.name(place), waiting.getOrDefault(place, 0L)));
        json.writeEndObject();
    }
}

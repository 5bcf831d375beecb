package io.sluice.gateway.control;

import io.sluice.gateway.control.Call.Form;
import io.sluice.outbox.Forwarding;
import io.sluice.outbox.Forwarding.Place;
import io.sluice.outbox.LossReason;
import io.sluice.outbox.OutboxView;
import io.sluice.outbox.OutboxView.DeadLetter;
import io.sluice.outbox.OutboxView.Statistics;
import io.sluice.outbox.OutboxView.StreamStatistics;
import io.sluice.outbox.OutboxView.WaitingLoss;
import io.sluice.outbox.OutboxView.WaitingMessage;
import io.sluice.outbox.Outgoing;
import io.sluice.outbox.RunEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/**
 * What waits in an outbox, for people and as JSON: of a gateway that runs, which knows the lane of everything, or of the files
 * of one that does not.
 */
public final class Queue {

    private static final List<Place> PLACES = List.of(Place.values());

    private final OutboxView view;
    private final Optional<Forwarding> forwarding;

    /** @param forwarding empty for a gateway that does not run */
    public Queue(OutboxView view, Optional<Forwarding> forwarding) {
        this.view = view;
        this.forwarding = forwarding;
    }

    // ---- counted

    public String statistics(Form form) {
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
                                .formatted(stream.device(), order(stream.epoch()), text(hold, known.connected()))))));
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
                        statistics.written().map(Queue::text).orElse("")));
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
                order(stream.epoch()) + (stream.current() ? "" : " (earlier)"),
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

    // ---- one by one

    /**
     * @param limit most messages, and most dead letters
     */
    public String list(int limit, Form form) {
        List<WaitingMessage> waiting = view.waiting(0, limit);
        List<DeadLetter> dead = view.deadLetters(0, limit);
        List<WaitingLoss> losses = view.losses();
        long more = view.statistics().balance().pendingMessages() - waiting.size();
        return switch (form) {
            case TEXT -> text(waiting, dead, losses, more);
            case JSON ->
                Json.object(json -> {
                    json.writeArrayPropertyStart("waiting");
                    waiting.forEach(message -> write(message, json));
                    json.writeEndArray();
                    json.writeNumberProperty("more", Math.max(0, more));
                    json.writeArrayPropertyStart("deadLetters");
                    dead.forEach(letter -> write(letter, json));
                    json.writeEndArray();
                    json.writeArrayPropertyStart("losses");
                    losses.forEach(loss -> write(loss, json));
                    json.writeEndArray();
                });
        };
    }

    private String why(WaitingMessage message) {
        if (forwarding.isEmpty()) {
            return "waiting";
        }
        Forwarding known = forwarding.get();
        Place place = known.place(message);
        if (place == Place.HELD) {
            return "held: "
                    + known.stream(message.device(), message.epoch())
                            .flatMap(Forwarding.Stream::hold)
                            .map(Forwarding.Hold::reason)
                            .orElse("");
        }
        return Json.name(place) + (known.inFlight().containsKey(message.position()) ? ", in flight" : "");
    }

    private String text(List<WaitingMessage> waiting, List<DeadLetter> dead, List<WaitingLoss> losses, long more) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("device", "epoch", "sequence", "kind", "readings", "size", "age", "why it is here"));
        waiting.forEach(message -> rows.add(List.of(
                message.device(),
                order(message.epoch()),
                "#" + message.sequence(),
                message.kind(),
                "%,d".formatted(message.readings()),
                Amounts.bytes(message.bodyBytes()),
                Amounts.duration(message.age()),
                why(message))));
        dead.forEach(letter -> rows.add(List.of(
                letter.device(),
                order(letter.epoch()),
                "#" + letter.sequence(),
                letter.kind(),
                "%,d".formatted(letter.readings()),
                Amounts.bytes(letter.bodyBytes()),
                letter.rejected().toString(),
                "dead letter: " + letter.reason())));
        losses.forEach(loss -> rows.add(List.of(
                loss.device(),
                order(loss.firstEpoch()),
                "#" + loss.first() + "–#" + loss.last()
                        + (loss.lastEpoch().equals(loss.firstEpoch()) ? "" : " of " + order(loss.lastEpoch())),
                "loss",
                "%,d".formatted(readings(loss.counts())),
                "-",
                "-",
                "lost, to be told: " + reasons(loss.counts()))));
        List<String> lines = new ArrayList<>(Columns.align(rows));
        if (rows.size() == 1) {
            lines = new ArrayList<>(List.of("nothing waits"));
        }
        if (more > 0) {
            lines.add("… and %,d more; --limit shows up to %,d".formatted(more, Request.QueueList.MOST));
        }
        return String.join("\n", lines);
    }

    private void write(WaitingMessage message, JsonGenerator json) {
        json.writeStartObject();
        identity(message.device(), message.epoch(), message.sequence(), json);
        json.writeStringProperty("kind", message.kind());
        json.writeNumberProperty("readings", message.readings());
        json.writeNumberProperty("bytes", message.bodyBytes());
        json.writeNumberProperty("ageSeconds", message.age().toMillis() / 1000.0);
        forwarding.ifPresent(known -> {
            json.writeStringProperty("lane", Json.name(known.place(message)));
            json.writeBooleanProperty("inFlight", known.inFlight().containsKey(message.position()));
        });
        json.writeEndObject();
    }

    private static void write(DeadLetter letter, JsonGenerator json) {
        json.writeStartObject();
        identity(letter.device(), letter.epoch(), letter.sequence(), json);
        json.writeStringProperty("kind", letter.kind());
        json.writeNumberProperty("readings", letter.readings());
        json.writeNumberProperty("bytes", letter.bodyBytes());
        json.writeStringProperty("rejected", letter.rejected().toString());
        json.writeStringProperty("reason", letter.reason());
        json.writeEndObject();
    }

    private static void write(WaitingLoss loss, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("device", loss.device());
        json.writeStringProperty("epoch", loss.firstEpoch().toString());
        json.writeNumberProperty("first", loss.first());
        json.writeStringProperty("lastEpoch", loss.lastEpoch().toString());
        json.writeNumberProperty("last", loss.last());
        json.writeObjectPropertyStart("readings");
        loss.counts().forEach((reason, count) -> json.writeNumberProperty(Json.name(reason), count.readings()));
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void identity(String device, RunEpoch epoch, long sequence, JsonGenerator json) {
        json.writeStringProperty("device", device);
        json.writeStringProperty("epoch", epoch.toString());
        json.writeNumberProperty("sequence", sequence);
    }

    private static long readings(Map<LossReason, Outgoing.Count> counts) {
        return counts.values().stream().mapToLong(Outgoing.Count::readings).sum();
    }

    private static String reasons(Map<LossReason, Outgoing.Count> counts) {
        return counts.keySet().stream().map(StatusText::reason).collect(Collectors.joining(", "));
    }

    private static String order(RunEpoch epoch) {
        return epoch.toString().substring(0, 8);
    }
}

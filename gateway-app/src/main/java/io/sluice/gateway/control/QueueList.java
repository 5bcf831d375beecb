package io.sluice.gateway.control;

import io.sluice.gateway.control.Call.Form;
import io.sluice.outbox.Forwarding;
import io.sluice.outbox.Forwarding.Place;
import io.sluice.outbox.LossReason;
import io.sluice.outbox.OutboxView;
import io.sluice.outbox.OutboxView.DeadLetter;
import io.sluice.outbox.OutboxView.WaitingLoss;
import io.sluice.outbox.OutboxView.WaitingMessage;
import io.sluice.outbox.Outgoing;
import io.sluice.outbox.RunEpoch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** What waits one by one, and why it is there. */
final class QueueList {

    private final OutboxView view;
    private final Optional<Forwarding> forwarding;

    QueueList(OutboxView view, Optional<Forwarding> forwarding) {
        this.view = view;
        this.forwarding = forwarding;
    }

    String render(int limit, Form form) {
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
                Queue.order(message.epoch()),
                "#" + message.sequence(),
                message.kind(),
                "%,d".formatted(message.readings()),
                Amounts.bytes(message.bodyBytes()),
                Amounts.duration(message.age()),
                why(message))));
        dead.forEach(letter -> rows.add(List.of(
                letter.device(),
                Queue.order(letter.epoch()),
                "#" + letter.sequence(),
                letter.kind(),
                "%,d".formatted(letter.readings()),
                Amounts.bytes(letter.bodyBytes()),
                letter.rejected().toString(),
                "dead letter: " + letter.reason())));
        losses.forEach(loss -> rows.add(List.of(
                loss.device(),
                Queue.order(loss.firstEpoch()),
                "#" + loss.first() + "–#" + loss.last()
                        + (loss.lastEpoch().equals(loss.firstEpoch()) ? "" : " of " + Queue.order(loss.lastEpoch())),
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
}

package io.sluice.gateway.control;

import io.sluice.gateway.control.Call.Form;
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
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;

/** What waits in an outbox, for people and as JSON; the same for a gateway that runs and for the files of one that does not. */
public final class Queue {

    private Queue() {}

    // ---- counted

    public static String statistics(OutboxView view, Form form) {
        Statistics statistics = view.statistics();
        return switch (form) {
            case TEXT -> text(statistics);
            case JSON -> Json.object(json -> write(statistics, json));
        };
    }

    private static String text(Statistics statistics) {
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("device", "epoch", "last", "settled", "waiting", "readings", "size", "oldest"));
        statistics.streams().forEach(stream -> rows.add(row(stream)));
        List<String> lines = new ArrayList<>(Columns.align(rows));
        lines.add("");
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
                        statistics.writtenBytes().isPresent()
                                ? ", " + Amounts.bytes(statistics.writtenBytes().getAsLong())
                                        + " written to the medium since the start"
                                : ""));
        return String.join("\n", lines);
    }

    private static List<String> row(StreamStatistics stream) {
        return List.of(
                stream.device(),
                order(stream.epoch()) + (stream.current() ? "" : " (earlier)"),
                "#" + stream.last(),
                "#" + stream.settled(),
                "%,d".formatted(stream.waitingMessages()),
                "%,d".formatted(stream.waitingReadings()),
                Amounts.bytes(stream.waitingBytes()),
                stream.oldestAge().map(Amounts::duration).orElse("-"));
    }

    private static void write(Statistics statistics, JsonGenerator json) {
        json.writeNumberProperty("messages", statistics.balance().pendingMessages());
        json.writeNumberProperty("readings", statistics.balance().pendingReadings());
        json.writeNumberProperty("bytes", statistics.balance().storedBytes());
        json.writeNumberProperty("lossRanges", statistics.waitingLosses());
        json.writeNumberProperty("deadLetters", statistics.deadLetters());
        json.writeNumberProperty("commits", statistics.commits());
        statistics.writtenBytes().ifPresent(bytes -> json.writeNumberProperty("writtenBytes", bytes));
        json.writeNumberProperty("databaseBytes", statistics.databaseBytes());
        json.writeNumberProperty("walBytes", statistics.walBytes());
        json.writeArrayPropertyStart("streams");
        statistics.streams().forEach(stream -> write(stream, json));
        json.writeEndArray();
    }

    private static void write(StreamStatistics stream, JsonGenerator json) {
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
        json.writeEndObject();
    }

    // ---- one by one

    /**
     * @param limit most messages, and most dead letters
     */
    public static String list(OutboxView view, int limit, Form form) {
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

    private static String text(
            List<WaitingMessage> waiting, List<DeadLetter> dead, List<WaitingLoss> losses, long more) {
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
                "waiting")));
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

    private static void write(WaitingMessage message, JsonGenerator json) {
        json.writeStartObject();
        identity(message.device(), message.epoch(), message.sequence(), json);
        json.writeStringProperty("kind", message.kind());
        json.writeNumberProperty("readings", message.readings());
        json.writeNumberProperty("bytes", message.bodyBytes());
        json.writeNumberProperty("ageSeconds", message.age().toMillis() / 1000.0);
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

package io.sluice.gateway.receiver;

import io.sluice.adapter.opcua.StatusNames;
import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.Message;
import io.sluice.telemetry.PtpTimestamp;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.StreamVerdict;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.TagTables;
import io.sluice.telemetry.Value;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Messages and verdicts as lines for people. */
public final class Lines {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSSSSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DATE_TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private Lines() {}

    /**
     * A line for each reading, or one for a message of another kind.
     *
     * @param tag show this tag alone; {@code null}: all
     */
    public static List<String> of(Message message, TagTables tags, @Nullable String tag) {
        return switch (message.body()) {
            case Message.Batch batch -> readings(message, batch, tags, tag);
            case Message.Start start -> event(message, start.started(), started(start));
            case Message.Loss loss ->
                event(message, loss.last(), "lost before it was stored: " + counts(loss.counts()) + span(loss));
            case Message.ClockStep step ->
                event(message, step.time(), "the gateway's clock stepped by " + seconds(step.shift()));
            case Message.EpochEnd end ->
                event(message, null, "epoch " + order(end.epoch()) + " ended at #" + end.last());
            case Message.LossRange range ->
                event(message, null, "lost #" + range.first() + "–#" + range.last() + ": " + counts(range.counts()));
            case Message.DeviceStatus status -> event(message, status.since(), status(status));
            case Message.Unknown _ ->
                event(
                        message,
                        null,
                        "a message of a newer kind (schema " + message.schema() + "); is there a newer Sluice?");
            case Message.Heartbeat _, Message.Birth _ -> List.of();
        };
    }

    private static List<String> readings(Message message, Message.Batch batch, TagTables tags, @Nullable String only) {
        List<String> lines = new ArrayList<>();
        for (Message.Reading reading : batch.readings()) {
            TagDescriptor tag = reading.tag()
                    .or(() -> tags.find(message.gateway(), message.device(), message.epoch(), reading.alias()))
                    .orElse(null);
            String name = tag == null ? "#" + reading.alias() : tag.name();
            if (only == null || only.equals(name)) {
                lines.add("%s  %-12s  %-14s  %-22s  %-9s  #%d%s%s"
                        .formatted(
                                TIME.format(utc(reading.time(), batch.clock())),
                                message.device(),
                                name,
                                value(reading.value(), tag),
                                quality(reading.status()),
                                message.sequence(),
                                lane(message),
                                clock(batch.clock())));
            }
        }
        return lines;
    }

    /** A line for a value that was read on request. */
    public static String reading(
            long utcNanos, String device, TagDescriptor tag, @Nullable Value value, Status status) {
        Instant time = Instant.ofEpochSecond(0, utcNanos);
        return "%s  %-12s  %-14s  %-22s  %s"
                .formatted(TIME.format(time), device, tag.name(), value(value, tag), quality(status))
                .stripTrailing();
    }

    private static List<String> event(Message message, @Nullable PtpTimestamp time, String text) {
        String when = time == null ? "               " : TIME.format(utc(time));
        String number =
                message.sequence() == 0 ? "" : "  #" + Long.toUnsignedString(message.sequence()) + lane(message);
        return List.of("%s  %-12s  %s%s"
                .formatted(when, message.device(), text, number)
                .stripTrailing());
    }

    private static String started(Message.Start start) {
        String before = start.previousEpoch()
                .map(e -> "; before it epoch %s up to #%d, %s"
                        .formatted(
                                order(e), start.previousLast(), start.previousClean() ? "stopped cleanly" : "cut off"))
                .orElse("; nothing before it");
        String last = start.previousEpoch().isEmpty() || start.previousClean()
                ? ""
                : start.lastReading()
                        .map(t -> ", what was read after " + DATE_TIME.format(utc(t)) + " and not yet stored is lost")
                        .orElse("");
        return "new epoch" + before + last;
    }

    private static String status(Message.DeviceStatus status) {
        String state = status.state().name().toLowerCase(Locale.ROOT);
        return state
                + (status.clean() ? " (clean stop)" : "")
                + (status.error().isEmpty() ? "" : ": " + status.error());
    }

    private static String span(Message.Loss loss) {
        return ", between " + DATE_TIME.format(utc(loss.first())) + " and " + DATE_TIME.format(utc(loss.last()));
    }

    private static String seconds(long nanos) {
        return "%+.6f s".formatted(nanos / 1e9);
    }

    private static String counts(List<Message.LossCount> counts) {
        return counts.stream()
                .map(c -> reason(c.reason())
                        + (c.messages() > 0 ? " " + c.messages() + " messages" : "")
                        + (c.readings() > 0 ? " " + c.readings() + " readings" : ""))
                .collect(Collectors.joining(", "));
    }

    private static String reason(Message.LossReason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    private static String lane(Message message) {
        return switch (message.lane()) {
            case BACKLOG -> " backlog";
            case RETRY -> " retry";
            case LIVE, UNSPECIFIED -> "";
        };
    }

    private static String clock(ClockState clock) {
        return clock.quality().synchronised() == ClockState.Synchronised.NO ? "  [clock not synchronised]" : "";
    }

    /** Quality and code, for people. */
    public static String quality(Status status) {
        String text = status.quality().name().toLowerCase(Locale.ROOT);
        if (status.code() == 0) {
            return text;
        }
        return switch (status.space()) {
            case OPCUA ->
                text + " 0x" + HexFormat.of().toHexDigits(status.code())
                        + StatusNames.find(status.code())
                                .map(name -> " " + name)
                                .orElse("");
            case MODBUS -> text + " exception " + status.code();
            case SLUICE -> text + " " + sluice(status.code());
            case UNSPECIFIED -> text + " code " + status.code();
        };
    }

    private static String sluice(int code) {
        for (Status.SluiceCode known : Status.SluiceCode.values()) {
            if (known.number() == code) {
                return known.name().toLowerCase(Locale.ROOT).replace('_', ' ');
            }
        }
        return "code " + code;
    }

    private static String value(@Nullable Value value, @Nullable TagDescriptor tag) {
        if (value == null) {
            return "-";
        }
        String unit = tag == null || tag.unit().isEmpty() ? "" : " " + tag.unit();
        return text(value) + state(value, tag) + unit;
    }

    private static String state(Value value, @Nullable TagDescriptor tag) {
        @Nullable
        Long number = switch (value) {
            case Value.Signed(long v) -> v;
            case Value.Unsigned(long v) -> v;
            case Value.Float32 _,
                    Value.Float64 _,
                    Value.Bool _,
                    Value.Text _,
                    Value.Bytes _,
                    Value.Structure _,
                    Value.Elements _ -> null;
        };
        if (tag == null || number == null) {
            return "";
        }
        return tag.enumeration().stream()
                .filter(e -> e.value() == number)
                .map(e -> " " + e.name())
                .findFirst()
                .orElse("");
    }

    /** For people, without its unit. */
    public static String text(@Nullable Value value) {
        return switch (value) {
            case null -> "-";
            case Value.Float32(float v) -> Float.toString(v);
            case Value.Float64(double v) -> Double.toString(v);
            case Value.Signed(long v) -> Long.toString(v);
            case Value.Unsigned(long v) -> Long.toUnsignedString(v);
            case Value.Bool(boolean v) -> Boolean.toString(v);
            case Value.Text(String v) -> v;
            case Value.Bytes(byte[] v) -> "0x" + HexFormat.of().formatHex(v);
            case Value.Elements(var values) ->
                values.stream().map(Lines::text).collect(Collectors.joining(", ", "[", "]"));
            case Value.Structure(var fields) ->
                fields.stream().map(f -> f.name() + ": " + text(f.value())).collect(Collectors.joining(", ", "{", "}"));
        };
    }

    /** A line for each stream. */
    public static List<String> of(List<StreamVerdict> verdicts) {
        return verdicts.stream().map(Lines::of).toList();
    }

    private static String of(StreamVerdict v) {
        String missing = v.missing() == 0
                ? "0"
                : v.missing()
                        + v.missingNumbers().stream()
                                .limit(10)
                                .map(n -> "#" + n)
                                .collect(Collectors.joining(
                                        ", ", " (", v.missingNumbers().size() > 10 ? ", …)" : ")"));
        return "%-12s  %s  %-16s  received %-6d  pending %d  missing %s  duplicate %d  out of order %d  lost %d%s   %s"
                .formatted(
                        v.device(),
                        order(v.epoch()),
                        "#" + v.first() + "–#" + v.last(),
                        v.received(),
                        v.pending(),
                        missing,
                        v.duplicates(),
                        v.outOfOrder(),
                        v.lost(),
                        lostReadings(v.lostReadings()),
                        v.complete() ? "complete" : "INCOMPLETE");
    }

    private static String lostReadings(Map<Message.LossReason, Long> lost) {
        return lost.isEmpty()
                ? ""
                : new TreeMap<>(lost)
                        .entrySet().stream()
                                .map(e -> reason(e.getKey()) + " " + e.getValue() + " readings")
                                .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String order(io.sluice.telemetry.Epoch epoch) {
        return epoch.toString().substring(0, 8);
    }

    private static Instant utc(PtpTimestamp time) {
        return Instant.ofEpochSecond(time.seconds(), time.nanoseconds());
    }

    private static Instant utc(PtpTimestamp time, ClockState clock) {
        int offset = clock.timescale() == ClockState.Timescale.TAI
                ? clock.currentUtcOffset().orElse(0)
                : 0;
        return Instant.ofEpochSecond(time.seconds() - offset, time.nanoseconds());
    }
}

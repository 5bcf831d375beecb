package io.sluice.gateway.control;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.gateway.control.Call.Form;
import io.sluice.gateway.receiver.Lines;
import io.sluice.gateway.southbound.TagAccess;
import io.sluice.gateway.southbound.TagReading;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;

/** Answers {@code read} and {@code write}, the same through a running gateway and directly. */
public final class Access {

    private Access() {}

    public static Reply read(String device, Optional<String> tag, TagAccess access, Form form)
            throws InterruptedException {
        try {
            List<TagReading> readings = access.read(tag);
            boolean bad = readings.stream().anyMatch(r -> r.status().quality() == Status.Quality.BAD);
            return Reply.of(
                    bad ? ExitCodes.INCOMPLETE : ExitCodes.OK,
                    switch (form) {
                        case TEXT ->
                            readings.stream()
                                    .map(r -> Lines.reading(r.time(), device, r.tag(), r.value(), r.status()))
                                    .collect(Collectors.joining("\n"));
                        case JSON -> Json.object(json -> write(device, readings, json));
                    });
        } catch (TagAccess.UnknownTag e) {
            return Reply.error(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        } catch (TimeoutException e) {
            return Reply.error(ExitCodes.UNAVAILABLE, "device " + device + " has not answered in time");
        }
    }

    public static Reply write(String device, String tag, String value, TagAccess access, Form form)
            throws InterruptedException {
        try {
            WriteResult result = access.write(tag, value);
            String name = device + "/" + tag;
            return switch (result) {
                case WriteResult.Written() ->
                    result(ExitCodes.OK, name, "written", name + " = " + value + ": written", form);
                case WriteResult.Returned(Value.Structure outputs) -> returned(name, outputs, form);
                case WriteResult.Refused(String why) ->
                    result(ExitCodes.REFUSED, name, "refused", name + ": refused, nothing was sent: " + why, form);
                case WriteResult.Failed(Status status, String why) ->
                    result(
                            ExitCodes.INCOMPLETE,
                            name,
                            "failed",
                            name + ": failed: " + why + " (" + Lines.quality(status) + ")",
                            form);
                case WriteResult.Unknown(String why) ->
                    result(
                            ExitCodes.UNKNOWN,
                            name,
                            "unknown",
                            name + ": it may or may not have taken effect: " + why + "; read it before writing again",
                            form);
            };
        } catch (TagAccess.UnknownTag e) {
            return Reply.error(ExitCodes.USAGE, String.valueOf(e.getMessage()));
        }
    }

    private static Reply returned(String name, Value.Structure outputs, Form form) {
        return Reply.of(
                ExitCodes.OK,
                switch (form) {
                    case TEXT ->
                        name + ": called"
                                + outputs.fields().stream()
                                        .map(output -> "\n  " + output.name() + " = " + Lines.text(output.value()))
                                        .collect(Collectors.joining());
                    case JSON ->
                        Json.object(json -> {
                            json.writeStringProperty("tag", name);
                            json.writeStringProperty("result", "called");
                            json.writeName("outputs");
                            write(outputs, json);
                        });
                });
    }

    private static Reply result(int exit, String name, String outcome, String text, Form form) {
        String answer = switch (form) {
            case TEXT -> exit == ExitCodes.OK ? text : "";
            case JSON ->
                Json.object(json -> {
                    json.writeStringProperty("tag", name);
                    json.writeStringProperty("result", outcome);
                });
        };
        return new Reply(exit, exit == ExitCodes.OK ? "" : text, answer);
    }

    private static void write(String device, List<TagReading> readings, JsonGenerator json) {
        json.writeStringProperty("device", device);
        json.writeArrayPropertyStart("readings");
        for (TagReading reading : readings) {
            json.writeStartObject();
            json.writeStringProperty("tag", reading.tag().name());
            json.writeStringProperty("time", Json.time(reading.time()));
            json.writeName("value");
            write(reading.value(), json);
            if (reading.value() != null) {
                reading.tag().nameOf(reading.value()).ifPresent(text -> json.writeStringProperty("text", text));
            }
            if (!reading.tag().unit().isEmpty()) {
                json.writeStringProperty("unit", reading.tag().unit());
            }
            json.writeStringProperty(
                    "quality", reading.status().quality().name().toLowerCase(Locale.ROOT));
            if (reading.status().code() != 0) {
                json.writeNumberProperty(
                        "code", Integer.toUnsignedLong(reading.status().code()));
                json.writeStringProperty("codeSpace", Json.name(reading.status().space()));
            }
            json.writeEndObject();
        }
        json.writeEndArray();
    }

    private static void write(@Nullable Value value, JsonGenerator json) {
        switch (value) {
            case null -> json.writeNull();
            case Value.Float32(float v) when Float.isFinite(v) -> json.writeNumber(v);
            case Value.Float64(double v) when Double.isFinite(v) -> json.writeNumber(v);
            case Value.Float32 _, Value.Float64 _ -> json.writeNull();
            case Value.Signed(long v) -> json.writeNumber(v);
            case Value.Unsigned(long v) -> json.writeNumber(new BigInteger(Long.toUnsignedString(v)));
            case Value.Bool(boolean v) -> json.writeBoolean(v);
            case Value.Text(String v) -> json.writeString(v);
            case Value.Bytes(byte[] v) -> json.writeBinary(v);
            case Value.Elements(var values) -> {
                json.writeStartArray();
                values.forEach(element -> write(element, json));
                json.writeEndArray();
            }
            case Value.Structure(var fields) -> {
                json.writeStartObject();
                fields.forEach(field -> {
                    json.writeName(field.name());
                    write(field.value(), json);
                });
                json.writeEndObject();
            }
        }
    }
}

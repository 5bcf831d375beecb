package io.sluice.gateway.control;

import java.io.StringWriter;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Version 1 of what is spoken over the control socket: one JSON object in one line from the client, one back, and the
 * connection is closed.
 *
 * <pre>
 * {"version":1,"gateway":"plant-7","form":"json","command":"read","device":"meter-1","tag":"voltage-l1"}
 * {"version":1,"exit":0,"answer":{…}}          form text: "text":"…"; where something is wrong: "error":"…"
 * </pre>
 *
 * A client that speaks another version is told which one this gateway speaks. Fields that are not known are an error: a
 * misspelt one must not pass unseen where it could write to a device.
 */
final class ControlProtocol {

    static final int VERSION = 1;

    private static final JsonFactory FACTORY = new JsonFactory();

    /** What came is not a call or a reply; the text is for people. */
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1;

        Malformed(String message) {
            super(message);
        }
    }

    private enum Command {
        STATUS,
        QUEUE_STATS,
        QUEUE_LIST,
        READ,
        WRITE;

        String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    private ControlProtocol() {}

    // ---- calls

    static String encode(Call call) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = generator(text)) {
            json.writeStartObject();
            json.writeNumberProperty("version", VERSION);
            json.writeStringProperty("gateway", call.gateway());
            json.writeStringProperty("form", call.form().name().toLowerCase(Locale.ROOT));
            encode(call.request(), json);
            json.writeEndObject();
        }
        return text.toString();
    }

    private static void encode(Request request, JsonGenerator json) {
        switch (request) {
            case Request.Status() -> command(Command.STATUS, json);
            case Request.QueueStatistics() -> command(Command.QUEUE_STATS, json);
            case Request.QueueList(int limit) -> {
                command(Command.QUEUE_LIST, json);
                json.writeNumberProperty("limit", limit);
            }
            case Request.Read(String device, Optional<String> tag) -> {
                command(Command.READ, json);
                json.writeStringProperty("device", device);
                tag.ifPresent(name -> json.writeStringProperty("tag", name));
            }
            case Request.Write(String device, String tag, String value) -> {
                command(Command.WRITE, json);
                json.writeStringProperty("device", device);
                json.writeStringProperty("tag", tag);
                json.writeStringProperty("value", value);
            }
        }
    }

    private static void command(Command command, JsonGenerator json) {
        json.writeStringProperty("command", command.text());
    }

    static Call call(String line) throws Malformed {
        Fields fields = Fields.parse(line);
        fields.requireVersion();
        String gateway = fields.optional("gateway").orElse("");
        Call.Form form = form(fields.optional("form").orElse("text"));
        Call call = new Call(gateway, form, request(fields));
        fields.requireNoMore();
        return call;
    }

    private static Call.Form form(String name) throws Malformed {
        return switch (name) {
            case "text" -> Call.Form.TEXT;
            case "json" -> Call.Form.JSON;
            default -> throw new Malformed("unknown form '" + name + "', expected text or json");
        };
    }

    private static Request request(Fields fields) throws Malformed {
        String name = fields.required("command");
        Command command = Stream.of(Command.values())
                .filter(known -> known.text().equals(name))
                .findFirst()
                .orElseThrow(() -> new Malformed("unknown command '" + name + "', expected one of " + commands()));
        return switch (command) {
            case STATUS -> new Request.Status();
            case QUEUE_STATS -> new Request.QueueStatistics();
            case QUEUE_LIST -> new Request.QueueList(limit(fields.required("limit")));
            case READ -> new Request.Read(fields.required("device"), fields.optional("tag"));
            case WRITE ->
                new Request.Write(fields.required("device"), fields.required("tag"), fields.required("value"));
        };
    }

    private static String commands() {
        return Stream.of(Command.values()).map(Command::text).collect(Collectors.joining(", "));
    }

    private static int limit(String text) throws Malformed {
        if (!text.matches("\\d{1,5}")) {
            throw new Malformed("bad limit '" + text + "', expected 1 to " + Request.QueueList.MOST);
        }
        try {
            return new Request.QueueList(Integer.parseInt(text)).limit();
        } catch (IllegalArgumentException e) {
            throw new Malformed(String.valueOf(e.getMessage()));
        }
    }

    // ---- replies

    static String encode(Reply reply, Call.Form form) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = generator(text)) {
            json.writeStartObject();
            json.writeNumberProperty("version", VERSION);
            json.writeNumberProperty("exit", reply.exit());
            if (!reply.error().isEmpty()) {
                json.writeStringProperty("error", reply.error());
            }
            if (!reply.answer().isEmpty() && form == Call.Form.JSON) {
                json.writeName("answer");
                json.writeRawValue(reply.answer());
            } else if (!reply.answer().isEmpty()) {
                json.writeStringProperty("text", reply.answer());
            }
            json.writeEndObject();
        }
        return text.toString();
    }

    static Reply reply(String line) throws Malformed {
        Fields fields = Fields.parse(line);
        fields.requireVersion();
        String exit = fields.required("exit");
        if (!exit.matches("\\d{1,3}")) {
            throw new Malformed("bad exit '" + exit + "'");
        }
        String answer =
                fields.optional("answer").or(() -> fields.optional("text")).orElse("");
        return new Reply(Integer.parseInt(exit), fields.optional("error").orElse(""), answer);
    }

    private static JsonGenerator generator(StringWriter text) {
        return FACTORY.createGenerator(ObjectWriteContext.empty(), text);
    }

    /** The fields of one object: scalars as their text, objects as their JSON. Each is taken once. */
    private record Fields(Map<String, String> left) {

        static Fields parse(String line) throws Malformed {
            try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), line)) {
                if (parser.nextToken() != JsonToken.START_OBJECT) {
                    throw new Malformed("expected one JSON object in one line");
                }
                Map<String, String> fields = new TreeMap<>();
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    String name = parser.currentName();
                    if (fields.put(name, value(parser)) != null) {
                        throw new Malformed("field '" + name + "' is there twice");
                    }
                }
                if (parser.nextToken() != null) {
                    throw new Malformed("expected one JSON object in one line");
                }
                return new Fields(fields);
            } catch (JacksonException e) {
                throw new Malformed("not JSON: " + e.getOriginalMessage());
            }
        }

        private static String value(JsonParser parser) {
            JsonToken token = parser.nextToken();
            if (token != null && token.isScalarValue()) {
                return parser.getString();
            }
            StringWriter nested = new StringWriter();
            try (JsonGenerator copy = generator(nested)) {
                copy.copyCurrentStructure(parser);
            }
            return nested.toString();
        }

        Optional<String> optional(String name) {
            @Nullable String value = left.remove(name);
            return Optional.ofNullable(value);
        }

        String required(String name) throws Malformed {
            return optional(name).orElseThrow(() -> new Malformed("field '" + name + "' is missing"));
        }

        void requireVersion() throws Malformed {
            String version = required("version");
            if (!version.equals(Integer.toString(VERSION))) {
                throw new Malformed("version " + version + " is not spoken here, but version " + VERSION
                        + ": use the sluice command of the gateway's own version");
            }
        }

        void requireNoMore() throws Malformed {
            if (!left.isEmpty()) {
                throw new Malformed("unknown field '" + left.keySet().iterator().next() + "'");
            }
        }
    }
}

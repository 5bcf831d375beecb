package io.sluice.telemetry;

import io.sluice.telemetry.ClockState.Synchronised;
import io.sluice.telemetry.ClockState.Timescale;
import io.sluice.telemetry.Message.Lane;
import io.sluice.telemetry.Message.LossCount;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.Value.Structure.Field;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** The messages of schema version 1 whose bytes are frozen in {@code golden/v1}; the README there says how and why. */
final class GoldenVectors {

    static final Path DIRECTORY = Path.of("src/test/resources/golden/v1");

    private static final Epoch EPOCH = new Epoch(0x6a1f03b2, 0x9c41d7e05b2a8f16L);
    private static final Epoch PREVIOUS = new Epoch(0x6a1e88d0, 0x00f3a6217d94c5b8L);
    private static final long MORNING = 1_795_166_043L;

    private static final ClockState SYNCHRONISED = new ClockState(
            Timescale.TAI,
            OptionalInt.of(37),
            3,
            new ClockState.Quality(
                    Synchronised.YES,
                    OptionalLong.of(12_500),
                    OptionalLong.of(2_000_000),
                    OptionalInt.of(248),
                    OptionalInt.of(0x29)));

    private GoldenVectors() {}

    /** By name of their files. */
    static Map<String, Message> messages() {
        Map<String, Message> messages = new LinkedHashMap<>();
        messages.put("batch-one-float", numbered(4711, Lane.LIVE, oneFloat()));
        messages.put("batch-every-column", numbered(4712, Lane.BACKLOG, everyColumn()));
        messages.put("batch-without-values", numbered(4713, Lane.RETRY, withoutValues()));
        messages.put("start-first", numbered(1, Lane.LIVE, firstStart()));
        messages.put("start-again", numbered(1, Lane.BACKLOG, startAgain()));
        messages.put("loss", numbered(4714, Lane.LIVE, loss()));
        messages.put("clock-step", numbered(4715, Lane.LIVE, clockStep()));
        messages.put("epoch-end", numbered(4716, Lane.LIVE, new Message.EpochEnd(PREVIOUS, 90_210)));
        messages.put("loss-range", unnumbered(PREVIOUS, 17, lossRange()));
        messages.put("loss-range-merged", unnumbered(EPOCH, 4702, mergedRange()));
        messages.put("heartbeat-opening", unnumbered(EPOCH, 1, new Message.Heartbeat(0, 1, true, false)));
        messages.put("heartbeat-closing", unnumbered(EPOCH, 4717, new Message.Heartbeat(4716, 3, false, true)));
        messages.put("birth", unnumbered(EPOCH, 0, birth()));
        messages.put("birth-event", unnumbered(EPOCH, 0, eventBirth()));
        messages.put("birth-detail", unnumbered(EPOCH, 0, detailedBirth()));
        messages.put("birth-bits", unnumbered(EPOCH, 0, birthWithBits()));
        messages.put("batch-event", numbered(4717, Lane.LIVE, event()));
        messages.put("status", unnumbered(EPOCH, 0, status()));
        return messages;
    }

    private static Message numbered(long sequence, Lane lane, Message.Body body) {
        return new Message(1, "plant-7", "meter-1", EPOCH, sequence, sequence == 1 ? 1 : 4702, lane, body);
    }

    private static Message unnumbered(Epoch epoch, long settled, Message.Body body) {
        Lane lane = settled == 0 ? Lane.UNSPECIFIED : Lane.LIVE;
        return new Message(1, "plant-7", "meter-1", epoch, 0, settled, lane, body);
    }

    private static PtpTimestamp utc(int nanoseconds) {
        return new PtpTimestamp(MORNING, nanoseconds);
    }

    private static PtpTimestamp tai(int nanoseconds) {
        return new PtpTimestamp(MORNING + 37, nanoseconds);
    }

    private static Message.Reading reading(
            int alias, ValueType type, int nanoseconds, @Nullable Value value, Status status) {
        return new Message.Reading(alias, Optional.empty(), type, tai(nanoseconds), value, status);
    }

    private static Message.Reading good(int alias, int nanoseconds, Value value) {
        return reading(alias, value.type(), nanoseconds, value, Status.GOOD);
    }

    private static Message.Batch oneFloat() {
        return new Message.Batch(
                SYNCHRONISED,
                Message.Origin.LIVE,
                tai(120_000_000),
                List.of(good(1, 120_450_000, new Value.Float32(230.1f))));
    }

    private static Message.Batch everyColumn() {
        Value structure = new Value.Structure(List.of(
                new Field("batch", new Value.Text("Ä-17")),
                new Field("counts", new Value.Elements(List.of(new Value.Signed(-1), new Value.Signed(300)))),
                new Field("torque", null),
                new Field("raw", new Value.Bytes(new byte[] {1, 2, (byte) 0xff}))));
        Value mixed = new Value.Elements(
                Arrays.asList(new Value.Float32(1.5f), null, new Value.Bool(true), new Value.Text("x")));
        return new Message.Batch(
                SYNCHRONISED,
                Message.Origin.HISTORY,
                tai(120_000_000),
                List.of(
                        good(1, 120_000_001, new Value.Float32(230.1f)),
                        good(2, 119_999_999, new Value.Float32(Float.NaN)),
                        good(3, 120_000_000, new Value.Float64(6.02214076e23)),
                        good(4, 120_000_000, new Value.Signed(-3)),
                        good(5, 120_000_000, new Value.Signed(3)),
                        good(6, 120_000_000, new Value.Unsigned(-1)),
                        good(7, 120_000_000, new Value.Bool(true)),
                        good(8, 120_000_000, new Value.Text("läuft")),
                        good(9, 120_000_000, new Value.Bytes(new byte[] {0, (byte) 0x80, 0x7f})),
                        good(10, 120_000_000, structure),
                        good(300, 500_000_000, mixed)));
    }

    private static Message.Batch withoutValues() {
        Status unreachable = Status.bad(SluiceCode.DEVICE_UNREACHABLE);
        Status busy = new Status(Quality.BAD, CodeSpace.MODBUS, 6);
        Status opcua = new Status(Quality.UNCERTAIN, CodeSpace.OPCUA, 0x40910000);
        ClockState unknown = ClockState.UNKNOWN;
        return new Message.Batch(
                unknown,
                Message.Origin.LIVE,
                tai(0),
                List.of(
                        good(1, 1, new Value.Float32(1)),
                        reading(1, ValueType.FLOAT32, 2, null, unreachable),
                        reading(2, ValueType.FLOAT32, 2, null, unreachable),
                        reading(1, ValueType.FLOAT32, 3, new Value.Float32(2), opcua),
                        reading(8, ValueType.STRING, 2, null, busy)));
    }

    private static Message.Start firstStart() {
        return new Message.Start(
                Optional.empty(),
                0,
                false,
                Optional.empty(),
                "6f1c2b9e-8d1f-4b52-9f57-5e2a4c0d7b11",
                utc(0),
                "sluice 0.1.0");
    }

    private static Message.Start startAgain() {
        return new Message.Start(
                Optional.of(PREVIOUS),
                90_210,
                true,
                Optional.of(new PtpTimestamp(MORNING - 60, 999_999_999)),
                "6f1c2b9e-8d1f-4b52-9f57-5e2a4c0d7b11",
                utc(0),
                "sluice 0.1.0");
    }

    private static Message.Loss loss() {
        return new Message.Loss(
                List.of(
                        new LossCount(LossReason.HAND_OFF_FULL, 0, 1_200),
                        new LossCount(LossReason.ADAPTER_QUEUE, 0, 0),
                        new LossCount(LossReason.SOURCE_GAP, 0, 7),
                        new LossCount(LossReason.NOT_STORED, 0, 1)),
                utc(0),
                utc(250_000_000));
    }

    private static Message.ClockStep clockStep() {
        return new Message.ClockStep(-1_500_000_000L, 86_400_000_000_001L, SYNCHRONISED, utc(5));
    }

    private static Message.LossRange lossRange() {
        return new Message.LossRange(
                PREVIOUS, 17, PREVIOUS, 40, List.of(new LossCount(LossReason.EVICTED, 24, 2_400)), 3);
    }

    private static Message.LossRange mergedRange() {
        return new Message.LossRange(
                PREVIOUS,
                17,
                EPOCH,
                4702,
                List.of(
                        new LossCount(LossReason.EVICTED, 24, 2_400),
                        new LossCount(LossReason.EXPIRED, 2, 200),
                        new LossCount(LossReason.REJECTED, 1, 100),
                        new LossCount(LossReason.UNREADABLE, 1, 0)),
                9);
    }

    private static TagDescriptor tag(String name, ValueType type, String unit, EnumValue... values) {
        return new TagDescriptor(
                name, type, unit, "", List.of(values), OptionalDouble.empty(), OptionalDouble.empty(), "");
    }

    private static Message.Birth birth() {
        TagDescriptor voltage = new TagDescriptor(
                "voltage-l1",
                ValueType.FLOAT32,
                "V",
                "Phase 1 to neutral",
                List.of(),
                OptionalDouble.of(0),
                OptionalDouble.of(300.5),
                "input 0");
        var states =
                new EnumValue[] {new EnumValue(-3, "fault"), new EnumValue(0, "idle"), new EnumValue(3, "running")};
        Message.AliasTable current = new Message.AliasTable(
                EPOCH,
                Map.of(
                        1, voltage,
                        2, tag("voltage-l2", ValueType.FLOAT32, "V"),
                        3, tag("energy-total", ValueType.FLOAT64, "kWh"),
                        4, tag("state", ValueType.SIGNED, "", states),
                        6, tag("serial", ValueType.UNSIGNED, ""),
                        7, tag("door", ValueType.BOOL, "", new EnumValue(0, "closed"), new EnumValue(1, "open")),
                        8, tag("message", ValueType.STRING, ""),
                        9, tag("raw", ValueType.BYTES, ""),
                        300, tag("recipe", ValueType.STRUCTURE, "")));
        Message.AliasTable previous = new Message.AliasTable(PREVIOUS, Map.of(1, voltage));
        return new Message.Birth(0x8000_0000_0000_0001L, 0, 2, List.of(previous, current));
    }

    private static Message.Birth birthWithBits() {
        TagDescriptor faults = new TagDescriptor(
                "faults",
                ValueType.UNSIGNED,
                "",
                "",
                List.of(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                "p:s=Press.Faults",
                TagDescriptor.Kind.VALUE,
                new TagDescriptor.Detail(
                        "Faults",
                        "",
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        OptionalDouble.empty(),
                        List.of(new EnumValue(0, "overload"), new EnumValue(5, "door open"))));
        return new Message.Birth(
                0x8000_0000_0000_0003L, 0, 1, List.of(new Message.AliasTable(EPOCH, Map.of(303, faults))));
    }

    private static Message.Birth detailedBirth() {
        TagDescriptor force = new TagDescriptor(
                "force",
                ValueType.FLOAT64,
                "kN",
                "Force at the ram",
                List.of(),
                OptionalDouble.of(0),
                OptionalDouble.of(4_000),
                "p:s=Press.Force",
                TagDescriptor.Kind.VALUE,
                new TagDescriptor.Detail(
                        "Pressing force",
                        "i=17497",
                        OptionalDouble.of(-50),
                        OptionalDouble.of(4_500),
                        OptionalDouble.of(1)));
        return new Message.Birth(
                0x8000_0000_0000_0001L, 1, 2, List.of(new Message.AliasTable(EPOCH, Map.of(302, force))));
    }

    private static Message.Birth eventBirth() {
        TagDescriptor alarms = new TagDescriptor(
                "alarms",
                ValueType.STRUCTURE,
                "",
                "",
                List.of(),
                OptionalDouble.empty(),
                OptionalDouble.empty(),
                "i=2253",
                TagDescriptor.Kind.EVENT);
        return new Message.Birth(
                0x8000_0000_0000_0001L, 1, 2, List.of(new Message.AliasTable(EPOCH, Map.of(301, alarms))));
    }

    private static Message.Batch event() {
        Value alarm = new Value.Structure(List.of(
                new Field("event-id", new Value.Bytes(new byte[] {1, 2, (byte) 0xff})),
                new Field("event-type", new Value.Text("i=9482")),
                new Field("source", new Value.Text("Hydraulics")),
                new Field("message", new Value.Text("oil is hot")),
                new Field("severity", new Value.Unsigned(700)),
                new Field("condition", new Value.Text("OilTemperature")),
                new Field("retain", new Value.Bool(true)),
                new Field("acknowledged", new Value.Bool(false)),
                new Field("active", new Value.Bool(true))));
        return new Message.Batch(
                SYNCHRONISED, Message.Origin.LIVE, tai(120_000_000), List.of(good(301, 120_450_000, alarm)));
    }

    private static Message.DeviceStatus status() {
        return new Message.DeviceStatus(
                Message.State.OFFLINE,
                3,
                true,
                "no answer from 10.0.0.12:502 unit 1 within 1s",
                utc(0),
                Map.of("requests", 86_400L, "timeouts", 3L, "a", -1L));
    }

    /** Names as the vectors {@code birth} and {@code birth-event} give them. */
    static TagTables names() {
        TagTables names = new TagTables();
        names.accept(java.util.Objects.requireNonNull(messages().get("birth")));
        names.accept(java.util.Objects.requireNonNull(messages().get("birth-event")));
        return names;
    }

    /** Writes the vectors that are not there yet. One that is there is never written again. */
    public static void main(String[] arguments) throws IOException {
        Files.createDirectories(DIRECTORY);
        TagTables names = names();
        for (Map.Entry<String, Message> entry : messages().entrySet()) {
            Message message = entry.getValue();
            writeOnce(entry.getKey() + ".bin", ProtobufCodec.encode(message));
            writeOnce(entry.getKey() + ".json", JsonCodec.encode(message, names.of(message)));
        }
    }

    private static void writeOnce(String file, byte[] bytes) throws IOException {
        Path path = DIRECTORY.resolve(file);
        if (!Files.exists(path)) {
            Files.write(path, bytes);
        }
    }
}

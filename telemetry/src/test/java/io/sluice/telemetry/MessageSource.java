package io.sluice.telemetry;

import io.sluice.telemetry.Message.LossCount;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Messages of every kind with any content that the contract allows. */
final class MessageSource {

    private final Random random;

    MessageSource(Random random) {
        this.random = random;
    }

    Message message() {
        return new Message(
                Message.SCHEMA,
                "g" + text(),
                "d" + text(),
                epoch(),
                number(),
                number(),
                constant(Message.Lane.class),
                body());
    }

    private Message.Body body() {
        return switch (random.nextInt(12)) {
            case 0 ->
                new Message.Start(
                        Optional.of(epoch()),
                        number(),
                        random.nextBoolean(),
                        Optional.of(time()),
                        text(),
                        time(),
                        text());
            case 1 -> new Message.Start(Optional.empty(), 0, false, Optional.empty(), text(), time(), text());
            case 2 -> new Message.Loss(counts(), time(), time());
            case 3 -> new Message.ClockStep(random.nextLong(), number(), clock(), time());
            case 4 -> new Message.EpochEnd(epoch(), number());
            case 5 -> new Message.LossRange(epoch(), number(), epoch(), number(), counts(), number());
            case 6 -> new Message.Heartbeat(number(), number(), random.nextBoolean(), random.nextBoolean());
            case 7 -> new Message.Birth(random.nextLong(), 1, 1 + 1 + random.nextInt(5), list(this::table));
            case 8 ->
                new Message.DeviceStatus(
                        constant(Message.State.class), number(), random.nextBoolean(), text(), time(), counters());
            default -> batch();
        };
    }

    Message.Batch batch() {
        PtpTimestamp base = time();
        List<Message.Reading> readings = new ArrayList<>(list(() -> reading(base)));
        readings.sort(Comparator.comparing(Message.Reading::type));
        return new Message.Batch(clock(), constant(Message.Origin.class), base, readings);
    }

    private Message.Reading reading(PtpTimestamp base) {
        ValueType type = constant(ValueType.class);
        Value value = random.nextInt(6) == 0 ? null : value(type, 2);
        long span = Math.min(base.seconds(), 1L << 31);
        long seconds = base.seconds() + (span == 0 ? 0 : random.nextLong(-span, span));
        PtpTimestamp time = new PtpTimestamp(Math.min(seconds, (1L << 48) - 1), random.nextInt(1_000_000_000));
        int alias = 1 + random.nextInt(Integer.MAX_VALUE);
        return new Message.Reading(alias, Optional.empty(), type, time, value, status());
    }

    private Value value(ValueType type, int depth) {
        return switch (type) {
            case FLOAT32 -> new Value.Float32(Float.intBitsToFloat(random.nextInt()));
            case FLOAT64 -> new Value.Float64(Double.longBitsToDouble(random.nextLong()));
            case SIGNED -> new Value.Signed(random.nextLong() >> random.nextInt(64));
            case UNSIGNED -> new Value.Unsigned(random.nextLong() >> random.nextInt(64));
            case BOOL -> new Value.Bool(random.nextBoolean());
            case STRING -> new Value.Text(text());
            case BYTES -> new Value.Bytes(text().getBytes(java.nio.charset.StandardCharsets.UTF_16));
            case STRUCTURE -> random.nextBoolean() ? structure(depth) : array(depth);
        };
    }

    private Value structure(int depth) {
        List<Value.Structure.Field> fields = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            fields.add(new Value.Structure.Field("f" + i, nested(depth)));
        }
        return new Value.Structure(fields);
    }

    private Value array(int depth) {
        ValueType same = constant(ValueType.class);
        boolean mixed = random.nextBoolean();
        List<@Nullable Value> values = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            values.add(mixed || (depth == 0 && same == ValueType.STRUCTURE) ? nested(depth) : value(same, depth - 1));
        }
        return new Value.Elements(values);
    }

    private @Nullable Value nested(int depth) {
        ValueType type = constant(ValueType.class);
        return random.nextInt(5) == 0 || (depth == 0 && type == ValueType.STRUCTURE) ? null : value(type, depth - 1);
    }

    private Status status() {
        return random.nextInt(3) > 0
                ? Status.GOOD
                : new Status(
                        constant(Status.Quality.class),
                        constant(Status.CodeSpace.class),
                        random.nextBoolean() ? 0 : random.nextInt());
    }

    ClockState clock() {
        boolean tai = random.nextBoolean();
        OptionalInt offset =
                tai || random.nextBoolean() ? OptionalInt.of(random.nextInt(-40, 60)) : OptionalInt.empty();
        return new ClockState(
                tai ? ClockState.Timescale.TAI : ClockState.Timescale.ARB,
                offset,
                number(),
                new ClockState.Quality(
                        constant(ClockState.Synchronised.class),
                        random.nextBoolean() ? OptionalLong.of(number()) : OptionalLong.empty(),
                        random.nextBoolean() ? OptionalLong.of(number()) : OptionalLong.empty(),
                        random.nextBoolean() ? OptionalInt.of(random.nextInt(256)) : OptionalInt.empty(),
                        random.nextBoolean() ? OptionalInt.of(random.nextInt(256)) : OptionalInt.empty()));
    }

    TagDescriptor tag() {
        List<TagDescriptor.EnumValue> enumeration = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            enumeration.add(new TagDescriptor.EnumValue(i * 3L - 5, text()));
        }
        return new TagDescriptor(
                "t" + text(),
                constant(ValueType.class),
                text(),
                text(),
                enumeration,
                end(),
                end(),
                text(),
                constant(TagDescriptor.Kind.class),
                new TagDescriptor.Detail(text(), text(), end(), end(), end()));
    }

    private OptionalDouble end() {
        return random.nextBoolean() ? OptionalDouble.of(random.nextDouble()) : OptionalDouble.empty();
    }

    private Message.AliasTable table() {
        Map<Integer, TagDescriptor> tags = new TreeMap<>();
        list(() -> random.nextInt(1, 1 << 20)).forEach(alias -> tags.put(alias, tag()));
        return new Message.AliasTable(epoch(), tags);
    }

    private Map<String, Long> counters() {
        Map<String, Long> counters = new TreeMap<>();
        list(this::text).forEach(name -> counters.put(name, random.nextLong()));
        return counters;
    }

    private List<LossCount> counts() {
        return list(() -> new LossCount(constant(Message.LossReason.class), number(), number()));
    }

    private Epoch epoch() {
        return new Epoch(random.nextInt(), random.nextInt(5) == 0 ? 0 : random.nextLong());
    }

    private PtpTimestamp time() {
        return new PtpTimestamp(random.nextLong(1L << random.nextInt(48)), random.nextInt(1_000_000_000));
    }

    /** Small and great ones. */
    private long number() {
        return random.nextLong() >>> random.nextInt(1, 64);
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(6); i > 0; i--) {
            int point = random.nextInt(1 << random.nextInt(1, 17));
            text.appendCodePoint(point >= 0xD800 && point < 0xE000 ? '"' : point);
        }
        return text.toString();
    }

    private <E extends Enum<E>> E constant(Class<E> type) {
        return type.getEnumConstants()[random.nextInt(type.getEnumConstants().length)];
    }

    private <T> List<T> list(Supplier<T> element) {
        List<T> list = new ArrayList<>();
        for (int i = random.nextInt(5); i > 0; i--) {
            list.add(element.get());
        }
        return list;
    }
}

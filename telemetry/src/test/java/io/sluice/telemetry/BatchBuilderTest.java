package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.telemetry.ClockState.Timescale;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import io.sluice.telemetry.Status.SluiceCode;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BatchBuilderTest {

    private static final long NOON = 1_795_000_000_120_450_000L;
    private static final ClockState TAI =
            new ClockState(Timescale.TAI, OptionalInt.of(37), 3, ClockState.Quality.UNKNOWN);

    private static Message.Batch decode(byte[] body) {
        byte[] message = ProtobufCodec.envelope("g", "d", new Epoch(1, 2), 7, 5, Message.Lane.LIVE, body);
        try {
            return (Message.Batch) ProtobufCodec.decode(message).body();
        } catch (MalformedMessage e) {
            throw new AssertionError(e);
        }
    }

    private static BatchBuilder builder(ClockState clock) {
        return new BatchBuilder(clock, Message.Origin.LIVE, NOON);
    }

    @Test
    void takesAtMostTwelveBytesForAFloatInABatchOfOneHundredAtDistinctNanoseconds() {
        BatchBuilder builder = builder(TAI);
        Random random = new Random(1);
        for (int i = 0; i < 100; i++) {
            long time = NOON + i * 10_000_000L + random.nextInt(10_000_000);
            builder.add(1_000 + i, ValueType.FLOAT32, new Value.Float32(random.nextFloat()), Status.GOOD, time);
        }

        assertThat(builder.encode().length).isLessThanOrEqualTo(100 * 12);
    }

    @Test
    void addsTheOffsetToTimesOfTimescaleTaiAndLeavesThoseOfArb() {
        BatchBuilder tai = builder(TAI);
        BatchBuilder arb = builder(ClockState.UNKNOWN);
        tai.add(1, ValueType.BOOL, new Value.Bool(true), Status.GOOD, NOON + 5);
        arb.add(1, ValueType.BOOL, new Value.Bool(true), Status.GOOD, NOON + 5);

        assertThat(decode(tai.encode()).readings().getFirst().time())
                .isEqualTo(PtpTimestamp.ofNanos(NOON + 5 + 37_000_000_000L));
        assertThat(decode(arb.encode()).readings().getFirst().time()).isEqualTo(PtpTimestamp.ofNanos(NOON + 5));
    }

    @Test
    void keepsSourceTimesThatLieBeforeTheBase() {
        BatchBuilder builder = builder(ClockState.UNKNOWN);
        builder.add(1, ValueType.SIGNED, new Value.Signed(1), Status.GOOD, 0);
        builder.add(2, ValueType.SIGNED, new Value.Signed(2), Status.GOOD, NOON + 1);

        Message.Batch batch = decode(builder.encode());
        assertThat(batch.base()).isEqualTo(PtpTimestamp.ofNanos(NOON));
        assertThat(batch.readings())
                .extracting(Message.Reading::time)
                .containsExactly(PtpTimestamp.ofNanos(0), PtpTimestamp.ofNanos(NOON + 1));
    }

    @Test
    void neverLowersTheBaseFromOneBatchToTheNext() {
        BatchBuilder builder = builder(ClockState.UNKNOWN);
        builder.add(1, ValueType.SIGNED, new Value.Signed(1), Status.GOOD, NOON + 100);
        assertThat(decode(builder.encode()).base()).isEqualTo(PtpTimestamp.ofNanos(NOON + 100));

        builder.add(1, ValueType.SIGNED, new Value.Signed(1), Status.GOOD, NOON + 50);
        assertThat(decode(builder.encode()).base()).isEqualTo(PtpTimestamp.ofNanos(NOON + 100));
        assertThat(builder.baseNanos()).isEqualTo(NOON + 100);
    }

    @Test
    void saysStatusOnlyWhereSomethingIsNotGood() throws Exception {
        BatchBuilder builder = builder(ClockState.UNKNOWN);
        for (int i = 0; i < 5; i++) {
            builder.add(1, ValueType.BOOL, new Value.Bool(true), Status.GOOD, NOON);
            Status status = i < 3 ? Status.GOOD : Status.bad(SluiceCode.DEVICE_UNREACHABLE);
            builder.add(2, ValueType.SIGNED, i < 3 ? new Value.Signed(i) : null, status, NOON);
        }
        var batch =
                io.sluice.telemetry.proto.Message.parseFrom(builder.encode()).getBatch();

        assertThat(batch.getBools().getStatusCount()).isZero();
        assertThat(batch.getSigned().getStatusList())
                .extracting(run -> run.getCount() + " " + run.getQuality() + " " + run.getSpace() + " " + run.getCode())
                .containsExactly("3 QUALITY_GOOD CODE_SPACE_UNSPECIFIED 0", "2 QUALITY_BAD CODE_SPACE_SLUICE 1");
        assertThat(batch.getSigned().getAbsentList()).containsExactly(3, 4);
    }

    @Test
    void writesTheBytesThatTheGeneratedClassesWrite() throws Exception {
        Random random = new Random(7);
        for (int round = 0; round < 200; round++) {
            BatchBuilder builder = builder(round % 2 == 0 ? TAI : ClockState.UNKNOWN);
            addRandom(builder, random, 1 + random.nextInt(60));
            byte[] body = builder.encode();

            assertThat(io.sluice.telemetry.proto.Message.parseFrom(body).toByteArray())
                    .isEqualTo(body);
        }
    }

    @Test
    void boundsItsSizeFromAboveAndNotTooLoosely() {
        Random random = new Random(8);
        BatchBuilder builder = builder(TAI);
        for (int round = 0; round < 200; round++) {
            int columns = 8;
            addRandom(builder, random, 1 + random.nextInt(400));
            int bound = builder.maxEncodedSize();
            int readings = builder.count();
            int size = builder.encode().length;

            assertThat(bound).isBetween(size, size + 40 + columns * 40 + readings * 7);
        }
    }

    @Test
    void isEmptyAfterEncodingAndEncodesTheNextBatchAlone() {
        BatchBuilder used = builder(TAI);
        addRandom(used, new Random(3), 300);
        used.encode();
        assertThat(used.count()).isZero();

        BatchBuilder fresh = new BatchBuilder(TAI, Message.Origin.LIVE, used.baseNanos());
        addRandom(used, new Random(4), 50);
        addRandom(fresh, new Random(4), 50);
        assertThat(used.encode()).isEqualTo(fresh.encode());
    }

    @Test
    void refusesWhatCannotBeSaidAndStaysAsItWas() {
        BatchBuilder builder = builder(ClockState.UNKNOWN);
        Value one = new Value.Signed(1);
        assertThatThrownBy(() -> builder.add(0, ValueType.SIGNED, one, Status.GOOD, NOON))
                .hasMessageContaining("alias");
        assertThatThrownBy(() -> builder.add(1, ValueType.BOOL, one, Status.GOOD, NOON))
                .hasMessageContaining("BOOL");
        assertThatThrownBy(() -> builder.add(1, ValueType.SIGNED, one, Status.GOOD, -1))
                .hasMessageContaining("1970");
        assertThatThrownBy(() -> builder.add(1, ValueType.STRUCTURE, nested(40), Status.GOOD, NOON))
                .hasMessageContaining("deeper than 32");
        assertThat(builder.count()).isZero();

        builder.add(1, ValueType.SIGNED, one, Status.GOOD, NOON);
        assertThat(decode(builder.encode()).readings()).hasSize(1);
    }

    private static Value nested(int depth) {
        Value value = new Value.Elements(List.of());
        for (int i = 0; i < depth; i++) {
            value = new Value.Elements(List.of(value));
        }
        return value;
    }

    private static void addRandom(BatchBuilder builder, Random random, int readings) {
        for (int i = 0; i < readings; i++) {
            ValueType type = pick(ValueType.values(), random);
            boolean absent = random.nextInt(5) == 0;
            builder.add(
                    1 + random.nextInt(1 << random.nextInt(1, 30)),
                    type,
                    absent ? null : value(type, random),
                    status(random),
                    NOON + random.nextLong(-NOON, 1L << random.nextInt(1, 60)));
        }
    }

    private static @Nullable Value value(ValueType type, Random random) {
        long number = random.nextLong() >> random.nextInt(64);
        return switch (type) {
            case FLOAT32 -> new Value.Float32(random.nextInt(4) == 0 ? Float.NaN : random.nextFloat());
            case FLOAT64 -> new Value.Float64(random.nextDouble());
            case SIGNED -> new Value.Signed(number);
            case UNSIGNED -> new Value.Unsigned(number);
            case BOOL -> new Value.Bool(random.nextBoolean());
            case STRING -> new Value.Text("é".repeat(random.nextInt(200)));
            case BYTES -> new Value.Bytes(new byte[random.nextInt(300)]);
            case STRUCTURE ->
                new Value.Structure(List.of(
                        new Value.Structure.Field("a", new Value.Signed(number)),
                        new Value.Structure.Field("b", null)));
        };
    }

    private static Status status(Random random) {
        return random.nextInt(3) > 0
                ? Status.GOOD
                : new Status(
                        pick(Quality.values(), random),
                        pick(CodeSpace.values(), random),
                        random.nextInt(3) * 0x4000_0001);
    }

    private static <T> T pick(T[] from, Random random) {
        return from[random.nextInt(from.length)];
    }
}

package io.sluice.adapter.modbus;

import io.sluice.telemetry.Value;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;

/** Values that a type can hold, any of them. */
final class RandomValues {

    private RandomValues() {}

    static Value of(DataType type, Random dice) {
        return switch (type) {
            case BOOL -> new Value.Bool(dice.nextBoolean());
            case INT8_HIGH, INT8_LOW -> new Value.Signed((byte) dice.nextInt());
            case UINT8_HIGH, UINT8_LOW -> new Value.Unsigned(dice.nextInt(0x100));
            case INT16 -> new Value.Signed((short) dice.nextInt());
            case UINT16 -> new Value.Unsigned(dice.nextInt(0x1_0000));
            case INT32 -> new Value.Signed(dice.nextInt());
            case UINT32 -> new Value.Unsigned(dice.nextLong(0x1_0000_0000L));
            case INT64 -> new Value.Signed(dice.nextLong());
            case UINT64 -> new Value.Unsigned(dice.nextLong());
            case FLOAT16 -> new Value.Float32(Float.float16ToFloat((short) dice.nextInt(0x7C00)));
            case FLOAT32 -> new Value.Float32(finite(Float.intBitsToFloat(dice.nextInt())));
            case FLOAT64 -> new Value.Float64(dice.nextGaussian() * 1e9);
            case BCD16 -> new Value.Unsigned(dice.nextInt(10_000));
            case BCD32 -> new Value.Unsigned(dice.nextInt(100_000_000));
            case BCD64 -> new Value.Unsigned(dice.nextLong(10_000_000_000_000_000L));
            case STRING -> new Value.Text("ä" + dice.nextInt(1_000_000) + "x");
            case BYTES -> bytes(dice);
            case DATETIME_UNIX ->
                new Value.Text(
                        Instant.ofEpochSecond(dice.nextLong(0x1_0000_0000L)).toString());
            case DATETIME_UNIX_MS ->
                new Value.Text(Instant.ofEpochMilli(dice.nextLong(1L << 42)).toString());
            case DATETIME_REGISTERS, DATETIME_IEC870, DATETIME_BCD, DATETIME_BYTES, DATETIME_POWERLOGIC, DATETIME_S7 ->
                new Value.Text(DateTimeFormatter.ISO_LOCAL_DATE_TIME.format(LocalDateTime.ofEpochSecond(
                        Instant.parse("2000-01-01T00:00:00Z").getEpochSecond() + dice.nextLong(2_500_000_000L),
                        0,
                        ZoneOffset.UTC)));
        };
    }

    private static float finite(float value) {
        return Float.isFinite(value) ? value : 1.5f;
    }

    private static Value bytes(Random dice) {
        byte[] bytes = new byte[12];
        dice.nextBytes(bytes);
        return new Value.Bytes(bytes);
    }
}

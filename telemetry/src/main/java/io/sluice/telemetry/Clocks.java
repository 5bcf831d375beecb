package io.sluice.telemetry;

import io.sluice.telemetry.proto.ClockQuality;
import io.sluice.telemetry.proto.Synchronised;
import io.sluice.telemetry.proto.Timescale;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** Clock state and timestamps between our records and the wire. */
final class Clocks {

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Clocks() {}

    /** What to add to UTC to get the batch's timescale. */
    static long offsetNanos(ClockState clock) {
        return switch (clock.timescale()) {
            case TAI -> clock.currentUtcOffset().orElseThrow() * NANOS_PER_SECOND;
            case ARB -> 0;
        };
    }

    /**
     * @throws IllegalArgumentException if the sum is outside the range of a timestamp
     */
    static PtpTimestamp plusNanos(PtpTimestamp time, long nanos) {
        long ofSecond = time.nanoseconds() + Math.floorMod(nanos, NANOS_PER_SECOND);
        long seconds = time.seconds() + Math.floorDiv(nanos, NANOS_PER_SECOND) + ofSecond / NANOS_PER_SECOND;
        return new PtpTimestamp(seconds, (int) (ofSecond % NANOS_PER_SECOND));
    }

    /**
     * @throws ArithmeticException if they are over 292 years apart
     */
    static long nanosBetween(PtpTimestamp from, PtpTimestamp to) {
        long seconds = Math.multiplyExact(to.seconds() - from.seconds(), NANOS_PER_SECOND);
        return Math.addExact(seconds, to.nanoseconds() - from.nanoseconds());
    }

    static io.sluice.telemetry.proto.PtpTimestamp encode(PtpTimestamp time) {
        return io.sluice.telemetry.proto.PtpTimestamp.newBuilder()
                .setSeconds(time.seconds())
                .setNanoseconds(time.nanoseconds())
                .build();
    }

    static PtpTimestamp decode(io.sluice.telemetry.proto.PtpTimestamp time) {
        if (time.getNanoseconds() < 0) {
            throw new IllegalArgumentException(
                    "nanoseconds outside 0 to 999,999,999: " + Integer.toUnsignedString(time.getNanoseconds()));
        }
        return new PtpTimestamp(time.getSeconds(), time.getNanoseconds());
    }

    static io.sluice.telemetry.proto.ClockState encode(ClockState clock) {
        var builder = io.sluice.telemetry.proto.ClockState.newBuilder()
                .setTimescale(Timescale.forNumber(EnumNumbers.of(clock.timescale())))
                .setGeneration(clock.generation())
                .setQuality(encode(clock.quality()));
        clock.currentUtcOffset().ifPresent(builder::setCurrentUtcOffset);
        return builder.build();
    }

    private static ClockQuality encode(ClockState.Quality quality) {
        var builder = ClockQuality.newBuilder()
                .setSynchronised(Synchronised.forNumber(EnumNumbers.of(quality.synchronised())));
        quality.estimatedError().ifPresent(builder::setEstimatedError);
        quality.maximumError().ifPresent(builder::setMaximumError);
        quality.clockClass().ifPresent(builder::setClockClass);
        quality.clockAccuracy().ifPresent(builder::setClockAccuracy);
        return builder.build();
    }

    static ClockState decode(io.sluice.telemetry.proto.ClockState clock) {
        return new ClockState(
                EnumNumbers.timescale(clock.getTimescaleValue()),
                clock.hasCurrentUtcOffset() ? OptionalInt.of(clock.getCurrentUtcOffset()) : OptionalInt.empty(),
                clock.getGeneration(),
                decode(clock.getQuality()));
    }

    private static ClockState.Quality decode(ClockQuality quality) {
        return new ClockState.Quality(
                EnumNumbers.synchronised(quality.getSynchronisedValue()),
                quality.hasEstimatedError() ? OptionalLong.of(quality.getEstimatedError()) : OptionalLong.empty(),
                quality.hasMaximumError() ? OptionalLong.of(quality.getMaximumError()) : OptionalLong.empty(),
                quality.hasClockClass() ? OptionalInt.of(quality.getClockClass()) : OptionalInt.empty(),
                quality.hasClockAccuracy() ? OptionalInt.of(quality.getClockAccuracy()) : OptionalInt.empty());
    }
}

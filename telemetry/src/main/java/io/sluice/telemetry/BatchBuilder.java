package io.sluice.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * Collects readings of one device and encodes them as the body of a message ({@code sluice.v1.Message} with nothing but
 * its {@code batch}). Confined to one thread. Reusable: {@link #encode} empties it. One builder serves one clock
 * generation.
 */
public final class BatchBuilder {

    private final byte[] clock;
    private final long offsetNanos;
    private final Message.Origin origin;
    private final Columns columns = new Columns();
    private long baseNanos;
    private long earliestNanos = Long.MAX_VALUE;

    /**
     * A builder of batches under one clock state.
     *
     * @param baseNanos lower bound of the base time, UTC nanoseconds since 1970; a batch's base never decreases within a
     *     clock generation. Times of readings may lie before it
     */
    public BatchBuilder(ClockState clock, Message.Origin origin, long baseNanos) {
        requireTime(baseNanos);
        this.clock = Clocks.encode(clock).toByteArray();
        this.offsetNanos = Clocks.offsetNanos(clock);
        this.origin = origin;
        this.baseNanos = baseNanos;
    }

    private static void requireTime(long nanos) {
        if (nanos < 0) {
            throw new IllegalArgumentException("time before 1970: " + nanos + " ns");
        }
    }

    /**
     * Adds one reading.
     *
     * @param alias 1 or more
     * @param type of the column; that of the value if there is one
     * @param value {@code null} for a reading without a value
     * @param timeNanos UTC, nanoseconds since 1970-01-01, 0 or more
     * @throws IllegalArgumentException if an argument is outside its range, a value is not of the type, or a structure is
     *     nested deeper than {@link Value#MAX_DEPTH}; the builder is then as before
     */
    public void add(int alias, ValueType type, @Nullable Value value, Status status, long timeNanos) {
        requireTime(timeNanos);
        columns.add(alias, type, value, status, timeNanos);
        earliestNanos = Math.min(earliestNanos, timeNanos);
    }

    /** Readings added since the last {@link #encode}. */
    public int count() {
        return columns.count();
    }

    /**
     * An upper bound of the encoded size in bytes: for every column at most 40 bytes, and for every change of status at
     * most 7 bytes, above the exact size.
     */
    public int maxEncodedSize() {
        return columns.maxEncodedSize(clock.length);
    }

    /**
     * Size in bytes that a value takes in a batch, without its alias, time and status. For numbers an upper bound; cheap but
     * for structures.
     */
    public static int encodedSize(Value value) {
        return switch (value) {
            case Value.Float32 _, Value.Float64 _, Value.Signed _, Value.Unsigned _, Value.Bool _ -> 10;
            case Value.Text _, Value.Bytes _, Value.Structure _, Value.Elements _ -> 6 + Column.blob(value).length;
        };
    }

    /** The base time of the batch encoded last, or the lower bound: the lower bound for the next builder. */
    public long baseNanos() {
        return baseNanos;
    }

    /** The encoded body. The builder is empty afterwards. Its base is the earliest time in it, or the lower bound. */
    public byte[] encode() {
        if (count() > 0) {
            baseNanos = Math.max(baseNanos, earliestNanos);
        }
        earliestNanos = Long.MAX_VALUE;
        PtpTimestamp base = Clocks.plusNanos(PtpTimestamp.ofNanos(baseNanos), offsetNanos);
        return columns.encode(base, baseNanos, clock, origin);
    }
}

package io.sluice.telemetry;

import org.jspecify.annotations.Nullable;

/**
 * Collects readings of one device and encodes them as the body of a message ({@code sluice.v1.Message} with nothing but
 * its {@code batch}). Confined to one thread. Reusable: {@link #encode} empties it.
 */
public final class BatchBuilder {

    /**
     * @param baseNanos lower bound of the base time, UTC nanoseconds since 1970; a batch's base never decreases within a
     *     clock generation
     */
    public BatchBuilder(ClockState clock, Message.Origin origin, long baseNanos) {
        throw new UnsupportedOperationException();
    }

    /**
     * @param alias 1 or more
     * @param type of the column; that of the value if there is one
     * @param value {@code null} for a reading without a value
     * @param timeNanos UTC, nanoseconds since 1970-01-01
     */
    public void add(int alias, ValueType type, @Nullable Value value, Status status, long timeNanos) {
        throw new UnsupportedOperationException();
    }

    /** Readings added since the last {@link #encode}. */
    public int count() {
        throw new UnsupportedOperationException();
    }

    /** An upper bound of the encoded size in bytes. */
    public int maxEncodedSize() {
        throw new UnsupportedOperationException();
    }

    /** The encoded body. The builder is empty afterwards. */
    public byte[] encode() {
        throw new UnsupportedOperationException();
    }
}

package io.sluice.telemetry;

/**
 * IEEE 1588-2019 §5.3.3 Timestamp: seconds and nanoseconds since the epoch of its timescale. The timescale is said by
 * what contains the timestamp.
 *
 * @param seconds 0 to 2^48 - 1
 * @param nanoseconds 0 to 999,999,999
 */
public record PtpTimestamp(long seconds, int nanoseconds) implements Comparable<PtpTimestamp> {

    public PtpTimestamp {
        if (seconds < 0 || seconds >= 1L << 48) {
            throw new IllegalArgumentException("seconds outside 0 to 2^48 - 1: " + seconds);
        }
        if (nanoseconds < 0 || nanoseconds > 999_999_999) {
            throw new IllegalArgumentException("nanoseconds outside 0 to 999,999,999: " + nanoseconds);
        }
    }

    /**
     * From a number of nanoseconds.
     *
     * @param nanos nanoseconds since the epoch of the timescale, 0 or more
     */
    public static PtpTimestamp ofNanos(long nanos) {
        return new PtpTimestamp(Math.floorDiv(nanos, 1_000_000_000L), (int) Math.floorMod(nanos, 1_000_000_000L));
    }

    /**
     * Nanoseconds since the epoch of the timescale.
     *
     * @throws ArithmeticException after the year 2262 of a timescale that began in 1970
     */
    public long toNanos() {
        return Math.addExact(Math.multiplyExact(seconds, 1_000_000_000L), nanoseconds);
    }

    @Override
    public int compareTo(PtpTimestamp other) {
        int bySeconds = Long.compare(seconds, other.seconds);
        return bySeconds != 0 ? bySeconds : Integer.compare(nanoseconds, other.nanoseconds);
    }
}

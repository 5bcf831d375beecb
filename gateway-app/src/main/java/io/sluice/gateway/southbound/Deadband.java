package io.sluice.gateway.southbound;

import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a reading is reported: the first, every change of status, a number that moved by more than the band, any
 * other value that changed, and whatever comes after the longest interval. Confined to its device's thread; its memory
 * is empty at every start.
 */
final class Deadband {

    private final double band;
    private final long maxIntervalNanos;

    private boolean reported;
    private @Nullable Value lastValue;
    private Status lastStatus = Status.GOOD;
    private long lastReport;

    /**
     * @param band engineering units, 0 or more
     * @param maxIntervalNanos {@link Long#MAX_VALUE} for none
     */
    Deadband(double band, long maxIntervalNanos) {
        this.band = band;
        this.maxIntervalNanos = maxIntervalNanos;
    }

    /**
     * @param monotonic nanoseconds
     */
    boolean report(@Nullable Value value, Status status, long monotonic) {
        boolean due = !reported
                || !status.equals(lastStatus)
                || monotonic - lastReport >= maxIntervalNanos
                || moved(value, lastValue);
        if (due) {
            reported = true;
            lastValue = value;
            lastStatus = status;
            lastReport = monotonic;
        }
        return due;
    }

    /** Whether this, which was read last, was not reported. */
    boolean holdsBack(@Nullable Value value, Status status) {
        return reported && !(Objects.equals(value, lastValue) && status.equals(lastStatus));
    }

    /** The next reading is reported whatever it is. */
    void forget() {
        reported = false;
    }

    private boolean moved(@Nullable Value now, @Nullable Value before) {
        double a = number(now);
        double b = number(before);
        if (Double.isNaN(a) || Double.isNaN(b)) {
            return !Objects.equals(now, before);
        }
        return Math.abs(a - b) > band;
    }

    private static double number(@Nullable Value value) {
        return switch (value) {
            case Value.Float32(float v) -> v;
            case Value.Float64(double v) -> v;
            case Value.Signed(long v) -> v;
            case Value.Unsigned(long v) -> v >= 0 ? v : (v >>> 1) * 2.0;
            case Value.Bool _, Value.Text _, Value.Bytes _, Value.Structure _, Value.Elements _ -> Double.NaN;
            case null -> Double.NaN;
        };
    }
}

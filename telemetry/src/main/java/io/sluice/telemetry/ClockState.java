package io.sluice.telemetry;

import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What is known of the gateway's clock at a moment; what is not known is empty, never guessed.
 *
 * @param currentUtcOffset TAI - UTC in seconds (IEEE 1588 currentUtcOffset), empty where it is not known
 * @param generation raised at every step of the clock or change of its offset, within an epoch of the process
 */
public record ClockState(Timescale timescale, OptionalInt currentUtcOffset, long generation, Quality quality) {

    public ClockState {
        if (timescale == Timescale.TAI && currentUtcOffset.isEmpty()) {
            throw new IllegalArgumentException("timescale TAI needs a known currentUtcOffset");
        }
        if (generation < 0) {
            throw new IllegalArgumentException("generation is negative or above 2^63 - 1: " + generation);
        }
    }

    /** Nothing is known but CLOCK_REALTIME itself. */
    public static final ClockState UNKNOWN = new ClockState(Timescale.ARB, OptionalInt.empty(), 0, Quality.UNKNOWN);

    /** IEEE 1588-2019 §7.2.1. */
    public enum Timescale {
        /** CLOCK_REALTIME + currentUtcOffset. */
        TAI,
        /** CLOCK_REALTIME as it is; the offset to TAI is not known. */
        ARB
    }

    public enum Synchronised {
        UNKNOWN,
        YES,
        NO
    }

    /**
     * What the kernel or a PTP daemon says of the clock.
     *
     * @param estimatedError nanoseconds
     * @param maximumError nanoseconds
     * @param clockClass IEEE 1588-2019 §7.6.2.5
     * @param clockAccuracy IEEE 1588-2019 §7.6.2.6
     */
    public record Quality(
            Synchronised synchronised,
            OptionalLong estimatedError,
            OptionalLong maximumError,
            OptionalInt clockClass,
            OptionalInt clockAccuracy) {

        public Quality {
            if (estimatedError.orElse(0) < 0 || maximumError.orElse(0) < 0) {
                throw new IllegalArgumentException("a clock error is negative or above 2^63 - 1 ns");
            }
            if (clockClass.orElse(0) < 0 || clockAccuracy.orElse(0) < 0) {
                throw new IllegalArgumentException("clockClass or clockAccuracy is negative or above 2^31 - 1");
            }
        }

        public static final Quality UNKNOWN = new Quality(
                Synchronised.UNKNOWN,
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalInt.empty(),
                OptionalInt.empty());
    }
}

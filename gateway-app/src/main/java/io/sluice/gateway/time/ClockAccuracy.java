package io.sluice.gateway.time;

import java.util.OptionalInt;

/** IEEE 1588-2019 §7.6.2.6, Table 5: an error bound as an enumerated code. */
final class ClockAccuracy {

    /** Upper bounds of 0x1D (1 ns) to 0x30 (10 s); the codes of picoseconds cannot be told apart in nanoseconds. */
    private static final double[] BOUND_NANOS = {
        1, 2.5, 10, 25, 100, 250, 1e3, 2.5e3, 10e3, 25e3, 100e3, 250e3, 1e6, 2.5e6, 10e6, 25e6, 100e6, 250e6, 1e9, 10e9
    };

    private static final int FIRST_CODE = 0x1D;
    private static final int MORE_THAN_10_S = 0x31;

    private ClockAccuracy() {}

    /**
     * @param errorNanos bound of the clock's error, positive
     */
    static OptionalInt code(long errorNanos) {
        for (int i = 0; i < BOUND_NANOS.length; i++) {
            if (errorNanos <= BOUND_NANOS[i]) {
                return OptionalInt.of(FIRST_CODE + i);
            }
        }
        return OptionalInt.of(MORE_THAN_10_S);
    }
}

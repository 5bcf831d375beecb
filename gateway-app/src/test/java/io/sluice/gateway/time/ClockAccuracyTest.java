package io.sluice.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClockAccuracyTest {

    /** IEEE 1588-2019 Table 5, at the bounds and just beyond them. */
    @ParameterizedTest
    @CsvSource({
        "1, 0x1D",
        "2, 0x1E",
        "25, 0x20",
        "26, 0x21",
        "100, 0x21",
        "250, 0x22",
        "1000, 0x23",
        "1001, 0x24",
        "1000000, 0x29",
        "2500000, 0x2A",
        "250000000, 0x2E",
        "1000000000, 0x2F",
        "1000000001, 0x30",
        "10000000000, 0x30",
        "10000000001, 0x31"
    })
    void codesTheSmallestBoundThatHolds(long errorNanos, String code) {
        assertThat(ClockAccuracy.code(errorNanos)).hasValue(Integer.decode(code));
    }
}

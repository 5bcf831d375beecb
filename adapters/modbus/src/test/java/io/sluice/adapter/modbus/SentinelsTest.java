package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class SentinelsTest {

    @ParameterizedTest(name = "{0} for {1} {2}: {3}")
    @CsvSource({
        "0x8000, INT16, 8000, true",
        "-32768, INT16, 8000, true",
        "0x8000, INT16, 7FFF, false",
        "65535, UINT16, FFFF, true",
        "-1, UINT16, FFFF, true",
        "0x80000000, INT32, 80000000, true",
        "0x8000, INT32, 80008000, false",
        "0x8000000000000000, INT64, 8000000000000000, true",
        "nan, FLOAT32, 7FC00000, true",
        "nan, FLOAT32, 7FC00001, true",
        "nan, FLOAT32, 43661999, false",
        "nan, FLOAT64, 7FF8000000000000, true",
        "nan, FLOAT16, 7E00, true",
        "nan, UINT32, 7FC00000, false",
        "0x7FC00000, FLOAT32, 7FC00000, true",
    })
    void matchAsRegistersHoldThem(String written, DataType type, String hex, boolean expected) {
        Sentinels sentinels = Sentinels.parse(written).orElseThrow();

        assertThat(sentinels.match(type, Long.parseUnsignedLong(hex, 16))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"NaN", "0xG", "1.5", "''", "99999999999999999999"})
    void areWholeNumbersOrNan(String written) {
        assertThat(Sentinels.parse(written)).isEmpty();
    }
}

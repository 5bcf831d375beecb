package io.sluice.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class LeapSecondsTest {

    static final LeapSeconds VALID_UNTIL_MID_2026 = LeapSeconds.parse(List.of(
            "#\tcomment",
            "#$\t3960835200",
            "#@\t3991593600",
            "",
            "2272060800\t10\t# 1 Jan 1972",
            "3644697600      36      # 1 Jul 2015",
            "3692217600\t37\t# 1 Jan 2017"));

    @Test
    void givesTheOffsetThatHeldAtAMoment() {
        assertThat(VALID_UNTIL_MID_2026.offsetAt(seconds("2016-12-31T23:59:59Z")))
                .hasValue(36);
        assertThat(VALID_UNTIL_MID_2026.offsetAt(seconds("2017-01-01T00:00:00Z")))
                .hasValue(37);
    }

    @Test
    void saysNothingFromItsExpiryOn() {
        assertThat(VALID_UNTIL_MID_2026.offsetAt(seconds("2026-06-27T23:59:59Z")))
                .hasValue(37);
        assertThat(VALID_UNTIL_MID_2026.offsetAt(seconds("2026-06-28T00:00:00Z")))
                .isEmpty();
    }

    @Test
    void saysNothingOfTheTimeBeforeItBegins() {
        assertThat(VALID_UNTIL_MID_2026.offsetAt(0)).isEmpty();
    }

    @Test
    void refusesAFileThatDoesNotSayWhenItExpires() {
        assertThatThrownBy(() -> LeapSeconds.parse(List.of("3692217600 37")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expiry");
    }

    private static long seconds(String instant) {
        return Instant.parse(instant).getEpochSecond();
    }
}

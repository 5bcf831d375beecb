package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import org.junit.jupiter.api.Test;

class ContinuityTest {

    private final Continuity continuity = new Continuity(2);

    private static Sample at(long time, long value) {
        return new Sample(1, new Value.Signed(value), Status.GOOD, time);
    }

    @Test
    void dropsANotificationThatComesASecondTime() {
        assertThat(continuity.admit(at(10, 1), 11, false)).isTrue();
        assertThat(continuity.admit(at(20, 2), 21, false)).isTrue();
        assertThat(continuity.admit(at(10, 1), 11, false)).isFalse();
        assertThat(continuity.admit(at(20, 2), 21, false)).isFalse();
        assertThat(continuity.takeGaps()).isEmpty();
    }

    @Test
    void keepsWhatOnlyLooksTheSame() {
        assertThat(continuity.admit(at(10, 1), 11, false)).isTrue();
        assertThat(continuity.admit(at(10, 2), 11, false))
                .as("another value at the same time")
                .isTrue();
        assertThat(continuity.admit(at(10, 1), 31, false))
                .as("the same value sampled anew")
                .isTrue();
        assertThat(continuity.admit(at(10, 1), 0, false))
                .as("a server that gives no times")
                .isTrue();
        assertThat(continuity.admit(at(10, 1), 0, false)).isTrue();
    }

    @Test
    void findsTheGapBeforeTheFirstValueAfterASilence() {
        continuity.admit(at(10, 1), 11, false);
        continuity.broken(15);
        continuity.broken(16);
        assertThat(continuity.hasGaps()).isFalse();
        assertThat(continuity.admit(at(40, 4), 41, false)).isTrue();
        assertThat(continuity.takeGaps()).containsExactly(new Gap(1, 10, 40, 15));
    }

    @Test
    void aValueThatHasNotChangedIsNoGapAndIsToldAgain() {
        continuity.admit(at(10, 1), 11, false);
        continuity.broken(15);
        assertThat(continuity.admit(at(10, 1), 11, false)).isTrue();
        assertThat(continuity.takeGaps()).isEmpty();
    }

    @Test
    void whatALostNotificationHadIsFoundByTakingStock() {
        continuity.admit(at(10, 1), 11, false);
        assertThat(continuity.takeStock(at(20, 2))).as("nothing is missing").isFalse();
        continuity.broken(15);
        assertThat(continuity.takeStock(at(20, 2))).isTrue();
        assertThat(continuity.takeGaps()).containsExactly(new Gap(1, 10, 20, 15));
        assertThat(continuity.admit(at(20, 2), 25, false))
                .as("the notification of it comes after all")
                .isFalse();
        assertThat(continuity.admit(at(30, 3), 31, false)).isTrue();
        assertThat(continuity.hasGaps()).isFalse();
    }

    @Test
    void takingStockOfWhatDidNotChangeEndsTheSilence() {
        continuity.admit(at(10, 1), 11, false);
        continuity.broken(15);
        assertThat(continuity.takeStock(at(10, 1))).isFalse();
        continuity.admit(at(20, 2), 21, false);
        assertThat(continuity.hasGaps())
                .as("what came next followed the one before")
                .isFalse();
    }

    @Test
    void aQueueThatOverflowedIsAGap() {
        continuity.admit(at(10, 1), 11, false);
        assertThat(continuity.admit(at(40, 4), 41, true)).isTrue();
        assertThat(continuity.takeGaps()).containsExactly(new Gap(1, 10, 40, 10));
    }

    @Test
    void takesFromHistoryWhatLiesBetweenAndNothingThatCame() {
        continuity.admit(at(10, 1), 11, false);
        continuity.broken(15);
        continuity.admit(at(40, 4), 41, false);
        Gap gap = continuity.takeGaps().getFirst();
        assertThat(continuity.admit(at(9, 0), gap)).isFalse();
        assertThat(continuity.admit(at(10, 1), gap)).isFalse();
        assertThat(continuity.admit(at(10, 7), gap))
                .as("a second value at the edge")
                .isTrue();
        assertThat(continuity.admit(at(20, 2), gap)).isTrue();
        assertThat(continuity.admit(at(40, 4), gap)).isFalse();
        assertThat(continuity.admit(at(41, 5), gap)).isFalse();
        assertThat(continuity.admit(at(30, 3), 50, false)).isTrue();
        assertThat(continuity.admit(at(30, 3), gap)).as("it came late").isFalse();
    }
}

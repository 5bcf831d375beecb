package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class GatheringTest {

    private static final int WINDOW = 100;

    private final Gathering gathering = new Gathering();
    private long now = Duration.ofSeconds(1).toNanos();

    private long nap(int microsSinceTheLast, int packets, int unacknowledged) {
        now += Duration.ofNanos(1_000L * microsSinceTheLast).toNanos();
        return gathering.napNanos(now, packets, unacknowledged, false);
    }

    @Test
    void theFirstAcknowledgementIsNotWaitedAfter() {
        assertThat(nap(0, 1, WINDOW)).isZero();
    }

    @Test
    void acknowledgementsThatComeOneByOneAndQuicklyAreLeftToGather() {
        nap(0, 1, WINDOW);

        assertThat(nap(8, 1, WINDOW)).isEqualTo(Gathering.LONGEST_NANOS);
    }

    @Test
    void theyGoOnGatheringWhileEveryNapBringsSeveral() {
        nap(0, 1, WINDOW);

        for (int i = 0; i < 5; i++) {
            assertThat(nap(160, 20, WINDOW)).isEqualTo(Gathering.LONGEST_NANOS);
        }
    }

    @Test
    void aNapLastsAFractionOfWhatTheBrokerHasToDo() {
        nap(0, 1, WINDOW);

        assertThat(nap(10, 1, 28)).isEqualTo(70_000);
    }

    @Test
    void aBrokerThatHasLittleToDoIsNotKeptWaiting() {
        nap(0, 1, WINDOW);

        assertThat(nap(10, 1, 10)).isZero();
        assertThat(nap(10, 1, 0)).isZero();
    }

    @Test
    void whatTheTransportHasNotTakenYetIsNotKeptWaiting() {
        nap(0, 1, WINDOW);
        now += Duration.ofNanos(8_000).toNanos();

        assertThat(gathering.napNanos(now, 1, WINDOW, true)).isZero();
    }

    @Test
    void aBrokerThatAcknowledgesInBurstsIsAnsweredAtOnce() {
        nap(0, 1, WINDOW);

        assertThat(nap(200, 25, WINDOW)).isZero();
        assertThat(nap(200, WINDOW, WINDOW)).isZero();
    }

    @Test
    void acknowledgementsThatComeSlowlyAreHandledAsTheyCome() {
        nap(0, 1, WINDOW);

        assertThat(nap(50, 1, WINDOW)).isZero();
        assertThat(nap(1_000_000, 1, WINDOW)).isZero();
    }
}

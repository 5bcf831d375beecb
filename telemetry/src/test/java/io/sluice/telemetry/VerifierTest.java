package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.telemetry.Message.Lane;
import io.sluice.telemetry.Message.LossCount;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Verifier.Arrival;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class VerifierTest {

    private static final Epoch E1 = new Epoch(100, 0xA);
    private static final Epoch E2 = new Epoch(200, 0xB);
    private static final Message.Batch EMPTY =
            new Message.Batch(ClockState.UNKNOWN, Message.Origin.LIVE, PtpTimestamp.ofNanos(0), List.of());

    private final Verifier verifier = new Verifier();

    private static Message message(Epoch epoch, long sequence, long settled, Lane lane, Message.Body body) {
        return new Message(1, "plant-7", "meter-1", epoch, sequence, settled, lane, body);
    }

    private Arrival live(Epoch epoch, long sequence, long settled) {
        return verifier.accept(message(epoch, sequence, settled, Lane.LIVE, EMPTY));
    }

    private Arrival backlog(Epoch epoch, long sequence, long settled) {
        return verifier.accept(message(epoch, sequence, settled, Lane.BACKLOG, EMPTY));
    }

    private void heartbeat(Epoch epoch, long last, long settled, boolean opening) {
        verifier.accept(message(epoch, 0, settled, Lane.LIVE, new Message.Heartbeat(last, 1, opening, false)));
    }

    private void range(Epoch from, long first, Epoch to, long last, long messages, long version, long settled) {
        var counts = List.of(new LossCount(LossReason.EVICTED, messages, messages * 10));
        verifier.accept(
                message(to, 0, settled, Lane.LIVE, new Message.LossRange(from, first, to, last, counts, version)));
    }

    private StreamVerdict verdict(Epoch epoch) {
        return verifier.verdict().stream()
                .filter(verdict -> verdict.epoch().equals(epoch))
                .findFirst()
                .orElseThrow();
    }

    private static Message.Start start(Epoch previous, long last) {
        return new Message.Start(
                Optional.of(previous), last, false, Optional.empty(), "boot", PtpTimestamp.ofNanos(1), "sluice 1");
    }

    @Test
    void callsAnUnseenNumberPendingAtOrAboveSettledAndMissingBelow() {
        heartbeat(E1, 0, 1, true);
        live(E1, 1, 1);
        live(E1, 5, 3);

        StreamVerdict verdict = verdict(E1);
        assertThat(verdict.missingNumbers()).containsExactly(2L);
        assertThat(verdict.pending()).isEqualTo(2);
        assertThat(verdict.received()).isEqualTo(2);
        assertThat(verdict.complete()).isFalse();
    }

    @Test
    void correctsAMissingNumberWhenItArrivesLate() {
        heartbeat(E1, 0, 1, true);
        live(E1, 1, 1);
        live(E1, 3, 3);
        assertThat(verdict(E1).missing()).isEqualTo(1);

        assertThat(verifier.accept(message(E1, 2, 1, Lane.RETRY, EMPTY))).isEqualTo(Arrival.NEW);
        assertThat(verdict(E1).complete()).isTrue();
    }

    @Test
    void keepsTheHighestSettledWhenItGoesBackAfterARestart() {
        heartbeat(E1, 9, 10, true);
        heartbeat(E1, 9, 4, false);

        assertThat(verdict(E1).settled()).isEqualTo(10);
        assertThat(verdict(E1).missing()).isEqualTo(9);
    }

    @Test
    void showsALostTailByTheHeartbeat() {
        heartbeat(E1, 0, 1, true);
        live(E1, 1, 1);
        heartbeat(E1, 3, 2, false);
        assertThat(verdict(E1).pending()).isEqualTo(2);

        heartbeat(E1, 3, 4, false);
        assertThat(verdict(E1).missingNumbers()).containsExactly(2L, 3L);
    }

    @Test
    void judgesALateJoinerAboveTheLastOfTheFirstHeartbeat() {
        heartbeat(E1, 50, 20, false);
        assertThat(backlog(E1, 30, 20)).isEqualTo(Arrival.NOT_JUDGED);
        assertThat(live(E1, 51, 20)).isEqualTo(Arrival.NEW);

        StreamVerdict verdict = verdict(E1);
        assertThat(verdict.first()).isEqualTo(51);
        assertThat(verdict.received()).isEqualTo(1);
        assertThat(verdict.notJudged()).isEqualTo(1);
        assertThat(verdict.complete()).isTrue();
    }

    @Test
    void judgesALateJoinerFromTheFirstLiveMessageAndNotFromTheBacklogBeforeIt() {
        assertThat(backlog(E1, 1, 1)).isEqualTo(Arrival.NOT_JUDGED);
        assertThat(live(E1, 80, 2)).isEqualTo(Arrival.NEW);
        assertThat(backlog(E1, 2, 2)).isEqualTo(Arrival.NOT_JUDGED);

        assertThat(verdict(E1).first()).isEqualTo(80);
        assertThat(verdict(E1).notJudged()).isEqualTo(2);
        assertThat(verdict(E1).missing()).isZero();
    }

    @Test
    void judgesNothingOfAStreamOfWhichItKnowsOnlyBacklog() {
        backlog(E1, 5, 5);
        backlog(E1, 9, 9);

        StreamVerdict verdict = verdict(E1);
        assertThat(verdict.first()).isEqualTo(verdict.last() + 1);
        assertThat(verdict.notJudged()).isEqualTo(2);
        assertThat(verdict.complete()).isTrue();
    }

    @Test
    void judgesFromOneWhenTheOpeningHeartbeatComesAfterTheFirstMessages() {
        live(E1, 2, 1);
        live(E1, 3, 2);
        heartbeat(E1, 0, 1, true);

        assertThat(verdict(E1).missingNumbers()).containsExactly(1L);
    }

    @Test
    void judgesALaterEpochFromOneAfterALiveMessageOfAnEarlierOneOfTheSameGateway() {
        live(E1, 40, 40);
        backlog(E2, 7, 7);

        assertThat(verdict(E2).first()).isEqualTo(1);
        assertThat(verdict(E2).missing()).isEqualTo(6);
    }

    @Test
    void doesNotTakeABacklogMessageForAProofThatItWasThereDuringThatEpoch() {
        backlog(E1, 40, 40);
        live(E2, 7, 7);

        assertThat(verdict(E2).first()).isEqualTo(7);
    }

    @Test
    void showsTheLostTailOfThePreviousEpochFromTheStartRecordUntilItsEnd() {
        heartbeat(E1, 0, 1, true);
        live(E1, 1, 1);
        verifier.accept(message(E2, 1, 1, Lane.BACKLOG, start(E1, 4)));
        assertThat(verdict(E1).pending()).isEqualTo(3);

        verifier.accept(message(E2, 9, 2, Lane.LIVE, new Message.EpochEnd(E1, 4)));
        assertThat(verdict(E1).missingNumbers()).containsExactly(2L, 3L, 4L);
        assertThat(verdict(E1).ended()).isTrue();
    }

    @Test
    void hidesAPreviousEpochOfWhichALateJoinerKnowsOnlyTheName() {
        verifier.accept(message(E2, 1, 1, Lane.LIVE, start(E1, 4)));

        assertThat(verifier.verdict()).extracting(StreamVerdict::epoch).containsExactly(E2);
    }

    @Test
    void countsRepeatsOfANumberAndNothingElseAsDuplicates() {
        heartbeat(E1, 0, 1, true);
        live(E1, 1, 1);
        assertThat(live(E1, 1, 1)).isEqualTo(Arrival.DUPLICATE);
        assertThat(backlog(E1, 1, 1)).isEqualTo(Arrival.DUPLICATE);

        assertThat(verdict(E1).duplicates()).isEqualTo(2);
        assertThat(verdict(E1).outOfOrder()).isZero();
        assertThat(verdict(E1).received()).isEqualTo(1);
    }

    @Test
    void judgesOrderWithinTheLiveAndWithinTheBacklogLaneOnly() {
        heartbeat(E1, 4, 1, true);
        live(E1, 5, 1);
        assertThat(backlog(E1, 1, 1)).isEqualTo(Arrival.NEW);
        assertThat(live(E1, 7, 1)).isEqualTo(Arrival.NEW);
        assertThat(live(E1, 6, 1)).isEqualTo(Arrival.OUT_OF_ORDER);
        assertThat(backlog(E1, 3, 1)).isEqualTo(Arrival.NEW);
        assertThat(backlog(E1, 2, 1)).isEqualTo(Arrival.OUT_OF_ORDER);
        assertThat(verifier.accept(message(E1, 4, 1, Lane.RETRY, EMPTY))).isEqualTo(Arrival.NEW);

        assertThat(verdict(E1).outOfOrder()).isEqualTo(2);
        assertThat(verdict(E1).outOfOrderAcrossLanes()).isEqualTo(5);
    }

    @Test
    void countsUnseenNumbersOfALossRangeAsLostOnceTheyAreSettled() {
        heartbeat(E1, 6, 1, true);
        range(E1, 2, E1, 4, 3, 1, 1);
        assertThat(verdict(E1).pending()).isEqualTo(6);

        live(E1, 1, 5);
        live(E1, 5, 5);
        assertThat(verdict(E1).lost()).isEqualTo(3);
        assertThat(verdict(E1).missing()).isZero();
        assertThat(verdict(E1).lostReadings()).isEqualTo(Map.of(LossReason.EVICTED, 30L));
    }

    @Test
    void countsASeenNumberOfALossRangeAsReceived() {
        heartbeat(E1, 4, 1, true);
        live(E1, 1, 1);
        range(E1, 1, E1, 1, 1, 1, 1);
        heartbeat(E1, 4, 2, false);

        assertThat(verdict(E1).received()).isEqualTo(1);
        assertThat(verdict(E1).lost()).isZero();
        assertThat(verdict(E1).lostReadings()).isEmpty();
    }

    @Test
    void takesTheUnionOfRangesThatGrowAndIgnoresTheirRepeats() {
        heartbeat(E1, 9, 1, true);
        range(E1, 1, E1, 3, 3, 1, 1);
        range(E1, 1, E1, 5, 5, 2, 1);
        range(E1, 1, E1, 3, 3, 1, 1);
        heartbeat(E1, 9, 7, false);

        assertThat(verdict(E1).lost()).isEqualTo(5);
        assertThat(verdict(E1).missingNumbers()).containsExactly(6L);
        assertThat(verdict(E1).lostReadings()).isEqualTo(Map.of(LossReason.EVICTED, 50L));
    }

    @Test
    void excusesNoMoreNumbersOfAMergedRangeThanItSaysAreLost() {
        heartbeat(E1, 9, 1, true);
        live(E1, 5, 1);
        range(E1, 1, E1, 9, 4, 3, 10);

        assertThat(verdict(E1).lost()).isEqualTo(4);
        assertThat(verdict(E1).missing()).isEqualTo(4);
    }

    @Test
    void countsADropInsideAnEarlierMergedRangeOnItsOwn() {
        heartbeat(E1, 9, 1, true);
        range(E1, 1, E1, 9, 2, 4, 1);
        range(E1, 5, E1, 5, 1, 1, 10);

        assertThat(verdict(E1).lost()).isEqualTo(3);
        assertThat(verdict(E1).missing()).isEqualTo(6);
    }

    @Test
    void excusesNumbersAcrossEpochsByARangeThatSpansThem() {
        heartbeat(E1, 3, 4, true);
        heartbeat(E2, 3, 4, true);
        live(E1, 1, 1);
        live(E2, 3, 1);
        range(E1, 2, E2, 1, 3, 7, 4);

        assertThat(verdict(E1).lost()).isEqualTo(2);
        assertThat(verdict(E2).lost()).isEqualTo(1);
        assertThat(verdict(E2).missingNumbers()).containsExactly(2L);
    }

    @Test
    void excusesAllSettledNumbersOfARangeWithOpenEndAndUnknownCount() {
        heartbeat(E1, 9, 1, true);
        range(E1, 4, E1, 0, 0, 1, 1);
        heartbeat(E1, 9, 10, false);

        assertThat(verdict(E1).lost()).isEqualTo(6);
        assertThat(verdict(E1).missingNumbers()).containsExactly(1L, 2L, 3L);
        assertThat(verdict(E1).lostReadings()).containsEntry(LossReason.EVICTED, 0L);
    }

    @Test
    void addsReadingsThatWereLostBeforeTheyHadANumberOnce() {
        heartbeat(E1, 0, 1, true);
        var loss = new Message.Loss(
                List.of(new LossCount(LossReason.HAND_OFF_FULL, 0, 12)),
                PtpTimestamp.ofNanos(1),
                PtpTimestamp.ofNanos(2));
        verifier.accept(message(E1, 1, 1, Lane.LIVE, loss));
        verifier.accept(message(E1, 1, 1, Lane.LIVE, loss));

        assertThat(verdict(E1).lostReadings()).isEqualTo(Map.of(LossReason.HAND_OFF_FULL, 12L));
        assertThat(verdict(E1).complete()).isFalse();
    }

    @Test
    void showsButDoesNotJudgeMessagesOfAHigherSchema() {
        heartbeat(E1, 0, 1, true);
        live(E1, 1, 1);
        Message higher = new Message(2, "plant-7", "meter-1", E1, 2, 1, Lane.LIVE, new Message.Unknown());
        assertThat(verifier.accept(higher)).isEqualTo(Arrival.NOT_JUDGED);
        live(E1, 3, 3);

        assertThat(verdict(E1).unsupported()).isEqualTo(1);
        assertThat(verdict(E1).missing()).isZero();
    }

    @Test
    void keepsTheStreamsOfGatewaysAndDevicesApart() {
        for (String device : List.of("a", "b")) {
            for (String gateway : List.of("x", "y")) {
                verifier.accept(new Message(1, gateway, device, E1, 1, 1, Lane.LIVE, EMPTY));
            }
        }

        assertThat(verifier.verdict())
                .extracting(verdict -> verdict.gateway() + verdict.device() + verdict.duplicates())
                .containsExactly("xa0", "xb0", "ya0", "yb0");
    }

    @Test
    void takesAMillionMessagesInRandomOrderWithinAWindow() {
        heartbeat(E1, 0, 1, true);
        List<Long> window = new ArrayList<>();
        Random random = new Random(5);
        for (long block = 0; block < 1_000; block++) {
            window.clear();
            for (long i = 1; i <= 1_000; i++) {
                window.add(block * 1_000 + i);
            }
            Collections.shuffle(window, random);
            window.forEach(sequence -> verifier.accept(message(E1, sequence, 1, Lane.RETRY, EMPTY)));
        }
        heartbeat(E1, 1_000_000, 1_000_001, false);

        assertThat(verdict(E1).received()).isEqualTo(1_000_000);
        assertThat(verdict(E1).complete()).isTrue();
    }

    @Test
    void givesUpTheLowestGapWhenThereAreTooManyToRemember() {
        heartbeat(E1, 0, 1, true);
        long received = StreamRecord.MAX_RUNS + 10;
        for (long i = 1; i <= received; i++) {
            verifier.accept(message(E1, i * 2, 1, Lane.LIVE, EMPTY));
        }
        heartbeat(E1, received * 2, received * 2 + 1, false);

        assertThat(verdict(E1).received()).isEqualTo(received);
        assertThat(verdict(E1).missing()).isEqualTo(received);
    }
}

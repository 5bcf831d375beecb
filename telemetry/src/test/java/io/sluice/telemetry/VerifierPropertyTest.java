package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.telemetry.GatewayModel.Stream;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The verdict against what a model of gateway, broker and subscriber knows to have happened. */
class VerifierPropertyTest {

    private static final int STEPS = 400;

    private static Stream truth(GatewayModel model, StreamVerdict verdict) {
        Stream stream = model.streams.get(verdict.device() + verdict.epoch());
        assertThat(stream).as("stream of " + verdict).isNotNull();
        return java.util.Objects.requireNonNull(stream);
    }

    private static long first(GatewayModel model, Stream stream, StreamVerdict verdict) {
        boolean heardBefore = model.heard != null && stream.epoch.compareTo(model.heard) > 0;
        return heardBefore ? 1 : Math.min(stream.baseline, verdict.last() + 1);
    }

    private static void checkWhatIsAlwaysTrue(GatewayModel model, StreamVerdict verdict) {
        Stream stream = truth(model, verdict);
        long first = first(model, stream, verdict);
        assertThat(verdict.first()).as("baseline").isEqualTo(first);
        assertThat(verdict.last()).as("last").isLessThanOrEqualTo(stream.last);
        assertThat(verdict.received())
                .as("received")
                .isEqualTo(stream.delivered.stream().filter(n -> n >= first).count());
        assertThat(verdict.notJudged())
                .as("not judged")
                .isEqualTo(stream.delivered.stream().filter(n -> n < first).count());
        assertThat(verdict.duplicates()).as("duplicates").isEqualTo(stream.repeats);
        assertThat(verdict.received() + verdict.pending() + verdict.missing() + verdict.lost())
                .as("the sum of all")
                .isEqualTo(verdict.last() - first + 1);
    }

    private static long unseen(Stream stream, long first, long last, boolean dropped) {
        return LongStream.rangeClosed(first, last)
                .filter(n -> !stream.delivered.contains(n) && !stream.waiting.contains(n))
                .filter(n -> stream.dropped.contains(n) == dropped)
                .count();
    }

    @Property(tries = 400)
    void neverCallsAnythingMissingWhereThePathLosesNothing(@ForAll Random random) {
        GatewayModel model = new GatewayModel(random, false);
        for (int i = 0; i < STEPS; i++) {
            model.step();
            if (i % 40 == 0) {
                model.verifier.verdict().forEach(verdict -> {
                    checkWhatIsAlwaysTrue(model, verdict);
                    assertThat(verdict.missing()).as("missing of " + verdict).isZero();
                    assertThat(verdict.outOfOrder()).as("out of order").isZero();
                });
            }
        }
    }

    @Property(tries = 400)
    void knowsWhatIsLostAndThatNothingIsPendingOnceAllIsSaid(@ForAll Random random) {
        GatewayModel model = new GatewayModel(random, false);
        for (int i = 0; i < STEPS; i++) {
            model.step();
        }
        model.drain();
        model.verifier.verdict().forEach(verdict -> {
            checkWhatIsAlwaysTrue(model, verdict);
            Stream stream = truth(model, verdict);
            assertThat(verdict.last()).isEqualTo(stream.last);
            assertThat(verdict.pending()).as("pending of " + verdict).isZero();
            assertThat(verdict.missing()).as("missing of " + verdict).isZero();
            assertThat(verdict.lost())
                    .as("lost of " + verdict)
                    .isEqualTo(unseen(stream, verdict.first(), verdict.last(), true));
        });
    }

    @Property(tries = 400)
    void findsEveryMessageThatThePathHasLost(@ForAll Random random) {
        GatewayModel model = new GatewayModel(random, true);
        for (int i = 0; i < STEPS; i++) {
            model.step();
        }
        model.drain();
        model.verifier.verdict().forEach(verdict -> {
            checkWhatIsAlwaysTrue(model, verdict);
            Stream stream = truth(model, verdict);
            long missing = unseen(stream, verdict.first(), verdict.last(), false);
            long lost = unseen(stream, verdict.first(), verdict.last(), true);
            boolean rangesSayExactly =
                    verdict.first() == 1 && stream.dropped.stream().noneMatch(stream.delivered::contains);
            assertThat(verdict.missing() + verdict.lost()).isEqualTo(missing + lost);
            if (rangesSayExactly) {
                assertThat(verdict.missing()).as("missing of " + verdict).isEqualTo(missing);
            }
            assertThat(verdict.missing()).isLessThanOrEqualTo(missing);
        });
    }
}

package io.sluice.gateway.time;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.ClockState.Quality;
import io.sluice.telemetry.ClockState.Synchronised;
import io.sluice.telemetry.ClockState.Timescale;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SystemClockTest {

    private static final long SECOND = 1_000_000_000L;
    private static final long MILLISECOND = 1_000_000L;

    private final FakeKernel kernel = new FakeKernel();
    private final List<ClockChange> changes = new ArrayList<>();

    @Test
    void knowsNothingWhereTheKernelSaysNothing() {
        assertThat(clock().state()).isEqualTo(ClockState.UNKNOWN);
    }

    @Test
    void takesTheOffsetFromTheKernelFirst() {
        kernel.timex = Optional.of(new Timex(true, 100, 500, 36));

        ClockState state = clockWithLeapSeconds().state();

        assertThat(state.timescale()).isEqualTo(Timescale.TAI);
        assertThat(state.currentUtcOffset()).hasValue(36);
    }

    @Test
    void takesTheOffsetFromAValidLeapSecondsFileWhereTheKernelHasNone() {
        kernel.timex = Optional.of(new Timex(true, 100, 500, 0));

        ClockState state = clockWithLeapSeconds().state();

        assertThat(state.timescale()).isEqualTo(Timescale.TAI);
        assertThat(state.currentUtcOffset()).hasValue(37);
    }

    @Test
    void neverAssumesAnOffset() {
        kernel.timex = Optional.of(new Timex(true, 100, 500, 0));

        ClockState state = clock().state();

        assertThat(state.timescale()).isEqualTo(Timescale.ARB);
        assertThat(state.currentUtcOffset()).isEmpty();
    }

    @Test
    void reportsTheErrorsOfASynchronisedClockInNanosecondsAndTheirCode() {
        kernel.timex = Optional.of(new Timex(true, 120, 900, 37));

        assertThat(clock().state().quality())
                .isEqualTo(new Quality(
                        Synchronised.YES,
                        OptionalLong.of(120_000),
                        OptionalLong.of(900_000),
                        OptionalInt.empty(),
                        OptionalInt.of(0x29)));
    }

    @Test
    void saysNothingOfErrorsWhileNotSynchronised() {
        kernel.timex = Optional.of(new Timex(false, 16_000_000, 16_000_000, 37));

        assertThat(clock().state().quality())
                .isEqualTo(new Quality(
                        Synchronised.NO,
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalInt.empty(),
                        OptionalInt.empty()));
    }

    @Test
    void doesNotTakeAZeroThatNoDaemonMeansForAPerfectClock() {
        kernel.timex = Optional.of(new Timex(true, 0, 500, 0));

        Quality quality = clock().state().quality();

        assertThat(quality.synchronised()).isEqualTo(Synchronised.YES);
        assertThat(quality.estimatedError()).isEmpty();
        assertThat(quality.maximumError()).isEmpty();
        assertThat(quality.clockAccuracy()).isEmpty();
    }

    @Test
    void tellsAStepWithItsShiftAndRaisesTheGeneration() {
        SystemClock clock = clock();
        kernel.pass(SECOND);
        kernel.step(-2 * SECOND);

        clock.sample(changes::add);

        assertThat(changes).containsExactly(new ClockChange(-2 * SECOND, kernel.monotonic, clock.state()));
        assertThat(clock.state().generation()).isEqualTo(1);
    }

    @Test
    void tellsAStepOnce() {
        SystemClock clock = clock();
        kernel.step(3_600 * SECOND);
        clock.sample(changes::add);
        kernel.pass(SECOND);

        clock.sample(changes::add);

        assertThat(changes).hasSize(1);
        assertThat(clock.state().generation()).isEqualTo(1);
    }

    @Test
    void takesTheFastestSlewOfChronyForNoStep() {
        SystemClock clock = clock();
        for (int second = 0; second < 60; second++) {
            kernel.pass(SECOND);
            kernel.step(83 * MILLISECOND);
            clock.sample(changes::add);
        }

        assertThat(changes).isEmpty();
    }

    @Test
    void allowsALateSampleTheSlewOfItsWholeSpan() {
        SystemClock clock = clock();
        kernel.pass(10 * SECOND);
        kernel.step(830 * MILLISECOND);

        clock.sample(changes::add);

        assertThat(changes).isEmpty();
    }

    @Test
    void tellsOfTheSmallestStepThatNtpdMakes() {
        SystemClock clock = clock();
        kernel.pass(SECOND);
        kernel.step(128 * MILLISECOND);

        clock.sample(changes::add);

        assertThat(changes).extracting(ClockChange::shiftNanos).containsExactly(128 * MILLISECOND);
    }

    @Test
    void tellsWhenTheOffsetBecomesKnown() {
        kernel.timex = Optional.of(new Timex(true, 100, 500, 0));
        SystemClock clock = clock();
        kernel.timex = Optional.of(new Timex(true, 100, 500, 37));

        clock.sample(changes::add);

        assertThat(changes).containsExactly(new ClockChange(0, kernel.monotonic, clock.state()));
        assertThat(clock.state().timescale()).isEqualTo(Timescale.TAI);
        assertThat(clock.state().generation()).isEqualTo(1);
    }

    @Test
    void followsTheQualityWithoutANewGeneration() {
        kernel.timex = Optional.of(new Timex(false, 0, 0, 0));
        SystemClock clock = clock();
        kernel.timex = Optional.of(new Timex(true, 100, 500, 0));

        clock.sample(changes::add);

        assertThat(changes).isEmpty();
        assertThat(clock.state().quality().synchronised()).isEqualTo(Synchronised.YES);
    }

    @Test
    void noticesThatTheLeapSecondsFileHasExpired() {
        SystemClock clock = clockWithLeapSeconds();
        kernel.pass(400 * 86_400L * SECOND);

        clock.sample(changes::add);

        assertThat(clock.state().timescale()).isEqualTo(Timescale.ARB);
        assertThat(changes).hasSize(1);
    }

    private SystemClock clock() {
        return new SystemClock(kernel, () -> LeapSeconds.NONE);
    }

    private SystemClock clockWithLeapSeconds() {
        return new SystemClock(kernel, () -> LeapSecondsTest.VALID_UNTIL_MID_2026);
    }
}

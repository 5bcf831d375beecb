package io.sluice.gateway.time;

import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.ClockState.Quality;
import io.sluice.telemetry.ClockState.Synchronised;
import io.sluice.telemetry.ClockState.Timescale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The system's clock with what the kernel knows of it. {@link #sample} asks the kernel and is called about once a second by
 * one thread ({@link ClockWatch}); everything else is cheap and safe on any thread.
 */
public final class SystemClock implements WallClock {

    /**
     * How far CLOCK_REALTIME may move against CLOCK_MONOTONIC within a second without being called a step. chrony slews by up
     * to 83 ms per second by default, ntpd steps from 128 ms on: this lies between.
     */
    private static final long STEP_NANOS = 100_000_000;

    /** A sample that comes late has had more time to be slewed: the same 100 ms for each second. */
    private static final long STEP_DIVISOR = 10;

    private static final long SECOND = 1_000_000_000;
    private static final long LEAP_SECONDS_RELOAD = 3_600 * SECOND;

    private final Kernel kernel;
    private final Supplier<LeapSeconds> leapSecondsSource;

    // Confined to the thread that samples.
    private LeapSeconds leapSeconds;
    private long leapSecondsLoaded;
    private Reading last;

    private volatile ClockState state;

    /** The clock of this machine, sampled once. */
    public SystemClock() {
        this(new LinuxKernel(), LeapSeconds::ofSystem);
    }

    SystemClock(Kernel kernel, Supplier<LeapSeconds> leapSecondsSource) {
        this.kernel = kernel;
        this.leapSecondsSource = leapSecondsSource;
        this.leapSeconds = leapSecondsSource.get();
        this.last = read();
        this.leapSecondsLoaded = last.monotonic;
        this.state = stateAt(last, 0);
    }

    @Override
    public long now() {
        return kernel.realtime();
    }

    @Override
    public long monotonic() {
        return kernel.monotonic();
    }

    @Override
    public ClockState state() {
        return state;
    }

    /**
     * Asks the kernel again. A step or another offset raises the generation, and is told after {@link #state} says so.
     *
     * @param changes called on this thread
     */
    void sample(Consumer<ClockChange> changes) {
        Reading current = read();
        reloadLeapSeconds(current);
        long shift = current.difference() - last.difference();
        boolean stepped = Math.abs(shift) > Math.max(STEP_NANOS, (current.monotonic - last.monotonic) / STEP_DIVISOR);
        ClockState next = stateAt(current, state.generation());
        boolean changed = stepped || !next.currentUtcOffset().equals(state.currentUtcOffset());
        state = changed ? nextGeneration(next) : next;
        last = current;
        if (changed) {
            changes.accept(new ClockChange(stepped ? shift : 0, current.monotonic, state));
        }
    }

    private static ClockState nextGeneration(ClockState state) {
        return new ClockState(state.timescale(), state.currentUtcOffset(), state.generation() + 1, state.quality());
    }

    private void reloadLeapSeconds(Reading current) {
        if (current.monotonic - leapSecondsLoaded >= LEAP_SECONDS_RELOAD) {
            leapSeconds = leapSecondsSource.get();
            leapSecondsLoaded = current.monotonic;
        }
    }

    private ClockState stateAt(Reading reading, long generation) {
        Optional<Timex> timex = kernel.timex();
        OptionalInt offset = timex.filter(t -> t.taiOffset() != 0)
                .map(t -> OptionalInt.of(t.taiOffset()))
                .orElseGet(() -> leapSeconds.offsetAt(Math.floorDiv(reading.realtime, SECOND)));
        return new ClockState(
                offset.isPresent() ? Timescale.TAI : Timescale.ARB,
                offset,
                generation,
                timex.map(SystemClock::quality).orElse(Quality.UNKNOWN));
    }

    /**
     * An estimated error of 0 means that the daemon states no errors: systemd-timesyncd and phc2sys write zeros, and what
     * the kernel then calls the maximum error is only the time since the last update. So neither is taken.
     */
    private static Quality quality(Timex timex) {
        if (!timex.synchronised()) {
            return new Quality(
                    Synchronised.NO,
                    OptionalLong.empty(),
                    OptionalLong.empty(),
                    OptionalInt.empty(),
                    OptionalInt.empty());
        }
        boolean stated = timex.estimatedErrorMicros() > 0;
        OptionalLong maximumError = stated ? OptionalLong.of(timex.maximumErrorMicros() * 1_000) : OptionalLong.empty();
        return new Quality(
                Synchronised.YES,
                stated ? OptionalLong.of(timex.estimatedErrorMicros() * 1_000) : OptionalLong.empty(),
                maximumError,
                OptionalInt.empty(),
                stated ? ClockAccuracy.code(maximumError.getAsLong()) : OptionalInt.empty());
    }

    /** Both clocks as closely together as possible: of three tries the one that was least interrupted. */
    private Reading read() {
        Reading best = readOnce();
        for (int i = 1; i < 3; i++) {
            Reading next = readOnce();
            best = next.width < best.width ? next : best;
        }
        return best;
    }

    private Reading readOnce() {
        long before = kernel.monotonic();
        long realtime = kernel.realtime();
        long width = kernel.monotonic() - before;
        return new Reading(realtime, before + width / 2, width);
    }

    /**
     * Both clocks at one moment.
     *
     * @param width nanoseconds within which they were read
     */
    private record Reading(long realtime, long monotonic, long width) {
        long difference() {
            return realtime - monotonic;
        }
    }
}

package io.sluice.gateway.time;

import java.util.Optional;

/** Clocks that stand still until a test moves them. */
final class FakeKernel implements Kernel {

    /** 2026-01-01T00:00:00Z. */
    static final long START_SECONDS = 1_767_225_600L;

    volatile long realtime = START_SECONDS * 1_000_000_000L;
    volatile long monotonic = 5_000_000_000L;
    volatile Optional<Timex> timex = Optional.empty();

    /** Lets both clocks go on. */
    void pass(long nanos) {
        realtime += nanos;
        monotonic += nanos;
    }

    /** Moves CLOCK_REALTIME alone. */
    void step(long nanos) {
        realtime += nanos;
    }

    @Override
    public long realtime() {
        return realtime;
    }

    @Override
    public long monotonic() {
        return monotonic;
    }

    @Override
    public Optional<Timex> timex() {
        return timex;
    }
}

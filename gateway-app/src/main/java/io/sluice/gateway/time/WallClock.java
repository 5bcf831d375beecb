package io.sluice.gateway.time;

import io.sluice.telemetry.ClockState;

/** The time, as the pipeline asks for it: cheap enough for every reading, and safe on any thread. */
public interface WallClock {

    /** CLOCK_REALTIME in nanoseconds since 1970-01-01 UTC. May jump; never measure an interval with it. */
    long now();

    /** CLOCK_MONOTONIC in nanoseconds since an arbitrary moment of this boot. For intervals. */
    long monotonic();

    /** What was known of the clock when it was last sampled, at most about a second ago. */
    ClockState state();
}

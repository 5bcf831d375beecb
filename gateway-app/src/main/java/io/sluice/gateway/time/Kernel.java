package io.sluice.gateway.time;

import java.util.Optional;

/** The clocks of the operating system, so that tests can have their own. */
interface Kernel {

    /** CLOCK_REALTIME in nanoseconds since 1970-01-01 UTC. */
    long realtime();

    /** CLOCK_MONOTONIC in nanoseconds. */
    long monotonic();

    /** Empty where the kernel or a sandbox does not answer. */
    Optional<Timex> timex();
}

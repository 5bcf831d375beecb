package io.sluice.gateway.time;

import io.sluice.telemetry.ClockState;

/**
 * CLOCK_REALTIME was stepped, or its offset to TAI is another one.
 *
 * @param shiftNanos new minus old CLOCK_REALTIME at the same moment; 0 where only the offset changed
 * @param monotonicNanos CLOCK_MONOTONIC when it was noticed, at most about a second after it happened
 * @param state from now on; its generation is already the new one
 */
public record ClockChange(long shiftNanos, long monotonicNanos, ClockState state) {}

package io.sluice.gateway.time;

/**
 * What {@code adjtimex(2)} answers, as far as it is used.
 *
 * @param synchronised neither STA_UNSYNC nor TIME_ERROR
 * @param estimatedErrorMicros 0 where the daemon that steers the clock states none
 * @param maximumErrorMicros grows by 500 µs each second since the daemon's last update
 * @param taiOffset TAI - UTC in seconds, 0 where nobody has told the kernel
 */
record Timex(boolean synchronised, long estimatedErrorMicros, long maximumErrorMicros, int taiOffset) {}

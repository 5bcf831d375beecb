package io.sluice.adapter;

import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import org.jspecify.annotations.Nullable;

/**
 * What a device said of one tag, before scaling.
 *
 * @param tag index into {@link DevicePlan#tags}
 * @param value {@code null} where there is none
 * @param time nanoseconds since 1970-01-01 UTC: the source's own time where it gives one, else the gateway's when the
 *     reply was complete
 */
public record Sample(int tag, @Nullable Value value, Status status, long time) {

    /** The source gave no usable time; the sink takes the gateway's. */
    public static final long NO_TIME = Long.MIN_VALUE;
}

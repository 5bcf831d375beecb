package io.sluice.gateway.southbound;

import io.sluice.telemetry.Message.State;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What is counted of one device. Written by the device's thread alone, once for each batch and not for each reading; read by
 * any thread.
 */
final class DeviceMeter {

    private static final long WINDOW_NANOS = TimeUnit.SECONDS.toNanos(10);

    private record Transition(State state, String error, long since) {}

    /** The count at a moment. */
    private record Mark(long monotonic, long readings) {}

    private final String device;
    private final AtomicLong readings = new AtomicLong();
    private final AtomicLong lost = new AtomicLong();
    private final AtomicLong lastReading = new AtomicLong();
    private volatile Transition transition;
    private volatile Mark older;
    private Mark newer;

    /**
     * @param now UTC nanoseconds
     * @param monotonic nanoseconds
     */
    DeviceMeter(String device, long now, long monotonic) {
        this.device = device;
        this.transition = new Transition(State.UNSPECIFIED, "", now);
        this.newer = new Mark(monotonic, 0);
        this.older = newer;
    }

    void changed(State state, String error, long now) {
        transition = new Transition(state, error, state == transition.state ? transition.since : now);
    }

    void handedOver(int count, long newest, long monotonic) {
        long total = readings.getPlain() + count;
        readings.setRelease(total);
        lastReading.setRelease(Math.max(newest, lastReading.getPlain()));
        if (monotonic - newer.monotonic >= WINDOW_NANOS) {
            older = newer;
            newer = new Mark(monotonic, total);
        }
    }

    void lost(long count) {
        lost.setRelease(lost.getPlain() + count);
    }

    /** For the device's status message. */
    Map<String, Long> counters() {
        return Map.of("readings", readings.get(), "lost", lost.get());
    }

    DeviceHealth health(long monotonic) {
        Transition state = transition;
        Mark from = older;
        long total = readings.get();
        double seconds = Math.max(1, monotonic - from.monotonic) / 1e9;
        long last = lastReading.get();
        return new DeviceHealth(
                device,
                state.state,
                state.error,
                state.since,
                total,
                (total - from.readings) / seconds,
                last == 0 ? OptionalLong.empty() : OptionalLong.of(last),
                lost.get());
    }
}

package io.sluice.gateway.southbound;

import io.sluice.gateway.time.WallClock;
import io.sluice.outbox.Entry;
import io.sluice.outbox.Intake;
import io.sluice.telemetry.BatchBuilder;
import io.sluice.telemetry.ClockState;
import io.sluice.telemetry.Message.Origin;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import org.jspecify.annotations.Nullable;

/**
 * The batch that one device's readings are collected in, appended to the outbox when it is closed: readings of one clock
 * generation and one origin, in no more bytes than a message may have. Confined to the device's thread.
 */
final class OpenBatch {

    private static final int READING_OVERHEAD_BYTES = 32;

    private final String device;
    private final Intake intake;
    private final WallClock clock;
    private final DeviceMeter meter;
    private final int maxBytes;

    private @Nullable BatchBuilder builder;
    private ClockState clockState = ClockState.UNKNOWN;
    private Origin origin = Origin.LIVE;
    private long lastBase;
    private long newestReading;
    private long opened;

    /** @param maxBytes closed before it grows beyond this */
    OpenBatch(String device, Intake intake, WallClock clock, DeviceMeter meter, int maxBytes) {
        this.device = device;
        this.intake = intake;
        this.clock = clock;
        this.meter = meter;
        this.maxBytes = maxBytes;
    }

    /** Whether a value cannot be in any batch. */
    boolean isTooSmallFor(Value value) {
        return BatchBuilder.encodedSize(value) > maxBytes / 2;
    }

    /**
     * Adds a reading, closing what cannot take it and opening another.
     *
     * @return the number of the batch that it is in, from 1
     */
    long put(int alias, ValueType type, @Nullable Value value, Status status, long time, Origin from)
            throws InterruptedException {
        ClockState now = clock.state();
        boolean another = now.generation() != clockState.generation() || from != origin;
        if (builder != null && (another || !fits(builder, value))) {
            close();
        }
        BatchBuilder open = builder == null ? open(now, from) : builder;
        open.add(alias, type, value, status, time);
        newestReading = Math.max(newestReading, time);
        return opened;
    }

    private boolean fits(BatchBuilder open, @Nullable Value value) {
        int more = READING_OVERHEAD_BYTES + (value == null ? 0 : BatchBuilder.encodedSize(value));
        return open.maxEncodedSize() + more <= maxBytes;
    }

    private BatchBuilder open(ClockState now, Origin from) {
        long earliestBase = now.generation() == clockState.generation() ? lastBase : 0;
        clockState = now;
        origin = from;
        newestReading = 0;
        opened++;
        BatchBuilder empty = new BatchBuilder(now, from, earliestBase);
        builder = empty;
        return empty;
    }

    /** The number of the batch that is open; 0 if none is. */
    long number() {
        return builder == null ? 0 : opened;
    }

    /** Hands the batch over, if one is open; waits while the outbox has no room. */
    void close() throws InterruptedException {
        BatchBuilder closing = builder;
        if (closing == null || closing.count() == 0) {
            return;
        }
        int readings = closing.count();
        builder = null;
        byte[] body = closing.encode();
        lastBase = closing.baseNanos();
        intake.append(device, new Entry.Data(body, readings, newestReading));
        meter.handedOver(readings, newestReading, clock.monotonic());
    }
}

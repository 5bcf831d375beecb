package io.sluice.adapter.opcua;

import io.sluice.adapter.Sample;
import io.sluice.adapter.SampleQueue;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one Session says of the tags, on its way to the device's queue; remembers the last sample of each. Any thread. */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final OpcUaPlan plan;
    private final SampleQueue samples;
    private final Timings timings;
    private final LongSupplier clock;
    private final AtomicReferenceArray<Sample> latest;
    private volatile Translation translation;
    private volatile long lastHeardNanos;

    Delivery(OpcUaPlan plan, SampleQueue samples, Timings timings, LongSupplier clock, EncodingContext standard) {
        this.plan = plan;
        this.samples = samples;
        this.timings = timings;
        this.clock = clock;
        this.latest = new AtomicReferenceArray<>(plan.items().size());
        this.translation = new Translation(standard);
        this.lastHeardNanos = clock.getAsLong();
    }

    /** From now on the server's own structures are known. */
    void structures(EncodingContext context) {
        translation = new Translation(context);
    }

    Translation translation() {
        return translation;
    }

    /** A Subscription has given a sign of life. */
    void heard() {
        lastHeardNanos = clock.getAsLong();
    }

    /** UTC nanoseconds. */
    long lastHeardNanos() {
        return lastHeardNanos;
    }

    void value(int tag, DataValue value) {
        Sample sample = translation.sample(tag, value);
        latest.set(tag, sample);
        samples.offer(sample);
    }

    /** Gives the value of now if it is the last one given: a changed one comes from the Subscription, in its order. */
    void unchanged(int tag, DataValue value) {
        Sample now = translation.sample(tag, value);
        @Nullable Sample before = latest.get(tag);
        if (before == null || Objects.equals(now.value(), before.value())) {
            samples.offer(now);
        }
    }

    void refused(int tag, StatusCode status) {
        Sample sample = Translation.refused(tag, status);
        @Nullable Sample before = latest.getAndSet(tag, sample);
        if (!sample.equals(before)) {
            OpcUaPlan.Item item = plan.items().get(tag);
            LOG.warn(
                    "{}: the server refuses tag {} ({}): {}; tried again every {} s",
                    plan.device().id(),
                    item.name(),
                    item.source(),
                    StatusNames.of(status.value()),
                    timings.retryTag().toSeconds());
            samples.offer(sample);
        }
    }
}

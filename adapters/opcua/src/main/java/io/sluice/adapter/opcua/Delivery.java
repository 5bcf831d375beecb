package io.sluice.adapter.opcua;

import io.sluice.adapter.Sample;
import io.sluice.adapter.SampleQueue;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one Session says of the tags, on its way to the device's queue. Any thread. */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    private final OpcUaPlan plan;
    private final SampleQueue samples;
    private final Continuity continuity;
    private final Subscriptions.Events events;
    private final AtomicBoolean missingTold = new AtomicBoolean();
    private final Timings timings;
    private final LongSupplier clock;
    /** Tags whose refusal was the last that was said of them. */
    private final Map<Integer, StatusCode> refusals = new ConcurrentHashMap<>();

    private volatile Translation translation;
    private volatile long lastHeardNanos;

    Delivery(
            OpcUaPlan plan,
            SampleQueue samples,
            Continuity continuity,
            Subscriptions.Events events,
            Timings timings,
            LongSupplier clock,
            EncodingContext standard) {
        this.continuity = continuity;
        this.events = events;
        this.plan = plan;
        this.samples = samples;
        this.timings = timings;
        this.clock = clock;
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

    /** A value of a Subscription. */
    void value(int tag, DataValue value) {
        Sample sample = translation.sample(tag, value);
        if (continuity.admit(sample, Translation.serverTicks(value), Translation.isOverflow(value))) {
            accepted(tag);
            offer(sample);
        }
        if (continuity.hasGaps() && missingTold.compareAndSet(false, true)) {
            events.add(new LinkEvent.ValuesMissing());
        }
    }

    /** The server could not repeat notifications that did not arrive. */
    void broken() {
        continuity.broken(lastHeardNanos);
    }

    /** Waiting here keeps the library from asking for more: what is too much waits in the server's queues. */
    private void offer(Sample sample) {
        try {
            samples.offerPatiently(sample);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is missing, since the last call. */
    List<Gap> takeGaps() {
        missingTold.set(false);
        return continuity.takeGaps();
    }

    /** A value that was read. */
    void polled(int tag, DataValue value) {
        Sample sample = translation.sample(tag, value);
        accepted(tag);
        samples.offer(sample);
    }

    private void accepted(int tag) {
        if (!refusals.isEmpty()) {
            refusals.remove(tag);
        }
    }

    void refused(int tag, StatusCode status) {
        continuity.again(tag);
        if (!status.equals(refusals.put(tag, status))) {
            OpcUaPlan.Item item = plan.items().get(tag);
            LOG.warn(
                    "{}: the server refuses tag {} ({}): {}; tried again every {} s",
                    plan.device().id(),
                    item.name(),
                    item.source(),
                    StatusNames.of(status.value()),
                    timings.retryTag().toSeconds());
            samples.offer(Translation.refused(tag, status));
        }
    }
}

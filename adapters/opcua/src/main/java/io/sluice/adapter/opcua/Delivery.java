package io.sluice.adapter.opcua;

import io.sluice.adapter.Sample;
import io.sluice.adapter.SampleQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What one Session says of the tags, on its way to the device's queue. Any thread. */
final class Delivery {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);

    /** More would hide the others in a line of the log. */
    private static final int MOST_NAMES = 10;

    private final OpcUaPlan plan;
    private final SampleQueue samples;
    private final Continuity continuity;
    private final Followed followed;
    private final Subscriptions.Events told;
    private final EventStream events;
    private final AtomicBoolean missingTold = new AtomicBoolean();
    private final Timings timings;
    private final LongSupplier clock;
    /** Tags whose refusal was the last that was said of them. */
    private final Map<Integer, StatusCode> refusals = new ConcurrentHashMap<>();

    private volatile Translation translation;
    private volatile long lastHeardNanos;
    private volatile long previouslyHeardNanos;

    Delivery(
            OpcUaPlan plan,
            SampleQueue samples,
            Continuity continuity,
            Followed followed,
            Subscriptions.Events told,
            Timings timings,
            LongSupplier clock,
            EncodingContext standard,
            NamespaceTable namespaces) {
        this.continuity = continuity;
        this.followed = followed;
        this.told = told;
        this.plan = plan;
        this.samples = samples;
        this.timings = timings;
        this.clock = clock;
        this.translation = new Translation(standard);
        this.events = new EventStream(plan.items().size(), namespaces);
        this.lastHeardNanos = clock.getAsLong();
        this.previouslyHeardNanos = lastHeardNanos;
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
        previouslyHeardNanos = lastHeardNanos;
        lastHeardNanos = clock.getAsLong();
    }

    /** UTC nanoseconds. */
    long lastHeardNanos() {
        return lastHeardNanos;
    }

    /**
     * Values of a Subscription.
     *
     * @param tags one for each value
     */
    void values(int[] tags, List<DataValue> values) {
        List<Sample> admitted = continuity.admit(tags, values, translation);
        if (!refusals.isEmpty()) {
            admitted.forEach(sample -> refusals.remove(sample.tag()));
        }
        offer(admitted);
        tellMissing();
    }

    private void tellMissing() {
        if (continuity.hasGaps() && missingTold.compareAndSet(false, true)) {
            told.add(new LinkEvent.ValuesMissing());
        }
    }

    /** Which fields an event of a tag will have. */
    void eventsHave(int tag, List<EventFields> fields) {
        events.ask(tag, fields);
    }

    /** An event of a tag. */
    void event(int tag, Variant[] fields) {
        switch (events.take(tag, fields)) {
            case EventStream.Taken.Reading(Sample sample) -> {
                continuity.eventsCome(tag, clock.getAsLong());
                accepted(tag);
                offer(List.of(sample));
            }
            case EventStream.Taken.Overflow() -> continuity.eventsLost(tag, previouslyHeardNanos, clock.getAsLong());
            case EventStream.Taken.RefreshRequired() -> told.add(new LinkEvent.RefreshRequired());
            case EventStream.Taken.Nothing() -> {}
        }
        tellMissing();
    }

    /** The events of a tag come from now on. */
    void eventsCome(int tag) {
        continuity.eventsCome(tag, clock.getAsLong());
        tellMissing();
    }

    /** The values of now, where a notification may be missing: those that nothing else has told are delivered. */
    void takeStock(List<Sample> now) {
        offer(now.stream().filter(continuity::takeStock).toList());
        tellMissing();
    }

    /** Here notifications are missing: they did not arrive, and the server cannot repeat them. */
    void broken() {
        continuity.broken(lastHeardNanos);
    }

    /** Waiting here keeps the library from asking for more: what is too much waits in the server's queues. */
    private void offer(List<Sample> admitted) {
        try {
            samples.offerPatiently(admitted);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** What is missing, since the last call. */
    List<Gap> takeGaps() {
        missingTold.set(false);
        return continuity.takeGaps();
    }

    /**
     * Values that were read together.
     *
     * @param tags one for each value
     */
    void polled(List<Integer> tags, List<DataValue> values) {
        List<Sample> read = new ArrayList<>(tags.size());
        for (int i = 0; i < tags.size(); i++) {
            accepted(tags.get(i));
            read.add(translation.sample(tags.get(i), values.get(i)));
        }
        offer(read);
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
                    followed.name(tag),
                    item.source(),
                    StatusNames.of(status.value()),
                    timings.retryTag().toSeconds());
            samples.offer(Translation.refused(tag, status));
        }
    }

    /** The server reports the tag, but every change of it. */
    void bandRefused(int tag, StatusCode status) {
        LOG.info(
                "{}: the server keeps no deadband for tag {} ({}): the gateway alone does",
                plan.device().id(),
                followed.name(tag),
                StatusNames.of(status.value()));
    }

    /** Variables that a pattern had found are not there any more. */
    void gone(List<Integer> tags) {
        StatusCode unknown = new StatusCode(StatusCodes.Bad_NodeIdUnknown);
        List<Integer> told = tags.stream()
                .filter(tag -> !unknown.equals(refusals.put(tag, unknown)))
                .toList();
        if (!told.isEmpty()) {
            LOG.warn(
                    "{}: gone from the server, bad until they come again: {}",
                    plan.device().id(),
                    names(told));
        }
        for (int tag : told) {
            continuity.again(tag);
            samples.offer(Translation.refused(tag, unknown));
        }
    }

    /** Variables that fit a pattern have come while the Session stands. */
    void come(List<Integer> tags) {
        LOG.info("{}: found on the server, tags from now on: {}", plan.device().id(), names(tags));
    }

    private String names(List<Integer> tags) {
        return tags.stream().limit(MOST_NAMES).map(followed::name).collect(Collectors.joining(", "))
                + (tags.size() > MOST_NAMES ? " and %d more".formatted(tags.size() - MOST_NAMES) : "");
    }
}

package io.sluice.adapter.opcua;

import io.sluice.adapter.Sample;
import io.sluice.adapter.SampleQueue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tags of a device in one Session: where they are, what they mean, and how their values come. Confined to the thread of
 * its {@link DeviceLink}.
 */
final class SessionTags {

    private static final Logger LOG = LoggerFactory.getLogger(SessionTags.class);

    private final OpcUaPlan plan;
    private final OpcUaClient client;
    private final SampleQueue samples;
    private final Delivery delivery;
    private final RememberingSink sink;
    private final Backfill backfill;
    private final Followed followed;
    private final Following following;
    private final PatternTags patterns;
    private final Chunks chunks;
    private final Resolver resolver;
    private final Reader reader;
    private final DataTypes dataTypes;
    private final MeaningReader meanings;
    private final Descriptions descriptions;
    private final SourceFilters filters;
    private final Polling polling;
    private final Subscriptions subscriptions;
    private final EventItems eventItems;

    SessionTags(
            OpcUaPlan plan,
            OpcUaClient client,
            SampleQueue samples,
            RememberingSink sink,
            Timings timings,
            Delivery delivery,
            Continuity continuity,
            Followed followed,
            Subscriptions.Events events)
            throws UaException {
        this.plan = plan;
        this.client = client;
        this.samples = samples;
        this.sink = sink;
        this.delivery = delivery;
        this.followed = followed;
        this.chunks = Chunks.of(client.getOperationLimits());
        this.resolver = new Resolver(client, chunks);
        this.following =
                new Following(plan, pattern -> new PatternWalker(client, chunks, resolver).walk(pattern), events);
        this.reader = new Reader(client, chunks);
        PropertyReader properties = new PropertyReader(resolver, reader, client.getStaticEncodingContext());
        this.dataTypes = new DataTypes(resolver, reader, properties);
        this.meanings = new MeaningReader(resolver, reader, dataTypes, properties);
        this.descriptions = new Descriptions(plan, client, reader, meanings, samples, delivery);
        this.filters = new SourceFilters(plan, reader);
        this.polling = new Polling(plan.items(), reader, delivery::polled, delivery::refused);
        this.backfill = new Backfill(plan, client, chunks, reader, delivery, continuity, samples);
        this.subscriptions = new Subscriptions(client, plan, timings, chunks, reader, delivery, events);
        this.eventItems = new EventItems(resolver, reader, subscriptions, delivery);
        this.patterns = new PatternTags(plan, followed, following, resolver, samples, delivery, new Items());
    }

    private final class Items implements PatternTags.Items {
        @Override
        public void take(List<Integer> tags, List<Resolver.Found> found) throws UaException, InterruptedException {
            SessionTags.this.take(tags, found);
        }

        @Override
        public void create() throws UaException {
            subscriptions.create();
        }

        @Override
        public void leave(Set<Integer> tags) throws InterruptedException {
            subscriptions.remove(tags);
            descriptions.forget(tags);
            tags.forEach(polling::remove);
            samples.submit(_ -> sink.unfiltered(tags));
        }
    }

    Polling polling() {
        return polling;
    }

    Following following() {
        return following;
    }

    /** A walk along the patterns is done. */
    void walked() throws UaException, InterruptedException {
        patterns.walked();
    }

    Backfill backfill() {
        return backfill;
    }

    /** Asks the server's history for what is missing, as far as it has one. */
    void fill() throws UaException {
        backfill.add(delivery.takeGaps(), subscriptions.nodes());
    }

    RequestedTags requested() {
        return new RequestedTags(
                plan,
                client,
                resolver,
                reader,
                dataTypes,
                new VariableReader(reader, dataTypes, meanings),
                followed,
                delivery::translation);
    }

    /** Finds the tags and reads what they mean. */
    void find() throws UaException, InterruptedException {
        samples.submit(_ -> sink.unfiltered());
        List<Integer> tags =
                new ArrayList<>(IntStream.range(0, plan.addressed()).boxed().toList());
        List<Resolver.Found> found = new ArrayList<>(resolve(tags));
        patterns.find(tags, found);
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i) instanceof Resolver.Found.Nowhere nowhere) {
                delivery.refused(tags.get(i), nowhere.status());
            }
        }
        take(tags, found);
    }

    private List<Resolver.Found> resolve(List<Integer> tags) throws UaException {
        return resolver.resolve(
                tags.stream().map(tag -> plan.items().get(tag).address()).toList());
    }

    /** Whether the server has a Subscription of this Session. */
    boolean isSubscribed() {
        return !subscriptions.isEmpty();
    }

    void subscribe() throws UaException {
        subscriptions.create();
        if (!plan.templates().isEmpty()) {
            subscriptions.watchModel();
        }
    }

    /** Those that are there: what they mean, and how their values come. */
    private void take(List<Integer> asked, List<Resolver.Found> found) throws UaException, InterruptedException {
        List<Integer> tags = new ArrayList<>();
        List<NodeId> nodes = new ArrayList<>();
        for (int i = 0; i < found.size(); i++) {
            if (found.get(i) instanceof Resolver.Found.At at) {
                tags.add(asked.get(i));
                nodes.add(at.node());
            }
        }
        Map<Integer, Double> bands = filters.choose(tags, nodes, descriptions.tell(tags, nodes));
        samples.submit(_ -> sink.filtered(bands));
        for (int i = 0; i < tags.size(); i++) {
            @Nullable Double band = bands.get(tags.get(i));
            put(tags.get(i), nodes.get(i), band == null ? OptionalDouble.empty() : OptionalDouble.of(band));
        }
        registerPolled();
    }

    private void registerPolled() {
        try {
            polling.register(nodes -> chunks.call(
                    Chunks.Service.REGISTER,
                    nodes,
                    chunk -> client.registerNodes(chunk).getRegisteredNodeIds()));
        } catch (UaException e) {
            LOG.debug(
                    "{}: nodes cannot be registered, they are read all the same",
                    plan.device().id(),
                    e);
        }
    }

    private void put(int tag, NodeId node, OptionalDouble band) throws UaException {
        Optional<OpcUaPlan.EventSelection> events = plan.items().get(tag).events();
        if (events.isPresent()) {
            eventItems.put(tag, node, events.get());
        } else if (plan.items().get(tag).poll().isPresent()) {
            polling.add(tag, node);
        } else {
            subscriptions.add(tag, node, band);
        }
    }

    /** Asks for the state of all conditions that are worth showing. */
    void refreshConditions() {
        subscriptions.refreshConditions();
    }

    /** Tags that the server refused, or that it did not have. */
    void retry() throws UaException, InterruptedException {
        List<Integer> missing = missing();
        if (!missing.isEmpty()) {
            client.readNamespaceTable();
            take(missing, resolve(missing));
        }
        descriptions.tellLate();
        subscriptions.create();
    }

    private List<Integer> missing() {
        List<Integer> missing = new ArrayList<>();
        for (int tag = 0; tag < plan.addressed(); tag++) {
            if (!subscriptions.has(tag) && !polling.has(tag)) {
                missing.add(tag);
            }
        }
        return missing;
    }

    /**
     * The server reports only what has changed since, but every tag was reported bad meanwhile. So values that have not changed
     * are given again; changed ones come in their order from the Subscription, but for those that wait for a trigger.
     */
    void refreshUnchanged() throws UaException, InterruptedException {
        List<Sample> now = now(subscriptions.values());
        samples.submit(
                _ -> sink.refresh(now, tag -> plan.items().get(tag).trigger().isPresent()));
    }

    /**
     * After what the Subscriptions had to bring has come: what was lost of it is the value of some tags, which may not change again
     * for long, and what did not change is told again.
     */
    void settle() throws UaException, InterruptedException {
        List<Sample> now = now(subscriptions.values().stream()
                .filter(subscriptions::reportsChanges)
                .toList());
        delivery.takeStock(now);
        samples.submit(_ -> sink.restate(now));
    }

    private List<Sample> now(List<Subscriptions.Entry> entries) throws UaException {
        List<DataValue> values = reader.read(
                entries.stream().map(Subscriptions.Entry::readValueId).toList());
        List<Sample> now = new ArrayList<>(values.size());
        for (int i = 0; i < values.size(); i++) {
            now.add(delivery.translation().sample(entries.get(i).tag(), values.get(i)));
        }
        return now;
    }

    /** Notifications are lost for good: of events no history is asked, so the span is said; and conditions may stand differently. */
    void notificationsLost() throws InterruptedException {
        samples.submit(_ -> sink.filterAnew());
        subscriptions.events().forEach(delivery::eventsCome);
        refreshConditions();
    }
}

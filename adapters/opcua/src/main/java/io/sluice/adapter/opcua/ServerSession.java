package io.sluice.adapter.opcua;

import io.netty.channel.Channel;
import io.sluice.adapter.Sample;
import io.sluice.adapter.SampleQueue;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.SessionActivityListener;
import org.eclipse.milo.opcua.sdk.client.UaSession;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.enumerated.TimestampsToReturn;
import org.eclipse.milo.opcua.stack.core.types.structured.ReadValueId;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client with its Session, from the moment that it is connected to the moment that it must be given up. The Session may
 * be interrupted and resumed in between: the library does that, and the server's queues bridge the time. Confined to the
 * thread of its {@link DeviceLink}, but for the callbacks.
 */
final class ServerSession {

    private static final Logger LOG = LoggerFactory.getLogger(ServerSession.class);

    private static final ReadValueId SERVER_STATE =
            new ReadValueId(NodeIds.Server_ServerStatus_State, AttributeId.Value.uid(), null, QualifiedName.NULL_VALUE);

    private final OpcUaPlan plan;
    private final OpcUaClient client;
    private final SampleQueue samples;
    private final Timings timings;
    private final LongSupplier clock;
    private final BlockingQueue<LinkEvent> events = new LinkedBlockingQueue<>();
    private final AtomicReferenceArray<Sample> latest;
    private final Chunks chunks;
    private final Resolver resolver;
    private final Reader reader;
    private final Polling polling;

    private volatile Translation translation;
    private final Subscriptions subscriptions;
    private @Nullable Interruption interruption;
    private @Nullable Channel channel;
    private long nextRetryNanos;
    private volatile long lastHeardNanos;

    /**
     * @param sinceNanos monotonic time
     * @param lastHeardNanos UTC
     * @param told whether the device has been reported offline
     */
    private record Interruption(long sinceNanos, long lastHeardNanos, boolean told) {}

    ServerSession(OpcUaPlan plan, OpcUaClient client, SampleQueue samples, Timings timings, LongSupplier clock)
            throws UaException {
        this.plan = plan;
        this.client = client;
        this.samples = samples;
        this.timings = timings;
        this.clock = clock;
        this.latest = new AtomicReferenceArray<>(plan.items().size());
        this.chunks = Chunks.of(client.getOperationLimits());
        this.resolver = new Resolver(client, chunks);
        this.reader = new Reader(client, chunks);
        this.translation = new Translation(client.getStaticEncodingContext());
        this.polling = new Polling(plan.items(), reader, this::deliver, this::refuse);
        this.subscriptions = new Subscriptions(client, plan, timings, chunks, callbacks());
        this.lastHeardNanos = clock.getAsLong();
        client.addSessionActivityListener(new Activity());
    }

    /** Finds the tags, reads what they mean, and subscribes. */
    void begin() throws UaException, InterruptedException {
        List<Resolver.Found> found = resolver.resolve(
                plan.items().stream().map(OpcUaPlan.Item::address).toList());
        describe(found);
        rememberChannel();
        samples.submit(sink -> sink.online());
        assign(found);
        subscriptions.create();
        nextRetryNanos = System.nanoTime() + timings.retryTag().toNanos();
    }

    private void describe(List<Resolver.Found> found) throws UaException, InterruptedException {
        List<Integer> tags = new ArrayList<>();
        List<NodeId> nodes = new ArrayList<>();
        for (int tag = 0; tag < found.size(); tag++) {
            if (found.get(tag) instanceof Resolver.Found.At at) {
                tags.add(tag);
                nodes.add(at.node());
            }
        }
        MeaningReader.Meanings meanings =
                new MeaningReader(resolver, reader, client.getStaticEncodingContext()).read(nodes);
        for (int i = 0; i < tags.size(); i++) {
            int tag = tags.get(i);
            TagMeaning meaning = meanings.tags().get(i);
            if (!meaning.equals(TagMeaning.NONE)) {
                samples.submit(sink ->
                        sink.describe(tag, meaning.unit(), meaning.enumeration(), meaning.low(), meaning.high()));
            }
        }
        if (meanings.structures()) {
            translation = new Translation(structures());
        }
    }

    /** Reads the server's type definitions; without them structures go on as bytes. */
    private EncodingContext structures() {
        try {
            return client.getDynamicEncodingContext();
        } catch (UaException e) {
            LOG.warn(
                    "{}: cannot read the data types of {} ({}): structures stay bytes",
                    plan.device().id(),
                    plan.endpoint(),
                    LinkFailure.reason(e));
            return client.getStaticEncodingContext();
        }
    }

    private void assign(List<Resolver.Found> found) {
        for (int tag = 0; tag < found.size(); tag++) {
            OpcUaPlan.Item item = plan.items().get(tag);
            switch (found.get(tag)) {
                case Resolver.Found.At at when item.poll().isPresent() -> polling.add(tag, at.node());
                case Resolver.Found.At at -> subscriptions.add(tag, at.node());
                case Resolver.Found.Nowhere nowhere -> refuse(tag, nowhere.status());
            }
        }
    }

    /**
     * Works until the Session must be given up.
     *
     * @return why
     */
    String serve() throws InterruptedException {
        while (true) {
            @Nullable LinkEvent event = events.poll(untilNextTask(), TimeUnit.NANOSECONDS);
            @Nullable String end = event == null ? null : handle(event);
            if (end == null) {
                end = tick();
            }
            if (end != null) {
                return end;
            }
        }
    }

    private long untilNextTask() {
        long now = System.nanoTime();
        @Nullable Interruption current = interruption;
        if (current != null) {
            Duration next = current.told() ? timings.resume() : timings.grace();
            return Math.max(0, current.sinceNanos() + next.toNanos() - now);
        }
        return Math.max(0, Math.min(nextRetryNanos - now, polling.untilNext(now)));
    }

    private @Nullable String handle(LinkEvent event) throws InterruptedException {
        return switch (event) {
            case LinkEvent.SessionInactive() -> {
                interrupted();
                yield null;
            }
            case LinkEvent.SessionActive() -> {
                resumed();
                yield null;
            }
            case LinkEvent.NotificationsLost() -> {
                reportLoss(lastHeardNanos);
                yield null;
            }
            case LinkEvent.SubscriptionSilent() -> silent();
            case LinkEvent.SubscriptionGone(String reason) -> reason;
        };
    }

    private void interrupted() {
        if (interruption == null) {
            interruption = new Interruption(System.nanoTime(), lastHeardNanos, false);
            abandonChannel();
        }
    }

    /**
     * After a request without an answer the library would go on using the same TCP connection. Closing it makes it connect
     * anew and activate the same Session there. Only the channel of the time before is closed: there may be a new one.
     */
    private void abandonChannel() {
        @Nullable Channel abandoned = channel;
        channel = null;
        if (abandoned != null) {
            var _ = abandoned.close();
        }
    }

    private void rememberChannel() {
        if (client.getTransport() instanceof OpcTcpClientTransport transport) {
            channel = transport.getChannelFsm().getChannel().getNow(null);
        }
    }

    /** A Session that answers needs a new Subscription; one that does not may be resumed, and keeps its Subscription. */
    private @Nullable String silent() throws InterruptedException {
        if (interruption != null) {
            return null;
        }
        try {
            client.readAsync(0, TimestampsToReturn.Neither, List.of(SERVER_STATE))
                    .get(timings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return "the Subscription was silent beyond its keep-alive";
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug(
                    "{}: neither the Subscription nor the Session answers",
                    plan.device().id(),
                    e);
            abandonChannel();
            return null;
        }
    }

    private void resumed() throws InterruptedException {
        @Nullable Interruption ended = interruption;
        interruption = null;
        rememberChannel();
        if (ended != null && ended.told()) {
            samples.submit(sink -> sink.online());
            refreshUnchanged();
        }
    }

    /**
     * The server reports only what has changed since, but every tag was reported bad meanwhile. So values that have not changed
     * are given again; changed ones come in their order from the Subscription.
     */
    private void refreshUnchanged() {
        try {
            List<Subscriptions.Entry> entries = subscriptions.entries();
            List<DataValue> values = reader.read(
                    entries.stream().map(Subscriptions.Entry::readValueId).toList());
            for (int i = 0; i < values.size(); i++) {
                int tag = entries.get(i).tag();
                Sample now = translation.sample(tag, values.get(i));
                @Nullable Sample before = latest.get(tag);
                if (before == null || Objects.equals(now.value(), before.value())) {
                    samples.offer(now);
                }
            }
        } catch (UaException e) {
            events.add(new LinkEvent.SubscriptionGone(
                    "values could not be read after the interruption: " + LinkFailure.reason(e)));
        }
    }

    private @Nullable String tick() throws InterruptedException {
        long now = System.nanoTime();
        @Nullable Interruption current = interruption;
        if (current != null) {
            return tickInterrupted(current, now - current.sinceNanos());
        }
        polling.run(now);
        if (now - nextRetryNanos >= 0) {
            nextRetryNanos = now + timings.retryTag().toNanos();
            return retry();
        }
        return null;
    }

    private @Nullable String tickInterrupted(Interruption current, long lasted) throws InterruptedException {
        if (lasted >= timings.resume().toNanos()) {
            return "the Session could not be resumed";
        }
        if (!current.told() && lasted >= timings.grace().toNanos()) {
            interruption = new Interruption(current.sinceNanos(), current.lastHeardNanos(), true);
            String error = "connection to " + plan.endpoint() + " is lost, trying to resume the Session";
            samples.submit(sink -> sink.offline(Status.bad(SluiceCode.DEVICE_UNREACHABLE), error));
        }
        return null;
    }

    /** Tags that the server refused, or that it did not have, are tried again slowly. */
    private @Nullable String retry() {
        try {
            List<Integer> missing = missing();
            if (!missing.isEmpty()) {
                client.readNamespaceTable();
                List<Resolver.Found> found = resolver.resolve(missing.stream()
                        .map(tag -> plan.items().get(tag).address())
                        .toList());
                for (int i = 0; i < missing.size(); i++) {
                    if (found.get(i) instanceof Resolver.Found.At at) {
                        put(missing.get(i), at.node());
                    }
                }
            }
            subscriptions.create();
            return null;
        } catch (UaException e) {
            return "tags could not be tried again: " + LinkFailure.reason(e);
        }
    }

    private List<Integer> missing() {
        List<Integer> missing = new ArrayList<>();
        for (int tag = 0; tag < plan.items().size(); tag++) {
            if (!subscriptions.has(tag) && !polling.has(tag)) {
                missing.add(tag);
            }
        }
        return missing;
    }

    private void put(int tag, NodeId node) {
        if (plan.items().get(tag).poll().isPresent()) {
            polling.add(tag, node);
        } else {
            subscriptions.add(tag, node);
        }
    }

    /** UTC nanoseconds of the last sign of life of the Subscriptions. */
    long lastHeardNanos() {
        @Nullable Interruption current = interruption;
        return current == null ? lastHeardNanos : current.lastHeardNanos();
    }

    private void reportLoss(long sinceNanos) throws InterruptedException {
        long now = clock.getAsLong();
        samples.submit(sink -> sink.lost(LossReason.SOURCE_GAP, 0, Math.min(sinceNanos, now), now));
    }

    private void deliver(int tag, DataValue value) {
        Sample sample = translation.sample(tag, value);
        latest.set(tag, sample);
        samples.offer(sample);
    }

    private void refuse(int tag, StatusCode status) {
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

    private Subscriptions.Callbacks callbacks() {
        return new Subscriptions.Callbacks() {
            @Override
            public void value(int tag, DataValue value) {
                lastHeardNanos = clock.getAsLong();
                deliver(tag, value);
            }

            @Override
            public void alive() {
                lastHeardNanos = clock.getAsLong();
            }

            @Override
            public void refused(int tag, StatusCode status) {
                refuse(tag, status);
            }

            @Override
            public void event(LinkEvent event) {
                events.add(event);
            }
        };
    }

    private final class Activity implements SessionActivityListener {
        @Override
        public void onSessionActive(UaSession session) {
            events.add(new LinkEvent.SessionActive());
        }

        @Override
        public void onSessionInactive(UaSession session) {
            events.add(new LinkEvent.SessionInactive());
        }
    }
}

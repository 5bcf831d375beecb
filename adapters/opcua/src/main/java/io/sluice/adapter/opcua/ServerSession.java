package io.sluice.adapter.opcua;

import io.netty.channel.Channel;
import io.sluice.adapter.SampleQueue;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.sdk.client.SessionActivityListener;
import org.eclipse.milo.opcua.sdk.client.UaSession;
import org.eclipse.milo.opcua.stack.core.AttributeId;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
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

    /** The tags of one interruption are noticed one after the other. */
    private static final long SETTLE_NANOS = 250_000_000;

    /** A loss makes every tag report, whatever its deadband. */
    private static final long BETWEEN_LOSSES_NANOS = 60_000_000_000L;

    private static final ReadValueId SERVER_STATE =
            new ReadValueId(NodeIds.Server_ServerStatus_State, AttributeId.Value.uid(), null, QualifiedName.NULL_VALUE);

    private final OpcUaPlan plan;
    private final OpcUaClient client;
    private final SampleQueue samples;
    private final Timings timings;
    private final LongSupplier clock;
    private final BlockingQueue<LinkEvent> events = new LinkedBlockingQueue<>();
    private final Continuity continuity;
    private final Delivery delivery;
    private final SessionTags tags;

    private NodeId sessionId;
    private @Nullable Interruption interruption;
    private @Nullable Channel channel;
    private long nextRetryNanos;
    private long nextLossNanos = System.nanoTime();

    /** When to look for what is missing; monotonic. */
    private @Nullable Long gapsDueNanos;

    /** When the Subscriptions have brought what waited while notifications did not come; monotonic. */
    private @Nullable Long settleDueNanos;

    /**
     * @param sinceNanos monotonic time
     * @param lastHeardNanos UTC
     * @param told whether the device has been reported offline
     */
    private record Interruption(long sinceNanos, long lastHeardNanos, boolean told) {}

    ServerSession(
            OpcUaPlan plan,
            OpcUaClient client,
            SampleQueue samples,
            RememberingSink sink,
            Continuity continuity,
            Followed followed,
            Timings timings,
            LongSupplier clock)
            throws UaException {
        this.plan = plan;
        this.client = client;
        this.samples = samples;
        this.timings = timings;
        this.clock = clock;
        this.continuity = continuity;
        this.delivery = new Delivery(
                plan,
                samples,
                continuity,
                followed,
                events::add,
                timings,
                clock,
                client.getStaticEncodingContext(),
                client.getNamespaceTable());
        this.tags = new SessionTags(plan, client, samples, sink, timings, delivery, continuity, followed, events::add);
        this.sessionId = client.getSession().getSessionId();
        client.addSessionActivityListener(new Activity());
    }

    /** Finds the tags, reads what they mean, and subscribes. */
    void begin() throws UaException, InterruptedException {
        rememberChannel();
        tags.find();
        samples.submit(sink -> sink.online());
        tags.subscribe();
        nextRetryNanos = System.nanoTime() + timings.retryTag().toNanos();
        if (continuity.hasGaps()) {
            gapsDueNanos = System.nanoTime() + SETTLE_NANOS;
        }
    }

    /** May be used while the Session lives. */
    RequestedTags requested() {
        return tags.requested();
    }

    /**
     * Works until the Session must be given up.
     *
     * @return why
     */
    String serve() throws InterruptedException {
        try {
            @Nullable String end = null;
            while (end == null) {
                @Nullable LinkEvent event = events.poll(untilNextTask(), TimeUnit.NANOSECONDS);
                end = event == null ? null : handle(event);
                if (end == null) {
                    end = tick();
                }
            }
            tags.backfill().giveBack();
            reportLoss();
            return end;
        } catch (InterruptedException stop) {
            tags.backfill().giveUp(continuity.takeGaps());
            reportLoss();
            throw stop;
        }
    }

    private long untilNextTask() {
        long now = System.nanoTime();
        @Nullable Interruption current = interruption;
        if (current != null) {
            Duration next = current.told() ? timings.resume() : timings.grace();
            return Math.max(0, current.sinceNanos() + next.toNanos() - now);
        }
        return tags.backfill().isIdle()
                ? Math.max(
                        0,
                        Math.min(
                                untilGaps(now),
                                Math.min(
                                        Math.min(
                                                nextRetryNanos - now,
                                                tags.following().untilNext(now)),
                                        tags.polling().untilNext(now))))
                : 0;
    }

    private long untilGaps(long now) {
        @Nullable Long due = gapsDueNanos;
        long loss = tags.backfill().hasLost() ? nextLossNanos - now : Long.MAX_VALUE / 2;
        @Nullable Long settle = settleDueNanos;
        return Math.min(loss, Math.min(untilDue(due, now), untilDue(settle, now)));
    }

    private static long untilDue(@Nullable Long due, long now) {
        return due == null ? Long.MAX_VALUE / 2 : due - now;
    }

    private @Nullable String handle(LinkEvent event) throws InterruptedException {
        return switch (event) {
            case LinkEvent.SessionInactive() -> {
                interrupted();
                yield null;
            }
            case LinkEvent.SessionActive(NodeId id) -> resumed(id);
            case LinkEvent.ValuesMissing() -> {
                gapsDueNanos = System.nanoTime() + SETTLE_NANOS;
                yield null;
            }
            case LinkEvent.AddressSpaceChanged() -> {
                tags.following().changed(System.nanoTime());
                yield null;
            }
            case LinkEvent.Walked() -> walked();
            case LinkEvent.NotificationsLost() -> {
                tags.notificationsLost();
                tags.following().changed(System.nanoTime());
                settleLater();
                yield null;
            }
            case LinkEvent.RefreshRequired() -> {
                tags.refreshConditions();
                yield null;
            }
            case LinkEvent.SubscriptionSilent(BooleanSupplier still) -> still.getAsBoolean() ? silent() : null;
            case LinkEvent.SubscriptionGone(String reason) -> reason;
        };
    }

    private @Nullable String walked() throws InterruptedException {
        try {
            if (interruption == null) {
                tags.walked();
            } else {
                tags.following().drop();
            }
            return null;
        } catch (UaException e) {
            return "what a pattern found could not be taken: " + LinkFailure.reason(e);
        }
    }

    private void interrupted() {
        if (interruption == null) {
            interruption = new Interruption(System.nanoTime(), delivery.lastHeardNanos(), false);
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

    /**
     * What was found and registered for one Session counts for that one alone: the server may have numbered its namespaces anew.
     * With Subscriptions the library tries to take them along, and says where it cannot; where it could, it is the same server.
     */
    private @Nullable String resumed(NodeId id) throws InterruptedException {
        @Nullable Interruption ended = interruption;
        interruption = null;
        rememberChannel();
        if (!id.equals(sessionId)) {
            if (!tags.isSubscribed()) {
                return "the server has forgotten the Session";
            }
            sessionId = id;
            tags.polling().forgetRegistered();
        }
        if (ended != null && ended.told()) {
            samples.submit(sink -> sink.online());
            return refreshed();
        }
        return null;
    }

    private @Nullable String refreshed() throws InterruptedException {
        settleLater();
        try {
            tags.refreshUnchanged();
            tags.refreshConditions();
            tags.following().changed(System.nanoTime());
            return null;
        } catch (UaException e) {
            return "values could not be read after the interruption: " + LinkFailure.reason(e);
        }
    }

    /** Two publishing cycles: then the Subscriptions have brought what waited. */
    private void settleLater() {
        settleDueNanos =
                System.nanoTime() + SETTLE_NANOS + 2 * plan.publishing().toNanos();
    }

    private @Nullable String settle(long now) throws InterruptedException {
        @Nullable Long due = settleDueNanos;
        if (due == null || due - now > 0) {
            return null;
        }
        settleDueNanos = null;
        try {
            tags.settle();
            return null;
        } catch (UaException e) {
            return "values could not be read after notifications were lost: " + LinkFailure.reason(e);
        }
    }

    private @Nullable String tick() throws InterruptedException {
        long now = System.nanoTime();
        @Nullable Interruption current = interruption;
        if (current != null) {
            return tickInterrupted(current, now - current.sinceNanos());
        }
        tags.polling().run(now);
        tags.following().run(now);
        @Nullable String end = settle(now);
        if (end == null) {
            end = fillGaps(now);
        }
        if (end != null) {
            return end;
        }
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

    private @Nullable String retry() throws InterruptedException {
        try {
            tags.retry();
            return null;
        } catch (UaException e) {
            return "tags could not be tried again: " + LinkFailure.reason(e);
        }
    }

    /** UTC nanoseconds of the last sign of life of the Subscriptions. */
    long lastHeardNanos() {
        @Nullable Interruption current = interruption;
        return current == null ? delivery.lastHeardNanos() : current.lastHeardNanos();
    }

    private @Nullable String fillGaps(long now) throws InterruptedException {
        @Nullable Long due = gapsDueNanos;
        try {
            if (due != null && due - now <= 0) {
                gapsDueNanos = null;
                tags.fill();
            }
        } catch (UaException e) {
            return "the history could not be asked: " + LinkFailure.reason(e);
        }
        tags.backfill().step();
        if (tags.backfill().isIdle() && nextLossNanos - now <= 0) {
            reportLoss();
        }
        return null;
    }

    private void reportLoss() throws InterruptedException {
        Optional<Span> lost = tags.backfill().takeLost();
        if (lost.isPresent()) {
            nextLossNanos = System.nanoTime() + BETWEEN_LOSSES_NANOS;
            Span span = lost.get();
            LOG.warn(
                    "{}: values between {} and {} did not come, and cannot be had from the server's history",
                    plan.device().id(),
                    Translation.dateTime(span.firstNanos()).getJavaInstant(),
                    Translation.dateTime(span.lastNanos()).getJavaInstant());
            samples.submit(sink -> sink.lost(LossReason.SOURCE_GAP, 0, span.firstNanos(), span.lastNanos()));
        }
    }

    private final class Activity implements SessionActivityListener {
        @Override
        public void onSessionActive(UaSession session) {
            events.add(new LinkEvent.SessionActive(session.getSessionId()));
        }

        @Override
        public void onSessionInactive(UaSession session) {
            events.add(new LinkEvent.SessionInactive());
        }
    }
}

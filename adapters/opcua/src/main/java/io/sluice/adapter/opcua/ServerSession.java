package io.sluice.adapter.opcua;

import io.sluice.adapter.SampleQueue;
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
    private static final Duration SETTLE = Duration.ofMillis(250);

    private static final ReadValueId SERVER_STATE =
            new ReadValueId(NodeIds.Server_ServerStatus_State, AttributeId.Value.uid(), null, QualifiedName.NULL_VALUE);

    private final OpcUaPlan plan;
    private final OpcUaClient client;
    private final SampleQueue samples;
    private final Timings timings;
    private final BlockingQueue<LinkEvent> events = new LinkedBlockingQueue<>();
    private final Continuity continuity;
    private final SessionTags tags;
    private final Interruption interruption;
    private final Losses losses;
    private final Agenda agenda = new Agenda();

    /** Looks for what is missing. */
    private final Appointment gaps;

    /** Due when the Subscriptions have brought what waited while notifications did not come. */
    private final Appointment settling;

    /** Tries again what the server refused. */
    private final Appointment retry;

    private NodeId sessionId;

    ServerSession(
            OpcUaPlan plan,
            TellingClient client,
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
        this.continuity = continuity;
        Delivery delivery = new Delivery(
                plan,
                samples,
                continuity,
                followed,
                events::add,
                timings,
                clock,
                client.getStaticEncodingContext(),
                client.getNamespaceTable());
        client.whereMessagesAreMissing(delivery::broken);
        this.tags = new SessionTags(plan, client, samples, sink, timings, delivery, continuity, followed, events::add);
        this.interruption = new Interruption(client, plan.connection().endpoint(), timings, delivery, samples);
        this.losses = new Losses(plan.device().id(), tags.backfill(), samples);
        this.gaps = new Appointment(tags::fill);
        this.settling = new Appointment(tags::settle);
        this.retry = new Appointment(this::retry);
        plan();
        this.sessionId = client.getSession().getSessionId();
        client.addSessionActivityListener(new Activity());
    }

    private void plan() {
        agenda.add(tags.polling(), "values could not be read");
        agenda.add(tags.following(), "patterns could not be followed");
        agenda.add(settling, "values could not be read after notifications were lost");
        agenda.add(gaps, "the history could not be asked");
        agenda.add(tags.backfill(), "the history could not be asked");
        agenda.add(losses, "what is lost could not be named");
        agenda.add(retry, "tags could not be tried again");
    }

    /** Finds the tags, reads what they mean, and subscribes. */
    void begin() throws UaException, InterruptedException {
        interruption.end();
        tags.find();
        samples.submit(sink -> sink.online());
        tags.subscribe();
        retry.in(timings.retryTag());
        if (continuity.hasGaps()) {
            gaps.in(SETTLE);
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
            Optional<String> end = Optional.empty();
            while (end.isEmpty()) {
                @Nullable LinkEvent event = events.poll(untilNext(), TimeUnit.NANOSECONDS);
                end = event == null ? Optional.empty() : handle(event);
                if (end.isEmpty()) {
                    end = run();
                }
            }
            if (Thread.interrupted()) {
                // A request of the library that was under way has ended as one that failed.
                throw new InterruptedException(end.get());
            }
            tags.backfill().giveBack();
            losses.tell();
            return end.get();
        } catch (InterruptedException stop) {
            tags.backfill().giveUp(continuity.takeGaps());
            losses.tell();
            throw stop;
        }
    }

    /** While nobody answers, nothing but the end of that is waited for. */
    private long untilNext() {
        long now = System.nanoTime();
        return interruption.lasts() ? interruption.untilNext(now) : agenda.untilNext(now);
    }

    private Optional<String> run() throws InterruptedException {
        long now = System.nanoTime();
        return interruption.lasts() ? interruption.run(now) : agenda.run(now);
    }

    private Optional<String> handle(LinkEvent event) throws InterruptedException {
        return switch (event) {
            case LinkEvent.SessionInactive() -> then(interruption::begin);
            case LinkEvent.SessionActive(NodeId id) -> resumed(id);
            case LinkEvent.ValuesMissing() -> then(() -> gaps.in(SETTLE));
            case LinkEvent.AddressSpaceChanged() -> then(() -> tags.following().changed(System.nanoTime()));
            case LinkEvent.Walked() -> walked();
            case LinkEvent.NotificationsLost() -> notificationsLost();
            case LinkEvent.RefreshRequired() -> then(tags::refreshConditions);
            case LinkEvent.SubscriptionSilent(BooleanSupplier still) ->
                still.getAsBoolean() ? silent(still) : Optional.empty();
            case LinkEvent.SubscriptionGone(String reason) -> Optional.of(reason);
        };
    }

    private static Optional<String> then(Runnable action) {
        action.run();
        return Optional.empty();
    }

    private Optional<String> notificationsLost() throws InterruptedException {
        tags.notificationsLost();
        tags.following().changed(System.nanoTime());
        settleLater();
        return Optional.empty();
    }

    private Optional<String> walked() throws InterruptedException {
        try {
            if (interruption.lasts()) {
                tags.following().drop();
            } else {
                tags.walked();
            }
            return Optional.empty();
        } catch (UaException e) {
            return Optional.of("what a pattern found could not be taken: " + LinkFailure.reason(e));
        }
    }

    /**
     * A Session that answers needs a new Subscription; one that does not may be resumed, and keeps its Subscription. A server
     * that was only slow brings what it owed together with its answer.
     */
    private Optional<String> silent(BooleanSupplier still) throws InterruptedException {
        if (interruption.lasts()) {
            return Optional.empty();
        }
        try {
            client.readAsync(0, TimestampsToReturn.Neither, List.of(SERVER_STATE))
                    .get(timings.keepAliveTimeout().toMillis(), TimeUnit.MILLISECONDS);
            return still.getAsBoolean()
                    ? Optional.of("the Subscription was silent beyond its keep-alive")
                    : Optional.empty();
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug(
                    "{}: neither the Subscription nor the Session answers",
                    plan.device().id(),
                    e);
            interruption.abandonChannel();
            return Optional.empty();
        }
    }

    /**
     * What was found and registered for one Session counts for that one alone: the server may have numbered its namespaces anew.
     * With Subscriptions the library tries to take them along, and says where it cannot; where it could, it is the same server.
     */
    private Optional<String> resumed(NodeId id) throws InterruptedException {
        boolean told = interruption.end();
        if (!id.equals(sessionId)) {
            if (!tags.isSubscribed()) {
                return Optional.of("the server has forgotten the Session");
            }
            sessionId = id;
            tags.polling().forgetRegistered();
        }
        if (!told) {
            return Optional.empty();
        }
        samples.submit(sink -> sink.online());
        return refreshed();
    }

    private Optional<String> refreshed() throws InterruptedException {
        settleLater();
        try {
            tags.refreshUnchanged();
            tags.refreshConditions();
            tags.following().changed(System.nanoTime());
            return Optional.empty();
        } catch (UaException e) {
            return Optional.of("values could not be read after the interruption: " + LinkFailure.reason(e));
        }
    }

    /** Two publishing cycles: then the Subscriptions have brought what waited. */
    private void settleLater() {
        settling.in(SETTLE.plus(plan.publishing().multipliedBy(2)));
    }

    private void retry() throws UaException, InterruptedException {
        retry.in(timings.retryTag());
        tags.retry();
    }

    /** UTC nanoseconds of the last sign of life of the Subscriptions. */
    long lastHeardNanos() {
        return interruption.lastHeardNanos();
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

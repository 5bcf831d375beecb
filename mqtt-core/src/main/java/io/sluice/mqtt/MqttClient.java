package io.sluice.mqtt;

import io.sluice.mqtt.Publish.UserProperty;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT client that keeps itself connected. Thread-safe. Its work is done on one thread, {@code mqtt-io}.
 *
 * <p>It does not persist anything: messages in flight survive a reconnect, not the process. It does not drop anything
 * either: what is published while there is no connection waits in memory, so that the caller must bound what it hands over.
 */
public final class MqttClient implements AutoCloseable {

    /** What ends a connection takes at most this long after it was told to. */
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final Transport transport = new Transport();
    private final Connector connector;
    private final AtomicBoolean started = new AtomicBoolean();
    private final AtomicBoolean pinged = new AtomicBoolean();
    private final Set<CompletableFuture<Subscribe.Answer>> unanswered = ConcurrentHashMap.newKeySet();

    /** Makes the client; {@link #start} connects. */
    public MqttClient(MqttOptions options, ConnectionListener listener) {
        this(options, listener, InetAddress::getAllByName);
    }

    /** For tests of what names stand for. */
    MqttClient(MqttOptions options, ConnectionListener listener, Dial.Resolver resolver) {
        connector = new Connector(
                options,
                listener,
                transport,
                System::nanoTime,
                InstantSource.system(),
                resolver,
                new SplittableRandom());
        connector.finished().thenRun(() -> unanswered.forEach(answer -> answer.cancel(false)));
    }

    /**
     * Starts to connect, in the background, for ever.
     *
     * @throws IllegalStateException at a second call
     */
    public void start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("this client was started before");
        }
        transport.execute(connector::start);
    }

    /**
     * Sends a message: at once if the window allows, else in its turn.
     *
     * @param outcome called exactly once, on {@code mqtt-io}; for QoS 0 when it was written. After {@link #stop} or
     *     {@link #close} it is called at once, with {@link Outcome.Unknown}
     */
    public void publish(Publish message, Consumer<Outcome> outcome) {
        if (!connector.offer(new Outgoing(message, outcome))) {
            outcome.accept(new Outcome.Unknown());
        }
    }

    /**
     * SUBSCRIBE now, or when there is a connection, and again after every connect whose session was not present.
     *
     * @return the first SUBACK; completed on {@code mqtt-io}, cancelled if the client ends before. What the broker has said in CONNACK that it does not take is
     *     answered without being sent: 0x95 too large, 0x9E shared, 0xA1 with identifier, 0xA2 with wildcard
     */
    public CompletableFuture<Subscribe.Answer> subscribe(Subscribe request) {
        CompletableFuture<Subscribe.Answer> answer = answer();
        ask(new Event.SubscribeRequested(request, answer::complete));
        return answer;
    }

    /** {@link #unsubscribe(List, List)} without User Properties. */
    public CompletableFuture<Subscribe.Answer> unsubscribe(List<String> topicFilters) {
        return unsubscribe(topicFilters, List.of());
    }

    /**
     * UNSUBSCRIBE now, or when there is a connection (MQTT 5 §3.10). The filters are not subscribed to again.
     *
     * @param topicFilters at least one [MQTT-3.10.3-2], as they were subscribed to
     * @return the UNSUBACK; completed on {@code mqtt-io}, cancelled if the client ends before
     */
    public CompletableFuture<Subscribe.Answer> unsubscribe(
            List<String> topicFilters, List<UserProperty> userProperties) {
        if (topicFilters.isEmpty()) {
            throw new IllegalArgumentException("no topic filter is given");
        }
        topicFilters.forEach(filter -> Subscribe.Filter.of(filter, 0));
        CompletableFuture<Subscribe.Answer> answer = answer();
        ask(new Event.UnsubscribeRequested(List.copyOf(topicFilters), List.copyOf(userProperties), answer::complete));
        return answer;
    }

    /** Re-authenticates on the connection that stands (MQTT 5 §4.12.1); without one, or without a method, does nothing. */
    public void reauthenticate() {
        ask(new Event.ReauthenticateRequested());
    }

    private CompletableFuture<Subscribe.Answer> answer() {
        CompletableFuture<Subscribe.Answer> answer = new CompletableFuture<>();
        unanswered.add(answer);
        answer.whenComplete((given, cancelled) -> unanswered.remove(answer));
        if (connector.finished().isDone()) {
            answer.cancel(false);
        }
        return answer;
    }

    private void ask(Event request) {
        transport.execute(() -> connector.ask(request));
    }

    /** Whether {@code mqtt-io} has come round since the last call; for a watchdog that asks every few seconds. */
    public boolean isAlive() {
        boolean answered = pinged.compareAndSet(false, true);
        if (answered) {
            transport.execute(() -> pinged.set(false));
        }
        return answered;
    }

    /**
     * Ends cleanly: publishes {@code last} (QoS 1), waits for its PUBACK and those in flight, then DISCONNECT 0x00, all
     * within {@code limit}; then closes whatever is left. Without a connection, and none being made, it ends at once.
     *
     * @throws IllegalStateException on {@code mqtt-io}, which would wait for itself
     */
    public void stop(@Nullable Publish last, Duration limit) {
        stop(last, Disconnect.NORMAL, limit);
    }

    /** As {@link #stop(Publish, Duration)}, with another DISCONNECT. */
    public void stop(@Nullable Publish last, Disconnect disconnect, Duration limit) {
        if (transport.loop().inEventLoop()) {
            throw new IllegalStateException("stop was called on mqtt-io");
        }
        transport.execute(() -> connector.stop(last, disconnect.packet()));
        await(limit);
        close();
    }

    /**
     * What DISCONNECT says (MQTT 5 §3.14); over MQTT 3.1.1 it says nothing.
     *
     * @param reasonCode 0x00 normal, 0x04 normal and the Will is to be published, or one of 0x80 to 0x83, 0x90, 0x93 to 0x99
     * @param reasonString empty: none
     * @param sessionExpiry instead of CONNECT's; left out if that was zero (§3.14.2.2.2)
     */
    public record Disconnect(
            int reasonCode, String reasonString, Optional<Duration> sessionExpiry, List<UserProperty> userProperties) {

        private static final Set<Integer> REASON_CODES =
                Set.of(0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99);

        /** 0x00 and nothing else. */
        public static final Disconnect NORMAL = new Disconnect(0, "", Optional.empty(), List.of());

        public Disconnect {
            userProperties = List.copyOf(userProperties);
            Texts.require(reasonString, "Reason String");
            sessionExpiry.ifPresent(interval -> MqttOptions.requireInterval("session expiry", interval));
            if (!REASON_CODES.contains(reasonCode)) {
                throw new IllegalArgumentException("a client does not disconnect with " + ReasonCode.text(reasonCode));
            }
        }

        private Packet.Disconnect packet() {
            return new Packet.Disconnect(
                    new Reason(reasonCode, reasonString, userProperties),
                    sessionExpiry.map(Duration::toSeconds),
                    Optional.empty());
        }
    }

    /** Closes the connection without DISCONNECT, so that the broker publishes the Will. Outcomes still open are Unknown. */
    @Override
    public void close() {
        if (!connector.finished().isDone()) {
            transport.execute(connector::abandon);
        }
        if (!transport.loop().inEventLoop()) {
            await(GRACE);
        }
        transport.shutdown();
    }

    /** Whether it finished in time makes no difference to what follows. */
    private void await(Duration limit) {
        CompletableFuture<Void> over = connector.finished().copy();
        over.completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS).join();
    }
}

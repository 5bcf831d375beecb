package io.sluice.mqtt;

import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
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

    /** Makes the client; {@link #start} connects. */
    public MqttClient(MqttOptions options, ConnectionListener listener) {
        connector = new Connector(options, listener, transport, System::nanoTime, new SplittableRandom());
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
     * SUBSCRIBE with QoS 1 now and again after every connect whose session was not present.
     *
     * @param topicFilters at least one [MQTT-3.8.3-2]
     * @return the SUBACK's Reason Code of each filter, of the first SUBSCRIBE; completed on {@code mqtt-io}
     */
    public CompletableFuture<List<Integer>> subscribe(List<String> topicFilters) {
        if (topicFilters.isEmpty()) {
            throw new IllegalArgumentException("no topic filter is given");
        }
        CompletableFuture<List<Integer>> granted = new CompletableFuture<>();
        var request = new Event.SubscribeRequested(List.copyOf(topicFilters), granted::complete);
        transport.execute(() -> connector.subscribe(request));
        return granted;
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
        if (transport.loop().inEventLoop()) {
            throw new IllegalStateException("stop was called on mqtt-io");
        }
        transport.execute(() -> connector.stop(last));
        await(limit);
        close();
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

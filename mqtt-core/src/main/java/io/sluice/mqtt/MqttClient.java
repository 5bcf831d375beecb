package io.sluice.mqtt;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT client that keeps itself connected. Thread-safe. Its work is done on one thread, {@code mqtt-io}.
 *
 * <p>It does not persist anything: messages in flight survive a reconnect, not the process. It does not drop anything
 * either: what is published while there is no connection waits in memory, so that the caller must bound what it hands over.
 */
public final class MqttClient implements AutoCloseable {

    /** Makes the client; {@link #start} connects. */
    public MqttClient(MqttOptions options, ConnectionListener listener) {
        throw new UnsupportedOperationException();
    }

    /** Starts to connect, in the background, for ever. */
    public void start() {
        throw new UnsupportedOperationException();
    }

    /**
     * Sends a message: at once if the window allows, else in its turn.
     *
     * @param outcome called exactly once, on {@code mqtt-io}; for QoS 0 when it was written
     */
    public void publish(Publish message, Consumer<Outcome> outcome) {
        throw new UnsupportedOperationException();
    }

    /**
     * SUBSCRIBE with QoS 1 now and again after every connect whose session was not present.
     *
     * @return the SUBACK's Reason Code of each filter, of the first SUBSCRIBE
     */
    public CompletableFuture<List<Integer>> subscribe(List<String> topicFilters) {
        throw new UnsupportedOperationException();
    }

    /**
     * Ends cleanly: publishes {@code last} (QoS 1), waits for its PUBACK and those in flight, then DISCONNECT 0x00, all
     * within {@code limit}; then closes whatever is left.
     */
    public void stop(@Nullable Publish last, Duration limit) {
        throw new UnsupportedOperationException();
    }

    /** Closes the connection without DISCONNECT, so that the broker publishes the Will. Outcomes still open are Unknown. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}

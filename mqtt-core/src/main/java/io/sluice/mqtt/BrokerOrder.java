package io.sluice.mqtt;

import io.sluice.mqtt.Action.Close;
import io.sluice.mqtt.Action.Retry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Which broker is next, and when: the list in its order, the broker that a Server Reference named before it (MQTT 5 §4.11),
 * and the wait in between. Has no clock and connects nothing.
 */
final class BrokerOrder {

    private final List<URI> brokers;
    private final boolean followServerReference;
    private final Backoff backoff;

    private int index;
    /** The broker that a Server Reference named, for one attempt. */
    private Optional<URI> redirect = Optional.empty();

    private int failures;

    BrokerOrder(MqttOptions options, Backoff backoff) {
        this.brokers = options.brokers();
        this.followServerReference = options.followServerReference();
        this.backoff = backoff;
    }

    URI current() {
        return redirect.orElseGet(() -> brokers.get(index));
    }

    URI preferred() {
        return brokers.getFirst();
    }

    /** The list has one before the current, or before the one that named the current. */
    boolean hasBetter() {
        return index > 0;
    }

    /** Attempts in a row that never came to CONNACK. */
    int failures() {
        return failures;
    }

    /**
     * A connection is lost: back to the preferred broker.
     *
     * @param stood from its CONNACK on
     * @return milliseconds until the next attempt
     */
    long lost(Duration stood, Close why) {
        backoff.lived(stood.toMillis());
        failures = 0;
        return next(why, 0);
    }

    /** An attempt failed: on to the next broker. @return milliseconds until the next attempt */
    long failed(Close why) {
        failures++;
        return next(why, (index + 1) % brokers.size());
    }

    private long next(Close why, int following) {
        URI namedBy = current();
        redirect = followServerReference
                ? why.serverReference().flatMap(reference -> ServerReference.first(reference, namedBy))
                : Optional.empty();
        if (redirect.isEmpty()) {
            index = following;
        }
        return waitMillis(why.retry());
    }

    /** With another broker left to try, what one has refused for good is no reason to wait long. */
    private long waitMillis(Retry retry) {
        boolean allTried = index == 0 && redirect.isEmpty();
        return switch (retry) {
            case AT_ONCE -> 0;
            case SOON, NEVER -> backoff.next();
            case SLOWLY -> allTried ? backoff.slow() : backoff.next();
        };
    }
}

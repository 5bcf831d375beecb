package io.sluice.mqtt;

import java.net.URI;
import java.util.Optional;

/** Told of what happens to a client's connection. Called on thread {@code mqtt-io}, in order; must not wait. */
public interface ConnectionListener {

    /**
     * CONNACK with success. Messages that were in flight have been written again before this is called; what is published
     * from here on comes after them.
     */
    void connected(Connected connected);

    /** The connection is gone, or an attempt failed. The client tries again by itself after {@code retryIn}. */
    void disconnected(Disconnected disconnected);

    /**
     * The Will of the connection that is about to be made, instead of {@link MqttOptions#will}; empty: take that one.
     *
     * @param number that the connection will have if it succeeds; failed attempts do not count
     */
    default Optional<Publish> will(long number) {
        return Optional.empty();
    }

    /** A message for one of this client's subscriptions. Acknowledged (QoS 1 and 2) when this returns. */
    default void received(Publish message) {}

    /**
     * What the broker agreed to.
     *
     * @param number of this connection, from 1 within the life of the client
     * @param window most messages that may be in flight on it
     * @param maximumPacketBytes of the broker, Long.MAX_VALUE if it set none
     * @param brokerChanged another broker than on the connection before; true for the first
     */
    record Connected(
            URI broker,
            long number,
            boolean sessionPresent,
            int window,
            long maximumPacketBytes,
            boolean retainAvailable,
            boolean brokerChanged) {}

    /**
     * The end of a connection or of an attempt.
     *
     * @param wasConnected false: an attempt that never came to CONNACK
     * @param reasonCode of CONNACK or DISCONNECT, if the broker sent one
     * @param reason for people: what happened and, where it is known, what to do
     * @param retryIn milliseconds until the next attempt
     */
    record Disconnected(URI broker, boolean wasConnected, Optional<Integer> reasonCode, String reason, long retryIn) {}
}

package io.sluice.mqtt;

import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.MqttOptions.Will;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Told of what happens to a client's connection. Called on thread {@code mqtt-io}, in order; must not wait. */
public interface ConnectionListener {

    /**
     * CONNACK with success. What this call publishes goes after the messages that were in flight, and before those that
     * waited for a connection: announcements come before what they announce. What another thread publishes meanwhile goes
     * last, as always.
     */
    void connected(Connected connected);

    /** The connection is gone, or an attempt failed. The client tries again by itself after {@code retryIn}. */
    void disconnected(Disconnected disconnected);

    /**
     * The Will of the connection that is about to be made, instead of {@link MqttOptions#will}; empty: take that one.
     *
     * @param number that the connection will have if it succeeds; failed attempts do not count
     */
    default Optional<Will> will(long number) {
        return Optional.empty();
    }

    /**
     * A message for one of this client's subscriptions. Acknowledged with success (QoS 1 and 2) when this returns or throws:
     * one that the application cannot use would otherwise come again at each connect, and hold up what follows it.
     */
    default void received(Publish message) {}

    /**
     * What was agreed on.
     *
     * @param number of this connection, from 1 within the life of the client
     * @param brokerChanged another broker than on the connection before; true for the first
     * @param version that is spoken: MQTT 3.1.1 after a fall-back
     * @param clientId that the broker knows this client by; its Assigned Client Identifier if it gave one
     * @param keepAlive that is kept: the Server Keep Alive if there is one
     * @param window most messages that may be in flight
     */
    record Connected(
            URI broker,
            long number,
            boolean brokerChanged,
            Version version,
            String clientId,
            Duration keepAlive,
            int window,
            ConnAck connAck) {

        public boolean sessionPresent() {
            return connAck.sessionPresent();
        }

        /** Of the broker, Long.MAX_VALUE if it set none. */
        public long maximumPacketBytes() {
            return connAck.maximumPacketBytes();
        }

        public boolean retainAvailable() {
            return connAck.retainAvailable();
        }
    }

    /**
     * CONNACK (MQTT 5 §3.2), with the standard's defaults where the broker set no property.
     *
     * @param sessionExpirySeconds instead of the interval that was asked for
     * @param maximumQos 0, 1 or 2
     * @param topicAliasMaximum how many Topic Aliases the broker accepts
     * @param responseInformation what to build response topics from; only if it was asked for
     * @param serverReference another broker to use
     */
    @SuppressWarnings("ArrayRecordComponent") // belongs to the exchange that reads it
    record ConnAck(
            boolean sessionPresent,
            Reason reason,
            Optional<Long> sessionExpirySeconds,
            int receiveMaximum,
            int maximumQos,
            boolean retainAvailable,
            long maximumPacketBytes,
            Optional<String> assignedClientId,
            int topicAliasMaximum,
            boolean wildcardSubscriptionAvailable,
            boolean subscriptionIdentifiersAvailable,
            boolean sharedSubscriptionAvailable,
            Optional<Integer> serverKeepAliveSeconds,
            Optional<String> responseInformation,
            Optional<String> serverReference,
            Optional<String> authenticationMethod,
            Optional<byte[]> authenticationData) {}

    /**
     * The end of a connection or of an attempt.
     *
     * @param wasConnected false: an attempt that never came to CONNACK
     * @param answer CONNACK's or DISCONNECT's, if the broker sent one
     * @param serverReference another broker that this one named
     * @param reason for people: what happened and, where it is known, what to do
     * @param retryIn time until the next attempt
     */
    record Disconnected(
            URI broker,
            boolean wasConnected,
            Optional<Reason> answer,
            Optional<String> serverReference,
            String reason,
            Duration retryIn) {}
}

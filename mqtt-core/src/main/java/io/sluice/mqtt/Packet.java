package io.sluice.mqtt;

import io.sluice.mqtt.MqttOptions.Will;
import io.sluice.mqtt.Publish.UserProperty;
import java.util.List;
import java.util.Optional;

/** The control packets as the session sees them (MQTT 5 §3), without their bytes. */
@SuppressWarnings("ArrayRecordComponent")
sealed interface Packet {

    /**
     * CONNECT (§3.1).
     *
     * @param clientId of the options, or what the broker assigned
     * @param options all that is the same at every connect
     */
    record Connect(
            String clientId,
            boolean cleanStart,
            Optional<Will> will,
            Optional<byte[]> authenticationData,
            MqttOptions options)
            implements Packet {}

    record ConnAck(ConnectionListener.ConnAck content) implements Packet {}

    /**
     * PUBLISH to the broker (§3.3).
     *
     * @param identifier 0 for QoS 0
     * @param topicAlias 0 for none
     * @param topicKnown the broker has the alias already: the topic itself is left out
     */
    record Pub(int identifier, boolean dup, Publish message, int topicAlias, boolean topicKnown) implements Packet {}

    /**
     * PUBLISH from the broker, before its Topic Alias was looked up.
     *
     * @param topic empty if only the alias names it
     * @param topicAlias -1 for none
     */
    record Arrival(
            int identifier,
            boolean dup,
            int qos,
            boolean retain,
            String topic,
            int topicAlias,
            byte[] payload,
            Publish.Properties properties)
            implements Packet {}

    record PubAck(int identifier, Reason reason) implements Packet {}

    record PubRec(int identifier, Reason reason) implements Packet {}

    record PubRel(int identifier, Reason reason) implements Packet {}

    record PubComp(int identifier, Reason reason) implements Packet {}

    record Subscribe(int identifier, io.sluice.mqtt.Subscribe content) implements Packet {}

    record SubAck(int identifier, io.sluice.mqtt.Subscribe.Answer answer) implements Packet {}

    record Unsubscribe(int identifier, List<String> topicFilters, List<UserProperty> userProperties)
            implements Packet {}

    /** MQTT 3.1.1: without Reason Codes. */
    record UnsubAck(int identifier, io.sluice.mqtt.Subscribe.Answer answer) implements Packet {}

    record PingReq() implements Packet {}

    record PingResp() implements Packet {}

    /** DISCONNECT (§3.14), in either direction. @param sessionExpirySeconds only to the broker */
    record Disconnect(Reason reason, Optional<Long> sessionExpirySeconds, Optional<String> serverReference)
            implements Packet {

        static Disconnect of(int reasonCode) {
            return new Disconnect(Reason.of(reasonCode), Optional.empty(), Optional.empty());
        }
    }

    /** AUTH (§3.15). @param method empty: none was given */
    record Auth(Reason reason, String method, Optional<byte[]> data) implements Packet {}

    /** Bytes that are no packet, or one that a client never receives; what was wrong. */
    record Malformed(int reasonCode, String problem) implements Packet {}
}

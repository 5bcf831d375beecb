package io.sluice.mqtt;

import io.sluice.mqtt.MqttOptions.Credentials;
import java.util.List;
import java.util.Optional;

/** The control packets as the session sees them (MQTT 5 §3), without their bytes. */
sealed interface Packet {

    /**
     * CONNECT (§3.1).
     *
     * @param sessionExpirySeconds MQTT 5 only
     * @param maximumPacketBytes largest packet that the broker may send; MQTT 5 only
     */
    record Connect(
            String clientId,
            boolean cleanStart,
            int keepAliveSeconds,
            long sessionExpirySeconds,
            long maximumPacketBytes,
            Optional<Credentials> credentials,
            Optional<Publish> will)
            implements Packet {}

    /** With the standard's defaults where the broker set no property. */
    record ConnAck(
            int reasonCode,
            boolean sessionPresent,
            int receiveMaximum,
            long maximumPacketBytes,
            int maximumQos,
            boolean retainAvailable,
            Optional<Integer> serverKeepAliveSeconds,
            Optional<String> assignedClientId,
            String reasonString)
            implements Packet {

        /** A success that sets nothing. */
        static ConnAck success(boolean sessionPresent) {
            return new ConnAck(
                    0,
                    sessionPresent,
                    Session.MAXIMUM_WINDOW,
                    Long.MAX_VALUE,
                    2,
                    true,
                    Optional.empty(),
                    Optional.empty(),
                    "");
        }
    }

    /**
     * PUBLISH (§3.3).
     *
     * @param identifier 0 for QoS 0
     */
    record Pub(int identifier, boolean dup, Publish message) implements Packet {}

    record PubAck(int identifier, int reasonCode, String reasonString) implements Packet {}

    record PubRec(int identifier, int reasonCode, String reasonString) implements Packet {}

    record PubRel(int identifier, int reasonCode) implements Packet {}

    record PubComp(int identifier, int reasonCode) implements Packet {}

    record Subscribe(int identifier, List<String> filters, int qos) implements Packet {}

    record SubAck(int identifier, List<Integer> reasonCodes) implements Packet {}

    record PingReq() implements Packet {}

    record PingResp() implements Packet {}

    record Disconnect(int reasonCode, String reasonString) implements Packet {}

    /** Bytes that are no packet, or one that a client never receives; what was wrong. */
    record Malformed(int reasonCode, String problem) implements Packet {}
}

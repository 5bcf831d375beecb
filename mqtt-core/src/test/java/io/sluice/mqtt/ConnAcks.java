package io.sluice.mqtt;

import java.util.Optional;
import java.util.function.Consumer;

/** CONNACK packets for tests: the standard's defaults but for what a test says. */
final class ConnAcks {

    boolean sessionPresent;
    int reasonCode;
    int receiveMaximum = 65_535;
    int maximumQos = 2;
    boolean retainAvailable = true;
    long maximumPacketBytes = Long.MAX_VALUE;
    Optional<String> assignedClientId = Optional.empty();
    int topicAliasMaximum;
    boolean wildcardSubscriptionAvailable = true;
    boolean subscriptionIdentifiersAvailable = true;
    boolean sharedSubscriptionAvailable = true;
    Optional<Integer> serverKeepAliveSeconds = Optional.empty();
    Optional<String> serverReference = Optional.empty();
    Optional<String> authenticationMethod = Optional.empty();
    Optional<byte[]> authenticationData = Optional.empty();

    private ConnAcks() {}

    static Packet.ConnAck success(boolean sessionPresent) {
        return with(ack -> ack.sessionPresent = sessionPresent);
    }

    static Packet.ConnAck success(boolean sessionPresent, int receiveMaximum) {
        return with(ack -> {
            ack.sessionPresent = sessionPresent;
            ack.receiveMaximum = receiveMaximum;
        });
    }

    static Packet.ConnAck refusal(int reasonCode) {
        return with(ack -> ack.reasonCode = reasonCode);
    }

    static Packet.ConnAck with(Consumer<ConnAcks> changes) {
        ConnAcks draft = new ConnAcks();
        changes.accept(draft);
        return draft.packet();
    }

    private Packet.ConnAck packet() {
        return new Packet.ConnAck(new ConnectionListener.ConnAck(
                sessionPresent,
                Reason.of(reasonCode),
                Optional.empty(),
                receiveMaximum,
                maximumQos,
                retainAvailable,
                maximumPacketBytes,
                assignedClientId,
                topicAliasMaximum,
                wildcardSubscriptionAvailable,
                subscriptionIdentifiersAvailable,
                sharedSubscriptionAvailable,
                serverKeepAliveSeconds,
                Optional.empty(),
                serverReference,
                authenticationMethod,
                authenticationData));
    }
}

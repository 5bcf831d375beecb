package io.sluice.mqtt;

import java.util.List;
import java.util.Optional;

/** What the connected broker has said in CONNACK that it takes. */
final class BrokerLimits {

    private final Link link;

    BrokerLimits(Link link) {
        this.link = link;
    }

    /** The outcome of a message that is not to be sent to it [MQTT-3.2.2-11], [MQTT-3.2.2-14], [MQTT-3.2.2-15]. */
    Optional<Outcome> whyHopeless(Publish message) {
        ConnectionListener.ConnAck agreed = link.agreed();
        if (message.qos() > agreed.maximumQos()) {
            return refused(
                    ReasonCode.QOS_NOT_SUPPORTED, "not sent: the broker's Maximum QoS is " + agreed.maximumQos());
        }
        if (message.retain() && !agreed.retainAvailable()) {
            return refused(ReasonCode.RETAIN_NOT_SUPPORTED, "not sent: the broker keeps no retained messages");
        }
        return fit(message, 0)
                ? Optional.empty()
                : Optional.of(new Outcome.TooLarge(PublishSize.bytes(message, link.version()), mostBytes()));
    }

    private static Optional<Outcome> refused(int code, String why) {
        return Optional.of(new Outcome.Refused(new Reason(code, why, List.of())));
    }

    /** The message and {@code more} bytes are within the Maximum Packet Size. */
    boolean fit(Publish message, int more) {
        return PublishSize.bound(message) + more <= mostBytes()
                || PublishSize.bytes(message, link.version()) + more <= mostBytes();
    }

    private long mostBytes() {
        return Math.min(link.agreed().maximumPacketBytes(), PublishSize.LARGEST);
    }
}

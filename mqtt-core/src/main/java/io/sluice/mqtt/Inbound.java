package io.sluice.mqtt;

import io.sluice.mqtt.Action.Deliver;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** What the broker publishes: its Topic Aliases, its handshakes of QoS 1 and 2, and the Receive Maximum it was given. */
final class Inbound {

    private final MqttOptions options;
    private final Link link;

    /** Valid for the session: identifiers of QoS 2 messages that were delivered and not yet released. */
    private final BitSet unreleased = new BitSet();

    /** Valid for the connection. */
    private final Map<Integer, String> topics = new HashMap<>();

    Inbound(MqttOptions options, Link link) {
        this.options = options;
        this.link = link;
    }

    void connected(boolean sessionPresent) {
        topics.clear();
        if (!sessionPresent) {
            unreleased.clear();
        }
    }

    void publish(Packet.Arrival packet) {
        String topic = packet.topicAlias() < 0 ? packet.topic() : aliased(packet);
        String problem = Topics.problemOfName(topic);
        if (!link.isConnected()) {
            return;
        }
        if (topic.isEmpty()) {
            link.fault(ReasonCode.PROTOCOL_ERROR, "a PUBLISH without a topic");
        } else if (!problem.isEmpty()) {
            link.fault(ReasonCode.MALFORMED_PACKET, "a PUBLISH whose topic " + problem);
        } else {
            deliver(
                    packet.identifier(),
                    new Publish(topic, packet.payload(), packet.qos(), packet.retain(), packet.properties()));
        }
    }

    /** [MQTT-3.3.2-7] to [MQTT-3.3.2-12]. */
    private String aliased(Packet.Arrival packet) {
        int alias = packet.topicAlias();
        if (alias == 0 || alias > options.topicAliasMaximum()) {
            link.fault(
                    ReasonCode.TOPIC_ALIAS_INVALID,
                    "a Topic Alias %d where %d are accepted".formatted(alias, options.topicAliasMaximum()));
            return packet.topic();
        }
        if (packet.topic().isEmpty()) {
            return topics.getOrDefault(alias, "");
        }
        topics.put(alias, packet.topic());
        return packet.topic();
    }

    private void deliver(int identifier, Publish message) {
        switch (message.qos()) {
            case 0 -> link.perform(new Deliver(message));
            case 1 -> {
                link.perform(new Deliver(message));
                link.write(new Packet.PubAck(identifier, Reason.SUCCESS));
            }
            default -> deliverOnce(identifier, message);
        }
    }

    private void deliverOnce(int identifier, Publish message) {
        if (!unreleased.get(identifier)) {
            if (unreleased.cardinality() >= options.receiveMaximum()) {
                link.fault(
                        ReasonCode.RECEIVE_MAXIMUM_EXCEEDED,
                        "more than %d messages of QoS 2 at once".formatted(options.receiveMaximum()));
                return;
            }
            unreleased.set(identifier);
            link.perform(new Deliver(message));
        }
        link.write(new Packet.PubRec(identifier, Reason.SUCCESS));
    }

    void pubRel(Packet.PubRel rel) {
        boolean known = unreleased.get(rel.identifier());
        unreleased.clear(rel.identifier());
        link.write(new Packet.PubComp(
                rel.identifier(), known ? Reason.SUCCESS : Reason.of(ReasonCode.IDENTIFIER_NOT_FOUND)));
    }
}

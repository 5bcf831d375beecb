package io.sluice.mqtt;

import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.mqtt.MqttConnAckMessage;
import io.netty.handler.codec.mqtt.MqttConnAckVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdVariableHeader;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttProperties.StringProperty;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttReasonCodes.SubAck;
import io.netty.handler.codec.mqtt.MqttSubAckMessage;
import io.sluice.mqtt.MqttOptions.Version;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Turns what Netty's codec read into what the session understands. Never throws: what is wrong becomes a packet too. */
final class PacketDecoder {

    private final Version version;

    PacketDecoder(Version version) {
        this.version = version;
    }

    /** The caller keeps {@code message} and releases it. */
    Packet packet(MqttMessage message) {
        if (message.decoderResult().isFailure()) {
            return malformed(message.decoderResult().cause());
        }
        return switch (message.fixedHeader().messageType()) {
            case PUBACK ->
                new Packet.PubAck(identifier(message), reasonCode(message), reasonString(replyProperties(message)));
            case PUBLISH -> publish((MqttPublishMessage) message);
            case PUBREC ->
                new Packet.PubRec(identifier(message), reasonCode(message), reasonString(replyProperties(message)));
            case PUBREL -> new Packet.PubRel(identifier(message), reasonCode(message));
            case PUBCOMP -> new Packet.PubComp(identifier(message), reasonCode(message));
            case PINGRESP -> new Packet.PingResp();
            case CONNACK -> connAck(((MqttConnAckMessage) message).variableHeader());
            case SUBACK -> subAck((MqttSubAckMessage) message);
            case DISCONNECT -> disconnect(message);
            case CONNECT, SUBSCRIBE, UNSUBSCRIBE, UNSUBACK, PINGREQ, AUTH ->
                protocolError("a " + message.fixedHeader().messageType());
        };
    }

    private static Packet malformed(Throwable cause) {
        if (cause instanceof TooLongFrameException) {
            return new Packet.Malformed(
                    ReasonCode.PACKET_TOO_LARGE, "a packet over " + Session.MAXIMUM_INBOUND_BYTES + " bytes");
        }
        return new Packet.Malformed(ReasonCode.MALFORMED_PACKET, "a malformed packet (" + cause.getMessage() + ")");
    }

    private static Packet protocolError(String what) {
        return new Packet.Malformed(ReasonCode.PROTOCOL_ERROR, what);
    }

    private Packet publish(MqttPublishMessage message) {
        String topic = message.variableHeader().topicName();
        if (property(message.variableHeader().properties(), MqttPropertyType.TOPIC_ALIAS)
                .isPresent()) {
            return new Packet.Malformed(
                    ReasonCode.TOPIC_ALIAS_INVALID, "a Topic Alias, of which this client accepts none");
        }
        String problem = Topics.problemOfName(topic);
        if (!problem.isEmpty()) {
            return protocolError("a PUBLISH whose topic " + problem);
        }
        int qos = message.fixedHeader().qosLevel().value();
        if (qos > 2) {
            return new Packet.Malformed(ReasonCode.MALFORMED_PACKET, "a PUBLISH with QoS " + qos);
        }
        byte[] payload = ByteBufUtil.getBytes(message.payload());
        Publish publish = new Publish(topic, payload, qos, message.fixedHeader().isRetain());
        return new Packet.Pub(
                Math.max(0, message.variableHeader().packetId()),
                message.fixedHeader().isDup(),
                publish);
    }

    private Packet connAck(MqttConnAckVariableHeader ack) {
        int code = Byte.toUnsignedInt(ack.connectReturnCode().byteValue());
        MqttProperties properties = ack.properties();
        return new Packet.ConnAck(
                version == Version.MQTT_5 && code >= ReasonCode.FAILURE ? code : ReasonCode.ofReturnCode(code),
                ack.isSessionPresent(),
                property(properties, MqttPropertyType.RECEIVE_MAXIMUM).orElse(Session.MAXIMUM_WINDOW),
                property(properties, MqttPropertyType.MAXIMUM_PACKET_SIZE)
                        .map(Integer::toUnsignedLong)
                        .orElse(Long.MAX_VALUE),
                property(properties, MqttPropertyType.MAXIMUM_QOS).orElse(2),
                property(properties, MqttPropertyType.RETAIN_AVAILABLE).orElse(1) != 0,
                property(properties, MqttPropertyType.SERVER_KEEP_ALIVE),
                text(properties, MqttPropertyType.ASSIGNED_CLIENT_IDENTIFIER),
                reasonString(properties));
    }

    private static Packet subAck(MqttSubAckMessage message) {
        List<SubAck> reasonCodes = message.payload().typedReasonCodes();
        // Netty's codec has null for a code that the standard does not know.
        if (reasonCodes.stream().anyMatch(Objects::isNull)) {
            return new Packet.Malformed(ReasonCode.MALFORMED_PACKET, "a SUBACK with an unknown Reason Code");
        }
        return new Packet.SubAck(
                message.variableHeader().messageId(),
                reasonCodes.stream()
                        .map(code -> Byte.toUnsignedInt(code.byteValue()))
                        .toList());
    }

    private static Packet disconnect(MqttMessage message) {
        return message.variableHeader() instanceof MqttReasonCodeAndPropertiesVariableHeader header
                ? new Packet.Disconnect(Byte.toUnsignedInt(header.reasonCode()), reasonString(header.properties()))
                : new Packet.Disconnect(ReasonCode.SUCCESS, "");
    }

    private static int identifier(MqttMessage message) {
        return ((MqttMessageIdVariableHeader) message.variableHeader()).messageId();
    }

    private static int reasonCode(MqttMessage message) {
        return message.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
                ? Byte.toUnsignedInt(header.reasonCode())
                : ReasonCode.SUCCESS;
    }

    private static MqttProperties replyProperties(MqttMessage message) {
        return message.variableHeader() instanceof MqttPubReplyMessageVariableHeader header
                ? header.properties()
                : MqttProperties.NO_PROPERTIES;
    }

    private static String reasonString(MqttProperties properties) {
        return properties.isEmpty()
                ? ""
                : text(properties, MqttPropertyType.REASON_STRING).orElse("");
    }

    private static Optional<Integer> property(MqttProperties properties, MqttPropertyType type) {
        return properties.getProperty(type.value()) instanceof IntegerProperty property
                ? Optional.of(property.value())
                : Optional.empty();
    }

    private static Optional<String> text(MqttProperties properties, MqttPropertyType type) {
        return properties.getProperty(type.value()) instanceof StringProperty property
                ? Optional.of(property.value())
                : Optional.empty();
    }
}

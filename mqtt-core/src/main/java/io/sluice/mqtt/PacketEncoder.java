package io.sluice.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.mqtt.MqttConnectMessage;
import io.netty.handler.codec.mqtt.MqttConnectPayload;
import io.netty.handler.codec.mqtt.MqttConnectVariableHeader;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageIdAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttProperties;
import io.netty.handler.codec.mqtt.MqttProperties.IntegerProperty;
import io.netty.handler.codec.mqtt.MqttProperties.MqttPropertyType;
import io.netty.handler.codec.mqtt.MqttPubReplyMessageVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttReasonCodeAndPropertiesVariableHeader;
import io.netty.handler.codec.mqtt.MqttSubscribeMessage;
import io.netty.handler.codec.mqtt.MqttSubscribePayload;
import io.netty.handler.codec.mqtt.MqttTopicSubscription;
import io.netty.handler.codec.mqtt.MqttVersion;
import io.sluice.mqtt.MqttOptions.Credentials;
import io.sluice.mqtt.MqttOptions.Version;
import java.util.List;
import java.util.Optional;

/** Turns what the session writes into bytes: PUBLISH directly, since it is the hot path, the rest by way of Netty's codec. */
final class PacketEncoder {

    private static final int PUBLISH = 0x30;

    private final Version version;

    PacketEncoder(Version version) {
        this.version = version;
    }

    /** Everything of a PUBLISH but its payload. Takes at most {@link #headerBound} bytes. */
    void writePublishHeader(Packet.Pub packet, ByteBuf to) {
        Publish message = packet.message();
        int topicBytes = ByteBufUtil.utf8Bytes(message.topic());
        to.writeByte(PUBLISH | (packet.dup() ? 8 : 0) | (message.qos() << 1) | (message.retain() ? 1 : 0));
        writeVariableByteInteger(PublishSize.remainingLength(message, topicBytes, version), to);
        to.writeShort(topicBytes);
        ByteBufUtil.reserveAndWriteUtf8(to, message.topic(), topicBytes);
        if (message.qos() > 0) {
            to.writeShort(packet.identifier());
        }
        if (version == Version.MQTT_5) {
            to.writeByte(0);
        }
    }

    static int headerBound(Publish message) {
        return 16 + ByteBufUtil.utf8MaxBytes(message.topic());
    }

    private static void writeVariableByteInteger(long value, ByteBuf to) {
        long rest = value;
        while (rest > 0x7F) {
            to.writeByte((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        to.writeByte((int) rest);
    }

    /** Every other packet, as Netty's codec wants it. */
    MqttMessage message(Packet packet) {
        return switch (packet) {
            case Packet.Connect connect -> connect(connect);
            case Packet.Subscribe subscribe -> subscribe(subscribe);
            case Packet.PubAck ack -> reply(MqttMessageType.PUBACK, ack.identifier(), ack.reasonCode());
            case Packet.PubRec rec -> reply(MqttMessageType.PUBREC, rec.identifier(), rec.reasonCode());
            case Packet.PubRel rel -> reply(MqttMessageType.PUBREL, rel.identifier(), rel.reasonCode());
            case Packet.PubComp comp -> reply(MqttMessageType.PUBCOMP, comp.identifier(), comp.reasonCode());
            case Packet.PingReq ping -> MqttMessage.PINGREQ;
            case Packet.Disconnect disconnect -> disconnect(disconnect);
            case Packet.Pub p -> throw neverSentThisWay(p);
            case Packet.ConnAck p -> throw neverSentThisWay(p);
            case Packet.SubAck p -> throw neverSentThisWay(p);
            case Packet.PingResp p -> throw neverSentThisWay(p);
            case Packet.Malformed p -> throw neverSentThisWay(p);
        };
    }

    private static IllegalArgumentException neverSentThisWay(Packet packet) {
        return new IllegalArgumentException("a client does not write " + packet);
    }

    private MqttMessage connect(Packet.Connect connect) {
        MqttVersion protocol = version == Version.MQTT_5 ? MqttVersion.MQTT_5 : MqttVersion.MQTT_3_1_1;
        Optional<Publish> will = connect.will();
        Optional<Credentials> credentials = connect.credentials();
        byte[] password = credentials.flatMap(Credentials::password).orElse(null);
        var header = new MqttConnectVariableHeader(
                protocol.protocolName(),
                protocol.protocolLevel(),
                credentials.isPresent(),
                password != null,
                will.map(Publish::retain).orElse(false),
                will.map(Publish::qos).orElse(0),
                will.isPresent(),
                connect.cleanStart(),
                connect.keepAliveSeconds(),
                properties(connect));
        var payload = new MqttConnectPayload(
                connect.clientId(),
                MqttProperties.NO_PROPERTIES,
                will.map(Publish::topic).orElse(null),
                will.map(Publish::payload).orElse(null),
                credentials.map(Credentials::username).orElse(null),
                password);
        return new MqttConnectMessage(fixedHeader(MqttMessageType.CONNECT, MqttQoS.AT_MOST_ONCE), header, payload);
    }

    private static MqttProperties properties(Packet.Connect connect) {
        MqttProperties properties = new MqttProperties();
        if (connect.sessionExpirySeconds() > 0) {
            properties.add(integer(MqttPropertyType.SESSION_EXPIRY_INTERVAL, connect.sessionExpirySeconds()));
        }
        properties.add(integer(MqttPropertyType.MAXIMUM_PACKET_SIZE, connect.maximumPacketBytes()));
        return properties;
    }

    private static IntegerProperty integer(MqttPropertyType type, long value) {
        return new IntegerProperty(type.value(), (int) value);
    }

    private static MqttMessage subscribe(Packet.Subscribe subscribe) {
        List<MqttTopicSubscription> filters = subscribe.filters().stream()
                .map(filter -> new MqttTopicSubscription(filter, MqttQoS.valueOf(subscribe.qos())))
                .toList();
        return new MqttSubscribeMessage(
                fixedHeader(MqttMessageType.SUBSCRIBE, MqttQoS.AT_LEAST_ONCE),
                new MqttMessageIdAndPropertiesVariableHeader(subscribe.identifier(), MqttProperties.NO_PROPERTIES),
                new MqttSubscribePayload(filters));
    }

    private static MqttMessage reply(MqttMessageType type, int identifier, int reasonCode) {
        MqttQoS flags = type == MqttMessageType.PUBREL ? MqttQoS.AT_LEAST_ONCE : MqttQoS.AT_MOST_ONCE;
        return new MqttMessage(
                fixedHeader(type, flags),
                new MqttPubReplyMessageVariableHeader(identifier, (byte) reasonCode, MqttProperties.NO_PROPERTIES));
    }

    private MqttMessage disconnect(Packet.Disconnect disconnect) {
        if (version == Version.MQTT_3_1_1) {
            return MqttMessage.DISCONNECT;
        }
        return new MqttMessage(
                fixedHeader(MqttMessageType.DISCONNECT, MqttQoS.AT_MOST_ONCE),
                new MqttReasonCodeAndPropertiesVariableHeader(
                        (byte) disconnect.reasonCode(), MqttProperties.NO_PROPERTIES));
    }

    private static MqttFixedHeader fixedHeader(MqttMessageType type, MqttQoS flags) {
        return new MqttFixedHeader(type, false, flags, false, 0);
    }
}

package io.sluice.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.sluice.mqtt.MqttOptions.Credentials;
import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.MqttOptions.Will;
import io.sluice.mqtt.Publish.UserProperty;
import io.sluice.mqtt.Subscribe.Filter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** Turns what the session writes into bytes (MQTT 5 §3; without the properties it is MQTT 3.1.1). */
final class PacketEncoder {

    private static final int PUBLISH = 0x30;
    private static final byte[] NO_TOPIC = {};

    /** Of {@link #headerBound}: fixed header, length of the topic, identifier, length of the properties, alias. */
    private static final int FIXED_BYTES = 5 + 2 + 2 + 4 + PublishSize.ALIAS_BYTES;

    private final Version version;

    /** Most connections publish to a few topics, and many messages in a row to the same. */
    private String lastTopic = "";

    private byte[] lastTopicBytes = NO_TOPIC;

    PacketEncoder(Version version) {
        this.version = version;
    }

    /** Everything of a PUBLISH but its payload. Takes at most {@link #headerBound} bytes. */
    void writePublishHeader(Packet.Pub packet, ByteBuf to) {
        Publish message = packet.message();
        byte[] topic = packet.topicKnown() ? NO_TOPIC : bytes(message.topic());
        int propertyBytes = isMqtt5() ? propertyBytes(packet) : 0;
        to.writeByte(PUBLISH | (packet.dup() ? 8 : 0) | (message.qos() << 1) | (message.retain() ? 1 : 0));
        Wire.writeVariable(PublishSize.remainingLength(message, topic.length, propertyBytes, version), to);
        Wire.writeBinary(topic, to);
        if (message.qos() > 0) {
            to.writeShort(packet.identifier());
        }
        if (isMqtt5()) {
            writeProperties(packet, propertyBytes, to);
        }
    }

    @SuppressWarnings("ReferenceEquality") // to compare the characters would cost as much as to encode them
    private byte[] bytes(String topic) {
        if (topic != lastTopic) {
            lastTopic = topic;
            lastTopicBytes = topic.getBytes(StandardCharsets.UTF_8);
        }
        return lastTopicBytes;
    }

    private static int propertyBytes(Packet.Pub packet) {
        int alias = packet.topicAlias() > 0 ? PublishSize.ALIAS_BYTES : 0;
        return alias + PublishSize.propertyBytes(packet.message().properties());
    }

    private static void writeProperties(Packet.Pub packet, int propertyBytes, ByteBuf to) {
        Wire.writeVariable(propertyBytes, to);
        if (packet.topicAlias() > 0) {
            to.writeByte(Property.TOPIC_ALIAS.identifier()).writeShort(packet.topicAlias());
        }
        PropertyWriter.writeMessage(packet.message().properties(), to);
    }

    int headerBound(Publish message) {
        return FIXED_BYTES
                + ByteBufUtil.utf8MaxBytes(message.topic())
                + (isMqtt5() ? PublishSize.propertyBytes(message.properties()) : 0);
    }

    private boolean isMqtt5() {
        return version == Version.MQTT_5;
    }

    /** Every packet but PUBLISH. */
    void write(Packet packet, ByteBuf to) {
        switch (packet) {
            case Packet.PubAck(int identifier, Reason reason) -> acknowledgement(0x40, identifier, reason, to);
            case Packet.PubRec(int identifier, Reason reason) -> acknowledgement(0x50, identifier, reason, to);
            case Packet.PubRel(int identifier, Reason reason) -> acknowledgement(0x62, identifier, reason, to);
            case Packet.PubComp(int identifier, Reason reason) -> acknowledgement(0x70, identifier, reason, to);
            case Packet.PingReq ping -> to.writeShort(0xC000);
            case Packet.Connect connect -> framed(0x10, connect(connect), to);
            case Packet.Subscribe subscribe -> framed(0x82, subscribe(subscribe), to);
            case Packet.Unsubscribe unsubscribe -> framed(0xA2, unsubscribe(unsubscribe), to);
            case Packet.Disconnect disconnect -> framed(0xE0, disconnect(disconnect), to);
            case Packet.Auth auth -> framed(0xF0, auth(auth), to);
            case Packet.Pub p -> throw neverSentThisWay(p);
            case Packet.Arrival p -> throw neverSentThisWay(p);
            case Packet.ConnAck p -> throw neverSentThisWay(p);
            case Packet.SubAck p -> throw neverSentThisWay(p);
            case Packet.UnsubAck p -> throw neverSentThisWay(p);
            case Packet.PingResp p -> throw neverSentThisWay(p);
            case Packet.Malformed p -> throw neverSentThisWay(p);
        }
    }

    private static IllegalArgumentException neverSentThisWay(Packet packet) {
        return new IllegalArgumentException("a client does not write " + packet);
    }

    private static void framed(int first, ByteBuf body, ByteBuf to) {
        to.writeByte(first);
        Wire.writeVariable(body.readableBytes(), to);
        to.writeBytes(body);
    }

    private ByteBuf connect(Packet.Connect connect) {
        MqttOptions options = connect.options();
        ByteBuf body = Unpooled.buffer();
        Wire.writeText("MQTT", body);
        body.writeByte(isMqtt5() ? 5 : 4);
        body.writeByte(flags(connect));
        body.writeShort((int) options.keepAlive().toSeconds());
        if (isMqtt5()) {
            connectProperties(connect).writeTo(body);
        }
        Wire.writeText(connect.clientId(), body);
        connect.will().ifPresent(will -> will(will, body));
        options.credentials().flatMap(Credentials::username).ifPresent(name -> Wire.writeText(name, body));
        options.credentials().flatMap(Credentials::password).ifPresent(data -> Wire.writeBinary(data, body));
        return body;
    }

    /** §3.1.2.3. */
    private static int flags(Packet.Connect connect) {
        Optional<Credentials> credentials = connect.options().credentials();
        int flags = connect.cleanStart() ? 0x02 : 0;
        if (connect.will().isPresent()) {
            Publish will = connect.will().get().message();
            flags |= 0x04 | (will.qos() << 3) | (will.retain() ? 0x20 : 0);
        }
        flags |= credentials.flatMap(Credentials::password).isPresent() ? 0x40 : 0;
        return flags | (credentials.flatMap(Credentials::username).isPresent() ? 0x80 : 0);
    }

    /** What differs from the standard's defaults, and always the Maximum Packet Size. */
    private static PropertyWriter connectProperties(Packet.Connect connect) {
        MqttOptions options = connect.options();
        PropertyWriter properties = new PropertyWriter();
        if (!options.sessionExpiry().isZero()) {
            properties.fourBytes(
                    Property.SESSION_EXPIRY_INTERVAL, options.sessionExpiry().toSeconds());
        }
        if (options.receiveMaximum() < 65_535) {
            properties.twoBytes(Property.RECEIVE_MAXIMUM, options.receiveMaximum());
        }
        properties.fourBytes(Property.MAXIMUM_PACKET_SIZE, options.maximumPacketBytes());
        if (options.topicAliasMaximum() > 0) {
            properties.twoBytes(Property.TOPIC_ALIAS_MAXIMUM, options.topicAliasMaximum());
        }
        if (options.requestResponseInformation()) {
            properties.byteValue(Property.REQUEST_RESPONSE_INFORMATION, 1);
        }
        if (!options.requestProblemInformation()) {
            properties.byteValue(Property.REQUEST_PROBLEM_INFORMATION, 0);
        }
        properties.user(options.userProperties());
        options.authentication().ifPresent(method -> properties.text(Property.AUTHENTICATION_METHOD, method.method()));
        connect.authenticationData().ifPresent(data -> properties.binary(Property.AUTHENTICATION_DATA, data));
        return properties;
    }

    private void will(Will will, ByteBuf to) {
        if (isMqtt5()) {
            PropertyWriter properties = new PropertyWriter();
            if (!will.delay().isZero()) {
                properties.fourBytes(Property.WILL_DELAY_INTERVAL, will.delay().toSeconds());
            }
            properties.message(will.message().properties());
            properties.writeTo(to);
        }
        Wire.writeText(will.message().topic(), to);
        Wire.writeBinary(will.message().payload(), to);
    }

    private void acknowledgement(int first, int identifier, Reason reason, ByteBuf to) {
        boolean shortest = !isMqtt5() || reason.code() == ReasonCode.SUCCESS;
        to.writeByte(first).writeByte(shortest ? 2 : 3).writeShort(identifier);
        if (!shortest) {
            to.writeByte(reason.code());
        }
    }

    private ByteBuf subscribe(Packet.Subscribe packet) {
        ByteBuf body = Unpooled.buffer().writeShort(packet.identifier());
        Subscribe content = packet.content();
        if (isMqtt5()) {
            PropertyWriter properties = new PropertyWriter();
            if (content.identifier() > 0) {
                properties.variable(Property.SUBSCRIPTION_IDENTIFIER, content.identifier());
            }
            properties.user(content.userProperties());
            properties.writeTo(body);
        }
        for (Filter filter : content.filters()) {
            Wire.writeText(filter.topicFilter(), body);
            body.writeByte(isMqtt5() ? options(filter) : filter.qos());
        }
        return body;
    }

    /** §3.8.3.1. */
    private static int options(Filter filter) {
        return filter.qos()
                | (filter.noLocal() ? 0x04 : 0)
                | (filter.retainAsPublished() ? 0x08 : 0)
                | (switch (filter.retainHandling()) {
                            case SEND -> 0;
                            case SEND_IF_NEW -> 1;
                            case DO_NOT_SEND -> 2;
                        }
                        << 4);
    }

    private ByteBuf unsubscribe(Packet.Unsubscribe packet) {
        ByteBuf body = Unpooled.buffer().writeShort(packet.identifier());
        if (isMqtt5()) {
            writeUser(packet.userProperties(), body);
        }
        packet.topicFilters().forEach(filter -> Wire.writeText(filter, body));
        return body;
    }

    private static void writeUser(List<UserProperty> userProperties, ByteBuf to) {
        PropertyWriter properties = new PropertyWriter();
        properties.user(userProperties);
        properties.writeTo(to);
    }

    private ByteBuf disconnect(Packet.Disconnect packet) {
        ByteBuf body = Unpooled.buffer();
        PropertyWriter properties = new PropertyWriter();
        packet.sessionExpirySeconds()
                .ifPresent(seconds -> properties.fourBytes(Property.SESSION_EXPIRY_INTERVAL, seconds));
        boolean bare = addReason(packet.reason(), properties)
                && packet.sessionExpirySeconds().isEmpty();
        if (!isMqtt5() || (bare && packet.reason().code() == ReasonCode.SUCCESS)) {
            return body;
        }
        body.writeByte(packet.reason().code());
        properties.writeTo(body);
        return body;
    }

    /** @return there was nothing to add */
    private static boolean addReason(Reason reason, PropertyWriter properties) {
        if (!reason.text().isEmpty()) {
            properties.text(Property.REASON_STRING, reason.text());
        }
        properties.user(reason.userProperties());
        return reason.text().isEmpty() && reason.userProperties().isEmpty();
    }

    private static ByteBuf auth(Packet.Auth packet) {
        ByteBuf body = Unpooled.buffer().writeByte(packet.reason().code());
        PropertyWriter properties = new PropertyWriter();
        properties.text(Property.AUTHENTICATION_METHOD, packet.method());
        packet.data().ifPresent(data -> properties.binary(Property.AUTHENTICATION_DATA, data));
        properties.writeTo(body);
        return body;
    }
}

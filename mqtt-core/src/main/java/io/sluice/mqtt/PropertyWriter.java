package io.sluice.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.sluice.mqtt.Publish.UserProperty;
import java.util.List;

/** Collects the property section of one packet to the broker (MQTT 5 §2.2.2). */
final class PropertyWriter {

    private final ByteBuf section = Unpooled.buffer();

    void byteValue(Property property, int value) {
        section.writeByte(property.identifier()).writeByte(value);
    }

    void twoBytes(Property property, int value) {
        section.writeByte(property.identifier()).writeShort(value);
    }

    void fourBytes(Property property, long value) {
        section.writeByte(property.identifier()).writeInt((int) value);
    }

    void variable(Property property, int value) {
        section.writeByte(property.identifier());
        Wire.writeVariable(value, section);
    }

    void text(Property property, String value) {
        section.writeByte(property.identifier());
        Wire.writeText(value, section);
    }

    void binary(Property property, byte[] value) {
        section.writeByte(property.identifier());
        Wire.writeBinary(value, section);
    }

    void user(List<UserProperty> properties) {
        properties.forEach(property -> writeUser(property, section));
    }

    void message(Publish.Properties properties) {
        writeMessage(properties, section);
    }

    /** Length and properties. */
    void writeTo(ByteBuf to) {
        Wire.writeVariable(section.readableBytes(), to);
        to.writeBytes(section);
    }

    /** The message's properties, without their length. */
    static void writeMessage(Publish.Properties properties, ByteBuf to) {
        if (properties.utf8Payload()) {
            to.writeByte(Property.PAYLOAD_FORMAT_INDICATOR.identifier()).writeByte(1);
        }
        properties
                .messageExpirySeconds()
                .ifPresent(seconds -> to.writeByte(Property.MESSAGE_EXPIRY_INTERVAL.identifier())
                        .writeInt((int) (long) seconds));
        properties.contentType().ifPresent(text -> writeText(Property.CONTENT_TYPE, text, to));
        properties.responseTopic().ifPresent(text -> writeText(Property.RESPONSE_TOPIC, text, to));
        properties.correlationData().ifPresent(data -> {
            to.writeByte(Property.CORRELATION_DATA.identifier());
            Wire.writeBinary(data, to);
        });
        properties.userProperties().forEach(property -> writeUser(property, to));
    }

    private static void writeText(Property property, String text, ByteBuf to) {
        to.writeByte(property.identifier());
        Wire.writeText(text, to);
    }

    private static void writeUser(UserProperty property, ByteBuf to) {
        to.writeByte(Property.USER_PROPERTY.identifier());
        Wire.writeText(property.name(), to);
        Wire.writeText(property.value(), to);
    }
}

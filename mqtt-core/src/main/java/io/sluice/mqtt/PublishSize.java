package io.sluice.mqtt;

import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.Publish.UserProperty;

/** How many bytes a PUBLISH takes on the wire (MQTT 5 §2.1.4, §3.3), without a Topic Alias. */
final class PublishSize {

    /** Largest packet that the protocol can express: a header of five bytes and a Remaining Length of 28 bits. */
    static final long LARGEST = 5 + 268_435_455L;

    /** Of a Topic Alias: its identifier and two bytes. */
    static final int ALIAS_BYTES = 3;

    private PublishSize() {}

    static long bytes(Publish message, Version version) {
        int properties = version == Version.MQTT_5 ? propertyBytes(message.properties()) : 0;
        long remaining = remainingLength(message, Texts.utf8Bytes(message.topic()), properties, version);
        return 1 + variableByteInteger(remaining) + remaining;
    }

    /** Never less than {@link #bytes}, and cheap, if the message has no properties; else more than {@link #LARGEST}. */
    static long bound(Publish message) {
        return message.properties() == Publish.Properties.NONE
                ? 10L + 3L * message.topic().length() + message.payload().length
                : LARGEST + 1;
    }

    static long remainingLength(Publish message, int topicBytes, int propertyBytes, Version version) {
        int identifier = message.qos() > 0 ? 2 : 0;
        int properties = version == Version.MQTT_5 ? variableByteInteger(propertyBytes) + propertyBytes : 0;
        return 2L + topicBytes + identifier + properties + message.payload().length;
    }

    /** Of the message's properties, without their length. */
    static int propertyBytes(Publish.Properties properties) {
        if (properties == Publish.Properties.NONE) {
            return 0;
        }
        return (properties.utf8Payload() ? 2 : 0)
                + (properties.messageExpirySeconds().isPresent() ? 5 : 0)
                + properties.contentType().map(PublishSize::textBytes).orElse(0)
                + properties.responseTopic().map(PublishSize::textBytes).orElse(0)
                + properties.correlationData().map(data -> 3 + data.length).orElse(0)
                + properties.userProperties().stream()
                        .mapToInt(PublishSize::pairBytes)
                        .sum();
    }

    private static int textBytes(String text) {
        return 3 + Texts.utf8Bytes(text);
    }

    static int pairBytes(UserProperty property) {
        return 5 + Texts.utf8Bytes(property.name()) + Texts.utf8Bytes(property.value());
    }

    /** Bytes of a Variable Byte Integer (§1.5.5); 5 means too large. */
    static int variableByteInteger(long value) {
        int bytes = 1;
        for (long rest = value >>> 7; rest > 0; rest >>>= 7) {
            bytes++;
        }
        return bytes;
    }
}

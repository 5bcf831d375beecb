package io.sluice.mqtt;

import io.sluice.mqtt.MqttOptions.Version;

/** How many bytes a PUBLISH takes on the wire (MQTT 5 §2.1.4, §3.3). */
final class PublishSize {

    /** Largest packet that the protocol can express: a header of five bytes and a Remaining Length of 28 bits. */
    static final long LARGEST = 5 + 268_435_455L;

    private PublishSize() {}

    static long bytes(Publish message, Version version) {
        long remaining = remainingLength(message, Topics.utf8Bytes(message.topic()), version);
        return 1 + variableByteInteger(remaining) + remaining;
    }

    static long remainingLength(Publish message, int topicBytes, Version version) {
        int identifier = message.qos() > 0 ? 2 : 0;
        int properties = version == Version.MQTT_5 ? 1 : 0;
        return 2L + topicBytes + identifier + properties + message.payload().length;
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

package io.sluice.mqtt;

import java.util.Objects;

/**
 * An application message, in either direction (MQTT 5 §3.3). The payload array is given away, not copied.
 *
 * @param topic a Topic Name without wildcards, 1 to 65,535 bytes as UTF-8 [MQTT-3.3.2-2], [MQTT-4.7.3-1]
 * @param payload at most 256 MiB with topic and header
 * @param qos 0, 1 or 2
 */
@SuppressWarnings("ArrayRecordComponent") // a copy per message is what this client avoids
public record Publish(String topic, byte[] payload, int qos, boolean retain) {

    public Publish {
        Objects.requireNonNull(payload, "payload");
        if (qos < 0 || qos > 2) {
            throw new IllegalArgumentException("QoS " + qos + " is not 0, 1 or 2");
        }
        String problem = Topics.problemOfName(topic);
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException("topic '" + topic + "' " + problem);
        }
    }
}

package io.sluice.mqtt;

/**
 * An application message, in either direction (MQTT 5 §3.3). The payload array is given away, not copied.
 *
 * @param qos 0 or 1
 */
public record Publish(String topic, byte[] payload, int qos, boolean retain) {}

package io.sluice.mqtt;

import io.sluice.mqtt.MqttOptions.Rate;

/** Two token buckets, messages and bytes. A message larger than its bucket goes when it is full, and is paid off later. */
final class RateLimit {

    private static final double NANOS = 1e9;

    private final double messagesPerNano;
    private final double bytesPerNano;
    private final double mostMessages;
    private final double mostBytes;
    private double messages;
    private double bytes;
    private long refilledAt;

    RateLimit(Rate rate, long now) {
        messagesPerNano = rate.messagesPerSecond() / NANOS;
        bytesPerNano = rate.bytesPerSecond() / NANOS;
        mostMessages = Math.max(1, rate.messagesPerSecond() / 10.0);
        mostBytes = Math.max(1, rate.bytesPerSecond() / 10.0);
        messages = mostMessages;
        bytes = mostBytes;
        refilledAt = now;
    }

    /** Nanoseconds until a message may go; 0: now. */
    long waitNanos(long now) {
        long passed = now - refilledAt;
        refilledAt = now;
        messages = Math.min(mostMessages, messages + passed * messagesPerNano);
        bytes = Math.min(mostBytes, bytes + passed * bytesPerNano);
        double wait = Math.max((1 - messages) / messagesPerNano, -bytes / bytesPerNano);
        return wait <= 0 ? 0 : (long) wait + 1;
    }

    void take(long packetBytes) {
        messages -= 1;
        bytes -= packetBytes;
    }
}

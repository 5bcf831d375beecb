package io.sluice.mqtt;

/** How a publish ended. Every publish ends in exactly one outcome. */
public sealed interface Outcome {

    /**
     * PUBACK with a Reason Code below 0x80, or PUBCOMP. For QoS 0: it was written.
     *
     * @param reason 0x00 success, 0x10 no matching subscribers (success too)
     */
    record Acknowledged(Reason reason) implements Outcome {

        static final Acknowledged SUCCESS = new Acknowledged(Reason.SUCCESS);
    }

    /**
     * PUBACK or PUBREC with a Reason Code of 0x80 or above; or never sent, because the broker had said in CONNACK that it
     * would not take it (0x9A retain, 0x9B QoS).
     */
    record Refused(Reason reason) implements Outcome {}

    /** Larger than the Maximum Packet Size of the connected broker; never sent. */
    record TooLarge(long packetBytes, long maximumPacketBytes) implements Outcome {}

    /**
     * The connection ended three times with this message, or one that was acknowledged since, as the oldest in flight, and then
     * again with this one alone; only with {@link MqttOptions#isolateCulprits}. The broker may or may not have it; it is not sent again.
     */
    record EndsConnections() implements Outcome {}

    /** The client was closed before an acknowledgement came; the broker may or may not have the message. */
    record Unknown() implements Outcome {}
}

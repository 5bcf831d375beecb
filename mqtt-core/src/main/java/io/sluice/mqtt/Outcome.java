package io.sluice.mqtt;

/** How a publish ended. Every publish of QoS 1 ends in exactly one outcome. */
public sealed interface Outcome {

    /**
     * PUBACK with a Reason Code below 0x80.
     *
     * @param reasonCode 0x00 success, 0x10 no matching subscribers (success too)
     */
    record Acknowledged(int reasonCode) implements Outcome {}

    /** PUBACK with a Reason Code of 0x80 or above. */
    record Refused(int reasonCode, String reasonString) implements Outcome {}

    /** Larger than the Maximum Packet Size of the connected broker; never sent. */
    record TooLarge(long packetBytes, long maximumPacketBytes) implements Outcome {}

    /** The client was closed before an acknowledgement came; the broker may or may not have the message. */
    record Unknown() implements Outcome {}
}

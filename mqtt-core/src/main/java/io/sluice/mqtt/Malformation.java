package io.sluice.mqtt;

/** What makes a packet's bytes unusable; becomes a {@link Packet.Malformed} at the decoder's edge. */
final class Malformation extends Exception {

    private static final long serialVersionUID = 1;

    private final int reasonCode;

    /** @param problem as it follows "broker sent" */
    Malformation(int reasonCode, String problem) {
        super(problem, null, false, false);
        this.reasonCode = reasonCode;
    }

    static Malformation malformed(String problem) {
        return new Malformation(ReasonCode.MALFORMED_PACKET, problem);
    }

    static Malformation protocolError(String problem) {
        return new Malformation(ReasonCode.PROTOCOL_ERROR, problem);
    }

    Packet.Malformed packet() {
        return new Packet.Malformed(reasonCode, String.valueOf(getMessage()));
    }
}

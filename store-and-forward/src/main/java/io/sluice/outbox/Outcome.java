package io.sluice.outbox;

/** How the hand-over of a message ended. */
public sealed interface Outcome {

    /** The broker has it. */
    record Acknowledged() implements Outcome {}

    /** It can never be accepted: to the dead letters, with a loss range of reason {@code REJECTED}. */
    record Rejected(String reason) implements Outcome {}

    /** Refused for now (wrong ACL, quota, unspecified): the stream stops there and it goes again, slowly. */
    record Held(String reason) implements Outcome {}

    /**
     * The broker ends the connection over it: held likewise, and to the dead letters if it does so again after a later message
     * of its stream was acknowledged, so that it is the message and not the broker.
     */
    record Suspected(String reason) implements Outcome {}

    /** The session was closed before an answer came; the row stays. */
    record Unknown() implements Outcome {}
}

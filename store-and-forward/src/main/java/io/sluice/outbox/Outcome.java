package io.sluice.outbox;

/** How the hand-over of a message ended. */
public sealed interface Outcome {

    /** The broker has it. */
    record Acknowledged() implements Outcome {}

    /** It can never be accepted: to the dead letters, with a loss range of reason {@code REJECTED}. */
    record Rejected(String reason) implements Outcome {}

    /** Refused for now (wrong ACL, quota, unspecified): the stream stops there and it goes again, slowly. */
    record Held(String reason) implements Outcome {}

    /** The session was closed before an answer came; the row stays. */
    record Unknown() implements Outcome {}
}

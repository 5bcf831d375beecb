package io.sluice.outbox;

/** Why something is gone. The names are those of the wire contract; the database stores the name. */
public enum LossReason {
    EVICTED,
    EXPIRED,
    REJECTED,
    UNREADABLE,
    HAND_OFF_FULL,
    ADAPTER_QUEUE,
    SOURCE_GAP,
    NOT_STORED
}

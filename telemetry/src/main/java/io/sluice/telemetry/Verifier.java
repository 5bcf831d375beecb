package io.sluice.telemetry;

import java.util.List;

/**
 * Turns decoded messages into a verdict per stream. Pure: no I/O, no clock; the verdict depends only on the messages and
 * their order. Confined to one thread.
 */
public final class Verifier {

    public Verifier() {
        throw new UnsupportedOperationException();
    }

    /** What happened to a message on the way, for printing it. */
    public enum Arrival {
        NEW,
        DUPLICATE,
        OUT_OF_ORDER,
        /** Below the baseline, or without a sequence. */
        NOT_JUDGED
    }

    public Arrival accept(Message message) {
        throw new UnsupportedOperationException();
    }

    /** One entry per stream seen, in order of device and epoch. */
    public List<StreamVerdict> verdict() {
        throw new UnsupportedOperationException();
    }
}

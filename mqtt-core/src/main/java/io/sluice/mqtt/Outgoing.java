package io.sluice.mqtt;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A publish from the call to its outcome. Written by the caller's thread until it is handed over, then only by the session;
 * the links belong to whatever list it is in.
 */
final class Outgoing {

    enum Stage {
        /** Neither written nor given an identifier. */
        WAITING,
        AWAITS_PUBACK,
        AWAITS_PUBREC,
        AWAITS_PUBCOMP,
        DONE
    }

    final Publish message;
    final Consumer<Outcome> outcome;

    Stage stage = Stage.WAITING;
    int identifier;

    /** Written on the connection that stands, and so counted against its Receive Maximum. */
    boolean written;

    /** Nanoseconds; meaningful while {@link #written}. */
    long writtenAt;

    /** Of the PUBREC, kept for the outcome. */
    Reason received = Reason.SUCCESS;

    @Nullable
    Outgoing next;

    @Nullable
    Outgoing previous;

    Outgoing(Publish message, Consumer<Outcome> outcome) {
        this.message = message;
        this.outcome = outcome;
    }

    /** As if it had never been written. */
    void startAnew() {
        stage = Stage.WAITING;
        identifier = 0;
        written = false;
    }
}

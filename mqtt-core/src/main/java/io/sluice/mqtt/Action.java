package io.sluice.mqtt;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/** What a {@link Session} wants done. Actions are carried out in their order. */
sealed interface Action {

    record Write(Packet packet) implements Action {}

    record Complete(Consumer<Outcome> outcome, Outcome result) implements Action {}

    /** SUBSCRIBE or UNSUBSCRIBE was answered. */
    record Answered(Consumer<Subscribe.Answer> to, Subscribe.Answer answer) implements Action {}

    /** Hand a message to the listener. The acknowledgement follows as the next action. */
    record Deliver(Publish message) implements Action {}

    /** @param first takes what the listener publishes when it is told: it goes before what waited for a connection */
    record Established(ConnectionListener.Connected connected, Consumer<Outgoing> first) implements Action {}

    /** A {@link Event.Tick} is wanted after this time: the rate holds something back. */
    record Wake(Duration after) implements Action {}

    /**
     * End the connection after what was written; also why a connection or an attempt is over.
     *
     * @param answer that the broker sent, if it sent one
     * @param serverReference another broker that it named
     * @param reason for people
     */
    record Close(Retry retry, Optional<Reason> answer, Optional<String> serverReference, String reason)
            implements Action {

        /** Nothing was answered. */
        static Close without(Retry retry, String reason) {
            return new Close(retry, Optional.empty(), Optional.empty(), reason);
        }
    }

    enum Retry {
        /** Nothing failed: no backoff. */
        AT_ONCE,
        SOON,
        /** It cannot succeed before somebody changes something. */
        SLOWLY,
        NEVER
    }

    /** Carries actions out. */
    interface Sink {

        /** Must not hand the session an event. */
        void perform(Action action);

        /** The transport takes more bytes without piling them up. */
        boolean isWritable();
    }
}

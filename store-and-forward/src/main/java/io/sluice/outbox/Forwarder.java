package io.sluice.outbox;

import java.util.OptionalInt;

/**
 * Takes committed messages from the outbox, in lanes, and hands them to the {@link Publisher} as its window allows. The
 * methods may be called on any thread and never wait.
 */
public final class Forwarder implements AutoCloseable {

    public enum Replay {
        LIVE_FIRST,
        IN_ORDER
    }

    /**
     * @param replayRate messages per second of the backlog lane, empty: unlimited
     */
    public Forwarder(Outbox outbox, Publisher publisher, Replay replay, OptionalInt replayRate) {
        throw new UnsupportedOperationException();
    }

    /**
     * A connection stands and is ready for messages: fixes the backlog, sends the opening heartbeats on the first.
     *
     * @param connection from 1
     * @param window most messages without an outcome
     */
    public void connected(long connection, int window) {
        throw new UnsupportedOperationException();
    }

    /** Nothing more is handed over until {@link #connected}. Messages without an outcome keep waiting for theirs. */
    public void disconnected() {
        throw new UnsupportedOperationException();
    }

    /** The outcome of a hand-over. */
    public void completed(long position, Outcome outcome) {
        throw new UnsupportedOperationException();
    }

    /** Sends closing heartbeats if connected, then stops the thread. The outbox stays open. */
    @Override
    public void close() {
        throw new UnsupportedOperationException();
    }
}

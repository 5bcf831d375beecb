package io.sluice.outbox;

/** What the forwarder needs of a northbound session. */
@FunctionalInterface
public interface Publisher {

    /**
     * Hands one message over. Called on thread {@code forwarder}; must not wait. Exactly one {@link Forwarder#completed}
     * follows for its position (none for a heartbeat), across any number of reconnects.
     */
    void publish(Outgoing message);
}

package io.sluice.adapter;

/** The running side of a protocol, for all its devices. */
public interface Adapter extends AutoCloseable {

    /**
     * Stops polling and disconnects. Returns within 3 s, also when devices hang. No sink is called after it has returned.
     */
    @Override
    void close();
}

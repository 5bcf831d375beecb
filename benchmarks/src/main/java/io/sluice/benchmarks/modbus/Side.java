package io.sluice.benchmarks.modbus;

/** A client that reads 125 holding registers of every server, again and again, as fast as it can, until it is closed. */
interface Side extends AutoCloseable {

    /** Replies so far. */
    long roundTrips();

    @Override
    void close() throws InterruptedException;
}

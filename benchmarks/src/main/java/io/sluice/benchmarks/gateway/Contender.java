package io.sluice.benchmarks.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A gateway that polls the field and publishes to the broker. */
interface Contender {
    int REGISTERS = 100;

    String name();

    /** What the subscriber subscribes to. */
    String filter();

    /** A decoder without memory of earlier runs. */
    Probe.Decoder decoder();

    /**
     * Starts it with everything configured.
     *
     * @param directory empty; it keeps its files there
     * @param ports of the servers, each polled at {@code poll} for its first {@link #REGISTERS} holding registers
     */
    Child start(Path directory, int[] ports, Duration poll, int brokerPort) throws IOException;
}

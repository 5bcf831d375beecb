package io.sluice.benchmarks.gateway;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** A gateway that subscribes to the variables of an OPC UA server and publishes their values to the broker. */
interface TagContender {

    String name();

    /** What the subscriber subscribes to. */
    String filter();

    /** A decoder without memory of earlier runs. */
    Subscriber.Receiver decoder(TagArrivals arrivals);

    /**
     * Starts it with everything configured.
     *
     * @param directory empty; it keeps its files there
     * @param interval PublishingInterval and SamplingInterval
     */
    Child start(Path directory, int port, int tags, Duration interval, int brokerPort) throws IOException;
}

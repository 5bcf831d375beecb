package io.sluice.adapter;

import java.nio.file.Path;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * What an adapter is given by the gateway.
 *
 * @param sinks the sink of each device, by id
 * @param clock CLOCK_REALTIME in nanoseconds since 1970-01-01 UTC; for timestamps only, intervals use the monotonic clock
 * @param stateDirectory where an adapter may keep files of its own (certificates), in a folder named after the protocol
 * @param random for jitter and phases
 * @param bugs told of an exception that is neither configuration nor field trouble; it ends the process
 */
public record AdapterContext(
        Sinks sinks, LongSupplier clock, Path stateDirectory, RandomGenerator random, BugReporter bugs) {

    @FunctionalInterface
    public interface Sinks {
        /**
         * @throws IllegalArgumentException if no such device is configured
         */
        DeviceSink of(String device);
    }

    @FunctionalInterface
    public interface BugReporter {
        /** May be called on any thread. */
        void report(String thread, Throwable bug);
    }
}

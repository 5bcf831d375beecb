package io.sluice.adapter;

import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Problems;
import io.sluice.profiles.ProtocolSchema;
import java.util.List;
import java.util.Optional;

/**
 * One southbound protocol. Found by {@link java.util.ServiceLoader}; has a public constructor without parameters.
 * {@link #schema}, {@link #plan} and {@link #check} are pure and load no protocol library; nothing is connected before {@link #open}.
 */
public interface AdapterFactory {

    /** What users may write for this protocol. */
    ProtocolSchema schema();

    /**
     * Checks the device's addresses and settings. Every problem is reported with its mark; empty if there was an error.
     */
    Optional<? extends DevicePlan> plan(DeviceDefinition device, Problems problems);

    /**
     * Checks what devices of this protocol can only get wrong together. Every problem is reported with its mark.
     *
     * @param plans made by {@link #plan} of this factory, of all devices that had no error by themselves
     */
    default void check(List<DevicePlan> plans, Problems problems) {}

    /**
     * Starts to connect to all devices of this protocol, in the background, and returns at once. A device that cannot be
     * reached is no error: it is tried for ever, with capped, jittered backoff.
     *
     * @param plans made by {@link #plan} of this factory
     */
    Adapter open(List<DevicePlan> plans, AdapterContext context);
}

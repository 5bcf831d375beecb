package io.sluice.gateway.southbound;

import io.sluice.telemetry.Message.State;
import java.util.OptionalLong;

/**
 * How one device does, at one moment.
 *
 * @param error why it is offline, else empty
 * @param since UTC nanoseconds of the last change of state
 * @param readings handed to the outbox since the start
 * @param readingsPerSecond over the last ten to twenty seconds
 * @param lastReading UTC nanoseconds: the newest time that a reading carried
 * @param lostReadings lost before they could be handed over, as far as their number is known, since the start
 */
public record DeviceHealth(
        String device,
        State state,
        String error,
        long since,
        long readings,
        double readingsPerSecond,
        OptionalLong lastReading,
        long lostReadings) {}

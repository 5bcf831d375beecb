package io.sluice.gateway.southbound;

import io.sluice.telemetry.Message.State;
import java.util.Map;

/** Told of every change in a device's state. Called on the device's thread; must not wait. */
@FunctionalInterface
public interface StatusBoard {

    /**
     * @param error empty if there is none
     * @param counters since the start, by name
     */
    void changed(String device, State state, String error, Map<String, Long> counters);
}

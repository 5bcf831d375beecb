package io.sluice.gateway.southbound;

import io.sluice.telemetry.Message.State;

/** Told of every change in a device's state. Called on the device's thread; must not wait. */
@FunctionalInterface
public interface StatusBoard {

    /**
     * @param error empty if there is none
     */
    void changed(String device, State state, String error);
}

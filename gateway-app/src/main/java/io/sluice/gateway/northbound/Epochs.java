package io.sluice.gateway.northbound;

import io.sluice.outbox.RunEpoch;
import io.sluice.telemetry.Epoch;

/** The store's and the wire's word for the same thing. */
final class Epochs {

    private Epochs() {}

    static Epoch of(RunEpoch epoch) {
        return new Epoch(epoch.order(), epoch.random());
    }
}

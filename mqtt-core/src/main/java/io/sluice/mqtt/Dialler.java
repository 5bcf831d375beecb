package io.sluice.mqtt;

import io.sluice.mqtt.TransportOptions.Proxy;
import java.time.Duration;
import java.util.Optional;

/**
 * What is the same for every {@link Dial} of a client.
 *
 * @param limit what one may take; kept by whoever asks for it
 */
record Dialler(Optional<Proxy> proxy, Dial.Resolver resolver, TlsContexts tls, Transport transport, Duration limit) {

    /** Not started yet. */
    Dial dial(BrokerAddress broker, Dial.Caller caller) {
        return new Dial(broker, this, caller);
    }
}

package io.sluice.mqtt;

import java.net.URI;
import java.util.Optional;

/** The broker that a Server Reference names (MQTT 5 §4.11): {@code HOST[:PORT]}, several with spaces between. */
final class ServerReference {

    private ServerReference() {}

    /** The first that can be read, by the transport of the broker that named it; empty if none can. */
    static Optional<URI> first(String reference, URI namedBy) {
        for (String authority : reference.strip().split("\\s+")) {
            Optional<URI> broker = broker(authority, namedBy);
            if (broker.isPresent()) {
                return broker;
            }
        }
        return Optional.empty();
    }

    private static Optional<URI> broker(String authority, URI namedBy) {
        String path = namedBy.getRawPath() == null ? "" : namedBy.getRawPath();
        try {
            URI broker = URI.create(namedBy.getScheme() + "://" + authority + path);
            BrokerAddress.of(broker);
            return Optional.of(broker);
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}

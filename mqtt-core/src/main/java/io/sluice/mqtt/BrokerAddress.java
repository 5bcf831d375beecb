package io.sluice.mqtt;

import java.net.URI;

/** Host, port and transport of a broker's URI. */
record BrokerAddress(String host, int port, boolean tls) {

    /** @throws IllegalArgumentException with what is wrong with the URI and what was expected */
    static BrokerAddress of(URI uri) {
        String scheme = uri.getScheme() == null ? "" : uri.getScheme();
        boolean tls = switch (scheme) {
            case "mqtt", "tcp" -> false;
            case "mqtts", "ssl" -> true;
            default ->
                throw new IllegalArgumentException(
                        "broker '" + uri + "' is neither mqtt://HOST[:PORT] nor mqtts://HOST[:PORT]");
        };
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("broker '" + uri + "' names no host: expected mqtt://HOST[:PORT]");
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : tls ? 8883 : 1883;
        return new BrokerAddress(uri.getHost().replaceAll("[\\[\\]]", ""), port, tls);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}

package io.sluice.mqtt;

import java.net.URI;

/**
 * Host, port and transport of a broker's URI.
 *
 * @param path of the WebSocket with its query; empty for the other transports
 */
record BrokerAddress(String host, int port, Scheme scheme, String path) {

    /** What lies between TCP and MQTT, and the port that is meant where none is given. */
    enum Scheme {
        MQTT(false, false, 1883),
        MQTTS(true, false, 8883),
        WS(false, true, 80),
        WSS(true, true, 443);

        final boolean tls;
        final boolean webSocket;
        final int port;

        Scheme(boolean tls, boolean webSocket, int port) {
            this.tls = tls;
            this.webSocket = webSocket;
            this.port = port;
        }
    }

    private static final String EXPECTED =
            "expected mqtt://HOST[:PORT], mqtts://HOST[:PORT], ws://HOST[:PORT][/PATH] or"
                    + " wss://HOST[:PORT][/PATH]";

    /** Where brokers listen by custom if the URI names no path. */
    private static final String DEFAULT_PATH = "/mqtt";

    /** @throws IllegalArgumentException with what is wrong with the URI and what was expected */
    static BrokerAddress of(URI uri) {
        Scheme scheme = switch (uri.getScheme() == null ? "" : uri.getScheme()) {
            case "mqtt", "tcp" -> Scheme.MQTT;
            case "mqtts", "ssl" -> Scheme.MQTTS;
            case "ws" -> Scheme.WS;
            case "wss" -> Scheme.WSS;
            default -> throw new IllegalArgumentException("broker '" + uri + "' has no known scheme: " + EXPECTED);
        };
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("broker '" + uri + "' names no host: " + EXPECTED);
        }
        int port = uri.getPort() >= 0 ? uri.getPort() : scheme.port;
        return new BrokerAddress(
                uri.getHost().replaceAll("[\\[\\]]", ""), port, scheme, scheme.webSocket ? path(uri) : "");
    }

    private static String path(URI uri) {
        String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? DEFAULT_PATH : uri.getRawPath();
        return uri.getRawQuery() == null ? path : path + "?" + uri.getRawQuery();
    }

    boolean tls() {
        return scheme.tls;
    }

    boolean webSocket() {
        return scheme.webSocket;
    }

    /** Of the WebSocket. */
    URI uri() {
        String name = host.contains(":") ? "[" + host + "]" : host;
        return URI.create((scheme.tls ? "wss://" : "ws://") + name + ":" + port + path);
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}

package io.sluice.mqtt;

/** What is below MQTT on the way to a broker. */
enum Way {
    TCP("mqtt"),
    /** The broker asks for the client's certificate. */
    MUTUAL_TLS("mqtts"),
    WEBSOCKET("ws"),
    SECURE_WEBSOCKET("wss");

    final String scheme;

    Way(String scheme) {
        this.scheme = scheme;
    }

    boolean tls() {
        return this == MUTUAL_TLS || this == SECURE_WEBSOCKET;
    }

    boolean webSocket() {
        return this == WEBSOCKET || this == SECURE_WEBSOCKET;
    }
}

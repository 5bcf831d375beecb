package io.sluice.mqtt;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Everything that shapes a client's connections.
 *
 * @param brokers {@code mqtt://HOST[:1883]} or {@code mqtts://HOST[:8883]}, tried in order
 * @param window most QoS 1 messages in flight, 1 to 65,535; the broker's Receive Maximum can only lower it
 * @param sessionExpiry Session Expiry Interval asked for (MQTT 5)
 * @param ackTimeout an acknowledgement older than this closes the connection
 * @param connectTimeout from the first TCP packet to CONNACK
 * @param backoffMin first upper bound of the random wait before a reconnect; doubled at each failure
 * @param backoffMax last upper bound
 */
public record MqttOptions(
        List<URI> brokers,
        Version version,
        String clientId,
        Optional<Credentials> credentials,
        Duration keepAlive,
        Duration sessionExpiry,
        boolean alwaysCleanStart,
        int window,
        Duration ackTimeout,
        Duration connectTimeout,
        Duration backoffMin,
        Duration backoffMax,
        Optional<Publish> will,
        Optional<Tls> tls) {

    public MqttOptions {
        brokers = List.copyOf(brokers);
    }

    public enum Version {
        MQTT_5,
        MQTT_3_1_1
    }

    public record Credentials(String username, Optional<byte[]> password) {}

    /**
     * Hostname verification is always on. PEM files.
     *
     * @param ca certificates to trust instead of the JDK's
     */
    public record Tls(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {}

    /** The defaults of everything but the brokers and the client id. */
    public static MqttOptions defaults(List<URI> brokers, String clientId) {
        return new MqttOptions(
                brokers,
                Version.MQTT_5,
                clientId,
                Optional.empty(),
                Duration.ofSeconds(30),
                Duration.ofHours(1),
                false,
                100,
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                Duration.ofMillis(500),
                Duration.ofSeconds(30),
                Optional.empty(),
                Optional.empty());
    }
}

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
 * @param clientId empty: the broker gives one
 * @param keepAlive longest silence before a PINGREQ; 0: none. The broker's Server Keep Alive takes precedence
 * @param alwaysCleanStart Clean Start 1 at every connect, and no session left behind; otherwise only until the first CONNACK
 *     and whenever the broker differs from the last one
 * @param will published by the broker when the connection is lost; {@link ConnectionListener#will} takes precedence
 * @param tls empty: the JDK's certificate authorities and no client certificate
 * @param window most QoS 1 and 2 messages in flight, 1 to 65,535; the broker's Receive Maximum can only lower it
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
        require(!brokers.isEmpty(), "no broker is given");
        brokers.forEach(BrokerAddress::of);
        require(window >= 1 && window <= 65_535, "window " + window + " is not 1 to 65,535");
        require(
                keepAlive.isZero() || (keepAlive.toSeconds() >= 1 && keepAlive.toSeconds() <= 65_535),
                "keep alive " + keepAlive + " is neither 0 nor 1 s to 65,535 s");
        require(
                !sessionExpiry.isNegative() && sessionExpiry.toSeconds() <= 0xFFFF_FFFFL,
                "session expiry " + sessionExpiry + " is not 0 to 4,294,967,295 s");
        require(ackTimeout.isPositive(), "ack timeout " + ackTimeout + " is not positive");
        require(connectTimeout.isPositive(), "connect timeout " + connectTimeout + " is not positive");
        require(
                backoffMin.isPositive() && backoffMin.compareTo(backoffMax) <= 0,
                "backoff " + backoffMin + " to " + backoffMax + " is no range");
    }

    private static void require(boolean valid, String problem) {
        if (!valid) {
            throw new IllegalArgumentException(problem);
        }
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

    // One field changed each.

    public MqttOptions withVersion(Version changed) {
        return new MqttOptions(
                brokers,
                changed,
                clientId,
                credentials,
                keepAlive,
                sessionExpiry,
                alwaysCleanStart,
                window,
                ackTimeout,
                connectTimeout,
                backoffMin,
                backoffMax,
                will,
                tls);
    }

    public MqttOptions withCredentials(Credentials changed) {
        return new MqttOptions(
                brokers,
                version,
                clientId,
                Optional.of(changed),
                keepAlive,
                sessionExpiry,
                alwaysCleanStart,
                window,
                ackTimeout,
                connectTimeout,
                backoffMin,
                backoffMax,
                will,
                tls);
    }

    public MqttOptions withKeepAlive(Duration changed) {
        return new MqttOptions(
                brokers,
                version,
                clientId,
                credentials,
                changed,
                sessionExpiry,
                alwaysCleanStart,
                window,
                ackTimeout,
                connectTimeout,
                backoffMin,
                backoffMax,
                will,
                tls);
    }

    public MqttOptions withSessionExpiry(Duration changed) {
        return new MqttOptions(
                brokers,
                version,
                clientId,
                credentials,
                keepAlive,
                changed,
                alwaysCleanStart,
                window,
                ackTimeout,
                connectTimeout,
                backoffMin,
                backoffMax,
                will,
                tls);
    }

    public MqttOptions withAlwaysCleanStart(boolean changed) {
        return new MqttOptions(
                brokers,
                version,
                clientId,
                credentials,
                keepAlive,
                sessionExpiry,
                changed,
                window,
                ackTimeout,
                connectTimeout,
                backoffMin,
                backoffMax,
                will,
                tls);
    }

    public MqttOptions withWindow(int changed) {
        return new MqttOptions(
                brokers,
                version,
                clientId,
                credentials,
                keepAlive,
                sessionExpiry,
                alwaysCleanStart,
                changed,
                ackTimeout,
                connectTimeout,
                backoffMin,
                backoffMax,
                will,
                tls);
    }

    public MqttOptions withAckTimeout(Duration changed) {
        return new MqttOptions(
                brokers,
                version,
                clientId,
                credentials,
                keepAlive,
                sessionExpiry,
                alwaysCleanStart,
                window,
                changed,
                connectTimeout,
                backoffMin,
                backoffMax,
                will,
                tls);
    }

    public MqttOptions withConnectTimeout(Duration changed) {
        return new MqttOptions(
                brokers,
                version,
                clientId,
                credentials,
                keepAlive,
                sessionExpiry,
                alwaysCleanStart,
                window,
                ackTimeout,
                changed,
                backoffMin,
                backoffMax,
                will,
                tls);
    }

    public MqttOptions withBackoff(Duration min, Duration max) {
        return new MqttOptions(
                brokers,
                version,
                clientId,
                credentials,
                keepAlive,
                sessionExpiry,
                alwaysCleanStart,
                window,
                ackTimeout,
                connectTimeout,
                min,
                max,
                will,
                tls);
    }

    public MqttOptions withWill(Publish changed) {
        return new MqttOptions(
                brokers,
                version,
                clientId,
                credentials,
                keepAlive,
                sessionExpiry,
                alwaysCleanStart,
                window,
                ackTimeout,
                connectTimeout,
                backoffMin,
                backoffMax,
                Optional.of(changed),
                tls);
    }

    public MqttOptions withTls(Tls changed) {
        return new MqttOptions(
                brokers,
                version,
                clientId,
                credentials,
                keepAlive,
                sessionExpiry,
                alwaysCleanStart,
                window,
                ackTimeout,
                connectTimeout,
                backoffMin,
                backoffMax,
                will,
                Optional.of(changed));
    }
}

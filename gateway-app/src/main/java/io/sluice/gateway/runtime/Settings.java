package io.sluice.gateway.runtime;

import io.sluice.gateway.config.Northbound;
import io.sluice.gateway.config.OutboxConfig;
import io.sluice.mqtt.MqttOptions;
import io.sluice.mqtt.TransportOptions;
import io.sluice.outbox.Forwarder.Replay;
import io.sluice.outbox.OutboxSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** What the user wrote, in the words of each part. */
public final class Settings {

    private static final long HAND_OFF_BYTES = 4L << 20;
    private static final Duration SESSION_EXPIRY = Duration.ofHours(1);
    private static final Duration LISTENER_SESSION_EXPIRY = Duration.ofMinutes(5);
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration BACKOFF_MIN = Duration.ofMillis(500);

    private Settings() {}

    static OutboxSettings outbox(OutboxConfig config) {
        return new OutboxSettings(
                config.directory(),
                config.maxBytes(),
                config.maxAge(),
                config.minFreeBytes(),
                config.flushInterval(),
                switch (config.whenFull()) {
                    case DROP_OLDEST -> OutboxSettings.WhenFull.DROP_OLDEST;
                    case DROP_NEWEST -> OutboxSettings.WhenFull.DROP_NEWEST;
                },
                HAND_OFF_BYTES);
    }

    static Replay replay(OutboxConfig config) {
        return switch (config.replay()) {
            case LIVE_FIRST -> Replay.LIVE_FIRST;
            case IN_ORDER -> Replay.IN_ORDER;
        };
    }

    /** The gateway's own session. */
    static MqttOptions mqtt(Northbound config) {
        return MqttOptions.defaults(config.brokers(), config.clientId()).with(o -> {
            o.version = version(config);
            o.credentials = credentials(config);
            o.keepAlive = config.keepAlive();
            o.sessionExpiry = SESSION_EXPIRY;
            o.window = config.window();
            o.isolateCulprits = true;
            o.ackTimeout = config.ackTimeout();
            o.connectTimeout = CONNECT_TIMEOUT;
            o.backoffMin = BACKOFF_MIN;
            o.backoffMax = config.backoffMax();
            o.transport = transport(config);
        });
    }

    /** A receiver's session: no Will, resumed after a short interruption so that nothing passes it by. */
    public static MqttOptions listener(
            List<URI> brokers,
            MqttOptions.Version version,
            String clientId,
            Optional<MqttOptions.Credentials> credentials,
            TransportOptions transport) {
        return MqttOptions.defaults(brokers, clientId).with(o -> {
            o.version = version;
            o.credentials = credentials;
            o.sessionExpiry = LISTENER_SESSION_EXPIRY;
            o.connectTimeout = CONNECT_TIMEOUT;
            o.backoffMin = Duration.ofMillis(100);
            o.backoffMax = Duration.ofSeconds(1);
            o.transport = transport;
        });
    }

    public static MqttOptions.Version version(Northbound config) {
        return switch (config.version()) {
            case MQTT_5 -> MqttOptions.Version.MQTT_5;
            case MQTT_3_1_1 -> MqttOptions.Version.MQTT_3_1_1;
        };
    }

    public static Optional<MqttOptions.Credentials> credentials(Northbound config) {
        return config.username().isEmpty() && config.password().isEmpty()
                ? Optional.empty()
                : Optional.of(new MqttOptions.Credentials(
                        config.username(), config.password().map(p -> p.getBytes(StandardCharsets.UTF_8))));
    }

    public static TransportOptions transport(Northbound config) {
        return new TransportOptions(
                tls(config.tls()),
                config.proxy().map(p -> new TransportOptions.Proxy(p.uri(), p.username(), p.password())),
                config.preferredRetry());
    }

    private static TransportOptions.Tls tls(Northbound.Tls config) {
        Optional<TransportOptions.Identity> pem = config.certificate()
                .flatMap(certificate -> config.key().map(key -> new TransportOptions.Identity.Pem(certificate, key)));
        Optional<TransportOptions.Identity> pkcs12 = config.keystore()
                .map(file -> new TransportOptions.Identity.Pkcs12(
                        file, config.keystorePassword().orElse("")));
        return new TransportOptions.Tls(
                config.ca(), pkcs12.or(() -> pem), config.verifyHostname(), config.serverName(), config.alpn());
    }
}

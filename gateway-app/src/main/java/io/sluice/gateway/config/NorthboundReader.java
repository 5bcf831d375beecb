package io.sluice.gateway.config;

import static io.sluice.gateway.config.GatewayKeys.*;

import io.sluice.gateway.config.Northbound.Proxy;
import io.sluice.gateway.config.Northbound.Tls;
import io.sluice.gateway.config.Northbound.Version;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Id;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Node;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Setting;
import io.sluice.profiles.Settings;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the one entry of {@code northbound:}. */
final class NorthboundReader {

    private final String name;
    private final Settings settings;
    private final Problems problems;

    private NorthboundReader(String name, Settings settings, Problems problems) {
        this.name = name;
        this.settings = settings;
        this.problems = problems;
    }

    /** Empty after a problem was reported. */
    static Optional<NorthboundReader> of(Node.Mapping northbound, Problems problems) {
        if (northbound.entries().isEmpty()) {
            problems.error(northbound.mark(), "northbound has no entry, expected one such as cloud: { brokers: … }");
            return Optional.empty();
        }
        northbound.entries().stream()
                .skip(1)
                .forEach(entry -> problems.error(
                        entry.key().mark(), "northbound has more than one entry: that is not yet available"));
        Node.Mapping.Entry entry = northbound.entries().getFirst();
        Node.Scalar key = entry.key();
        if (Id.parse(key.text()).isEmpty()) {
            problems.error(key.mark(), "bad name '" + key.text() + "' in northbound, expected " + Id.EXPECTED);
        }
        if (entry.value() instanceof Node.Mapping map) {
            Settings settings = Settings.read(map, ENTRY, "northbound", problems);
            return Optional.of(new NorthboundReader(key.text(), settings, problems));
        }
        problems.error(entry.value().mark(), "northbound." + key.text() + " is not a map, expected { brokers: … }");
        return Optional.empty();
    }

    /** Checks what depends on more than one key. */
    void check(String gateway, Map<String, String> labels, Mark gatewayMark, List<DeviceDefinition> devices) {
        new TopicCheck(settings.get(TOPIC), settings.mark(TOPIC), problems).check(labels, gatewayMark, devices);
        checkClientId(gateway);
        checkCredentials();
        checkTls();
        checkIdentity();
        checkProxy();
    }

    private void checkClientId(String gateway) {
        if (clientId(gateway).matches(".*[{}].*")) {
            problems.error(settings.mark(CLIENT_ID), "client-id contains a placeholder other than {gateway}");
        }
    }

    private void checkCredentials() {
        boolean old = settings.get(PROTOCOL) == Version.MQTT_3_1_1;
        if (old && settings.given(PASSWORD) && !settings.given(USERNAME)) {
            problems.error(settings.mark(PASSWORD), "password without username, which MQTT 3.1.1 does not allow");
        }
    }

    private void checkTls() {
        List<URI> brokers = settings.find(BROKERS).orElse(List.of());
        boolean encrypted = brokers.stream().anyMatch(BrokerUri::isEncrypted);
        List.<Setting<?>>of(CA, CERTIFICATE, KEY, KEYSTORE, KEYSTORE_PASSWORD, VERIFY_HOSTNAME, SERVER_NAME, ALPN)
                .stream()
                .filter(key -> settings.given(key) && !encrypted && !brokers.isEmpty())
                .findFirst()
                .ifPresent(key -> problems.error(
                        settings.mark(key), key.name() + " is given, but no broker begins with mqtts:// or wss://"));
    }

    private void checkIdentity() {
        if (settings.given(CERTIFICATE) != settings.given(KEY)) {
            Mark mark = settings.mark(settings.given(KEY) ? KEY : CERTIFICATE);
            problems.error(mark, "tls.certificate and tls.key belong together, one of them is missing");
        }
        if (settings.given(CERTIFICATE) && settings.given(KEYSTORE)) {
            problems.error(settings.mark(KEYSTORE), "tls.keystore and tls.certificate together: only one can count");
        }
        if (settings.given(KEYSTORE) != settings.given(KEYSTORE_PASSWORD)) {
            Mark mark = settings.mark(settings.given(KEYSTORE) ? KEYSTORE : KEYSTORE_PASSWORD);
            problems.error(mark, "tls.keystore and tls.keystore-password belong together, one of them is missing");
        }
    }

    private void checkProxy() {
        List.of(PROXY_USERNAME, PROXY_PASSWORD).stream()
                .filter(key -> settings.given(key) && !settings.given(PROXY))
                .findFirst()
                .ifPresent(key -> problems.error(settings.mark(key), key.name() + " is given without proxy.url"));
        if (settings.given(PROXY_PASSWORD) && !settings.given(PROXY_USERNAME)) {
            problems.error(settings.mark(PROXY_PASSWORD), "proxy.password is given without proxy.username");
        }
    }

    private String clientId(String gateway) {
        return settings.get(CLIENT_ID).replace("{gateway}", gateway);
    }

    /** The record; only where no problem was found. */
    Northbound build(String gateway) {
        return new Northbound(
                name,
                settings.get(BROKERS),
                settings.get(PROTOCOL),
                clientId(gateway),
                settings.find(USERNAME),
                settings.find(PASSWORD),
                settings.get(KEEP_ALIVE),
                settings.get(FORMAT),
                settings.get(TOPIC),
                settings.get(RETAIN),
                Math.toIntExact(settings.get(BATCH_MAX_SIZE)),
                settings.get(WINDOW),
                settings.get(ACK_TIMEOUT),
                settings.get(RECONNECT_MAX),
                settings.get(PREFERRED_RETRY),
                tls(),
                settings.find(PROXY)
                        .map(uri -> new Proxy(uri, settings.find(PROXY_USERNAME), settings.find(PROXY_PASSWORD))));
    }

    private Tls tls() {
        return new Tls(
                settings.find(CA),
                settings.find(CERTIFICATE),
                settings.find(KEY),
                settings.find(KEYSTORE),
                settings.find(KEYSTORE_PASSWORD),
                settings.get(VERIFY_HOSTNAME),
                settings.find(SERVER_NAME),
                settings.get(ALPN));
    }
}

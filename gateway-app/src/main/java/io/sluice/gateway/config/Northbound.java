package io.sluice.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where telemetry goes, and how.
 *
 * @param name of the entry of {@code northbound:}
 * @param brokers {@code mqtt://}, {@code mqtts://}, {@code ws://} or {@code wss://}, tried in order
 * @param clientId with {@code {gateway}} filled in
 * @param keepAlive 1 s to 65,535 s
 * @param topic template; its placeholders are known, and {@code {gateway}}, {@code {kind}} and {@code {device}} are there
 * @param retain whether birth and status messages are retained
 * @param maxBatchBytes largest body of one message
 * @param window most messages in flight, 1 to 65,535
 * @param ackTimeout an acknowledgement older than this ends the connection
 * @param backoffMax longest wait before connecting again
 * @param preferredRetry on another broker than the first, how often to look for the first; 0: only after a lost connection
 */
public record Northbound(
        String name,
        List<URI> brokers,
        Version version,
        String clientId,
        Optional<String> username,
        Optional<String> password,
        Duration keepAlive,
        Format format,
        String topic,
        boolean retain,
        int maxBatchBytes,
        int window,
        Duration ackTimeout,
        Duration backoffMax,
        Duration preferredRetry,
        Tls tls,
        Optional<Proxy> proxy) {

    public Northbound {
        brokers = List.copyOf(brokers);
    }

    public enum Version {
        MQTT_5,
        MQTT_3_1_1
    }

    public enum Format {
        PROTOBUF,
        JSON
    }

    /**
     * Trust, and the gateway's identity: PEM files or a PKCS #12 file.
     *
     * @param ca certificates to trust instead of the JDK's
     * @param serverName to look for in the broker's certificate instead of the host
     * @param alpn protocols offered
     */
    public record Tls(
            Optional<Path> ca,
            Optional<Path> certificate,
            Optional<Path> key,
            Optional<Path> keystore,
            Optional<String> keystorePassword,
            boolean verifyHostname,
            Optional<String> serverName,
            List<String> alpn) {

        public Tls {
            alpn = List.copyOf(alpn);
        }

        /** Whether the gateway logs in with a certificate. */
        public boolean identifies() {
            return certificate.isPresent() || keystore.isPresent();
        }

        /** Without the password. */
        @Override
        public String toString() {
            return "Tls[" + ca + ", " + certificate + ", " + key + ", " + keystore + "]";
        }
    }

    /** @param uri {@code http://HOST[:PORT]} or {@code socks5://HOST[:PORT]} */
    public record Proxy(URI uri, Optional<String> username, Optional<String> password) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Proxy[" + uri + "]";
        }
    }

    /** Without the password, so that it never gets into a log. */
    @Override
    public String toString() {
        return "Northbound[" + name + ", " + brokers + ", " + version + ", client id " + clientId + "]";
    }
}

package io.sluice.mqtt;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What lies below MQTT: TLS, a proxy, and when to go back to the preferred broker. Which transport is used follows from the
 * broker's URI.
 *
 * @param tls for {@code mqtts://} and {@code wss://}
 * @param proxy through which every broker is reached; it resolves their names
 * @param preferredRetry connected to another broker than the first of the list, the client looks this often whether the first one
 *     can be reached again, and goes back to it; each time that it then refuses the session the wait is doubled, up to an hour;
 *     0: only after a lost connection
 */
public record TransportOptions(Tls tls, Optional<Proxy> proxy, Duration preferredRetry) {

    public TransportOptions {
        Objects.requireNonNull(tls, "tls");
        if (preferredRetry.isNegative()) {
            throw new IllegalArgumentException("preferred retry " + preferredRetry + " is negative");
        }
    }

    /** TLS with the JDK's certificate authorities, no proxy, back to the preferred broker within ten minutes. */
    public static TransportOptions defaults() {
        return new TransportOptions(Tls.defaults(), Optional.empty(), Duration.ofMinutes(10));
    }

    public TransportOptions withTls(Tls changed) {
        return new TransportOptions(changed, proxy, preferredRetry);
    }

    public TransportOptions withProxy(Proxy changed) {
        return new TransportOptions(tls, Optional.of(changed), preferredRetry);
    }

    public TransportOptions withPreferredRetry(Duration changed) {
        return new TransportOptions(tls, proxy, changed);
    }

    /**
     * TLS 1.2 and 1.3. The files are read at each attempt: renewed ones are used from the next connection on; while new ones
     * cannot be used, the last good ones are.
     *
     * @param ca certificates to trust (PEM) instead of the JDK's
     * @param identity this client's certificate and key
     * @param verifyHostname false accepts a certificate for any name of a trusted authority: for tests only
     * @param serverName sent as SNI and looked for in the broker's certificate instead of the URI's host
     * @param applicationProtocols offered with ALPN to an {@code mqtts://} broker; empty: no ALPN
     */
    public record Tls(
            Optional<Path> ca,
            Optional<Identity> identity,
            boolean verifyHostname,
            Optional<String> serverName,
            List<String> applicationProtocols) {

        public Tls {
            applicationProtocols = List.copyOf(applicationProtocols);
        }

        /** The JDK's certificate authorities, hostname verification, ALPN {@code mqtt}, no identity. */
        public static Tls defaults() {
            return new Tls(Optional.empty(), Optional.empty(), true, Optional.empty(), List.of("mqtt"));
        }

        public Tls withCa(Path changed) {
            return new Tls(Optional.of(changed), identity, verifyHostname, serverName, applicationProtocols);
        }

        public Tls withIdentity(Identity changed) {
            return new Tls(ca, Optional.of(changed), verifyHostname, serverName, applicationProtocols);
        }

        public Tls withVerifyHostname(boolean changed) {
            return new Tls(ca, identity, changed, serverName, applicationProtocols);
        }

        public Tls withServerName(String changed) {
            return new Tls(ca, identity, verifyHostname, Optional.of(changed), applicationProtocols);
        }

        public Tls withApplicationProtocols(List<String> changed) {
            return new Tls(ca, identity, verifyHostname, serverName, changed);
        }
    }

    /** The client's certificate with its key. */
    public sealed interface Identity {

        /**
         * PEM files.
         *
         * @param certificate first its own, then those in between
         * @param key PKCS #8 without a passphrase
         */
        record Pem(Path certificate, Path key) implements Identity {}

        /** A PKCS #12 file; the first key in it counts. */
        record Pkcs12(Path file, String password) implements Identity {

            /** Without the password. */
            @Override
            public String toString() {
                return "Pkcs12[" + file + "]";
            }
        }
    }

    /**
     * A proxy.
     *
     * @param uri {@code http://HOST[:3128]} (CONNECT) or {@code socks5://HOST[:1080]}
     */
    public record Proxy(URI uri, Optional<String> username, Optional<String> password) {

        public Proxy {
            boolean known = "http".equals(uri.getScheme()) || "socks5".equals(uri.getScheme());
            if (!known || uri.getHost() == null) {
                throw new IllegalArgumentException(
                        "proxy '" + uri + "' is neither http://HOST[:PORT] nor socks5://HOST[:PORT]");
            }
        }

        boolean socks() {
            return "socks5".equals(uri.getScheme());
        }

        String host() {
            return uri.getHost().replaceAll("[\\[\\]]", "");
        }

        int port() {
            return uri.getPort() >= 0 ? uri.getPort() : socks() ? 1080 : 3128;
        }

        /** Without the password. */
        @Override
        public String toString() {
            return host() + ":" + port();
        }
    }
}

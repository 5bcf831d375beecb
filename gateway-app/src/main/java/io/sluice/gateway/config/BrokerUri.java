package io.sluice.gateway.config;

import io.sluice.profiles.SettingType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Optional;

/** Addresses of brokers: a scheme, a host and perhaps a port, nothing else. */
final class BrokerUri {

    static final SettingType<URI> TYPE =
            SettingType.text("broker", "mqtt://HOST[:PORT] or mqtts://HOST[:PORT]", BrokerUri::parse);

    private BrokerUri() {}

    private static Optional<URI> parse(String text) {
        try {
            return Optional.of(new URI(text)).filter(BrokerUri::isBroker);
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean isBroker(URI uri) {
        boolean scheme = "mqtt".equals(uri.getScheme()) || "mqtts".equals(uri.getScheme());
        boolean bare = uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
        boolean noPath = uri.getPath() == null
                || uri.getPath().isEmpty()
                || uri.getPath().equals("/");
        return scheme && bare && noPath && uri.getHost() != null && uri.getPort() != 0 && uri.getPort() <= 65_535;
    }
}

package io.sluice.gateway.config;

import io.sluice.profiles.SettingType;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Optional;

/** Addresses of brokers and proxies: a scheme, a host and perhaps a port; of a WebSocket also a path. */
final class BrokerUri {

    static final SettingType<URI> TYPE = SettingType.text(
            "broker",
            "mqtt://HOST[:PORT], mqtts://HOST[:PORT], ws://HOST[:PORT][/PATH] or wss://HOST[:PORT][/PATH]",
            text -> parse(text).filter(BrokerUri::isBroker));

    static final SettingType<URI> PROXY = SettingType.text(
            "proxy",
            "http://HOST[:PORT] or socks5://HOST[:PORT]",
            text -> parse(text).filter(uri -> isBare(uri, List.of("http", "socks5"))));

    private static final List<String> WEB_SOCKET = List.of("ws", "wss");

    private BrokerUri() {}

    static boolean isEncrypted(URI broker) {
        return List.of("mqtts", "wss").contains(broker.getScheme());
    }

    private static Optional<URI> parse(String text) {
        try {
            return Optional.of(new URI(text));
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static boolean isBroker(URI uri) {
        return WEB_SOCKET.contains(uri.getScheme()) ? isHost(uri) : isBare(uri, List.of("mqtt", "mqtts"));
    }

    private static boolean isBare(URI uri, List<String> schemes) {
        boolean noPath = uri.getPath() == null
                || uri.getPath().isEmpty()
                || uri.getPath().equals("/");
        return schemes.contains(String.valueOf(uri.getScheme())) && uri.getQuery() == null && noPath && isHost(uri);
    }

    private static boolean isHost(URI uri) {
        return uri.getHost() != null
                && uri.getUserInfo() == null
                && uri.getFragment() == null
                && uri.getPort() != 0
                && uri.getPort() <= 65_535;
    }
}

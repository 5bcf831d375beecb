package io.sluice.gateway.config;

import io.sluice.profiles.SettingType;
import java.net.InetSocketAddress;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where to listen: {@code HOST:PORT}, {@code [IPV6]:PORT}, or a port alone, which is for this machine alone. */
final class ListenAddress {

    static final SettingType<InetSocketAddress> TYPE = SettingType.text(
            "address", "HOST:PORT such as 127.0.0.1:8080, or a port such as 8080", ListenAddress::parse);

    private static final Pattern FORM = Pattern.compile("(?:(\\[[0-9A-Fa-f:.]+]|[A-Za-z0-9._-]+)?:)?(\\d{1,5})");
    private static final String LOOPBACK = "127.0.0.1";

    private ListenAddress() {}

    private static Optional<InetSocketAddress> parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(matcher.group(2));
        String host = matcher.group(1) == null ? LOOPBACK : matcher.group(1).replaceAll("[\\[\\]]", "");
        return port == 0 || port > 65_535
                ? Optional.empty()
                : Optional.of(InetSocketAddress.createUnresolved(host, port));
    }
}

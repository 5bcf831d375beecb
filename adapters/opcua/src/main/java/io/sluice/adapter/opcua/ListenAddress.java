package io.sluice.adapter.opcua;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where the gateway listens for servers that connect to it. Nothing is resolved before {@link #resolve}.
 *
 * @param host a name or an address; of IPv6 without brackets
 * @param port 1 to 65535
 */
record ListenAddress(String host, int port) {

    private static final Pattern WRITTEN = Pattern.compile("(\\[([0-9A-Fa-f:.]+)]|([^:\\s\\[\\]]+)):(\\d{1,5})");

    ListenAddress {
        if (host.isEmpty() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException(host + " port " + port);
        }
    }

    /** {@code HOST:PORT} or {@code [IPV6]:PORT}. */
    static Optional<ListenAddress> parse(String text) {
        Matcher matcher = WRITTEN.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(matcher.group(4));
        String host = Optional.ofNullable(matcher.group(2)).orElse(matcher.group(3));
        return port < 1 || port > 65_535 ? Optional.empty() : Optional.of(new ListenAddress(host, port));
    }

    /**
     * Whether the gateway can listen at one of them only, as far as it can be known without looking up names. Where both are
     * written the same they are one, which several devices may share.
     */
    boolean overlaps(ListenAddress other) {
        return port == other.port
                && !equals(other)
                && (isEverywhere() || other.isEverywhere() || place().equals(other.place()));
    }

    private boolean isEverywhere() {
        return literal().map(InetAddress::isAnyLocalAddress).orElse(false);
    }

    private Object place() {
        return literal().<Object>map(address -> address).orElseGet(() -> host.toLowerCase(Locale.ROOT));
    }

    private Optional<InetAddress> literal() {
        try {
            return Optional.of(InetAddress.ofLiteral(host.equalsIgnoreCase("localhost") ? "127.0.0.1" : host));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    /** Blocks where a name has to be looked up. */
    InetSocketAddress resolve() {
        return new InetSocketAddress(host, port);
    }

    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }
}

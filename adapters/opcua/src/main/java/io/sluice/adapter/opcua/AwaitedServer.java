package io.sluice.adapter.opcua;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server that connects to the gateway, by what it says of itself in its ReverseHello. That proves nothing: who a server is
 * shows its certificate only.
 *
 * @param endpoint its EndpointUrl, {@code opc.tcp://host[:port][/path]}
 * @param serverUri its ServerUri, if that has to fit too
 */
record AwaitedServer(String device, String endpoint, Optional<String> serverUri) {

    private static final Pattern URL = Pattern.compile("opc\\.tcp://(\\[[^]]*]|[^/:]*)(?::(\\d+))?(/.*)?");
    private static final String DEFAULT_PORT = "4840";

    /** Of a device with reverse connect. */
    static AwaitedServer of(OpcUaPlan plan) {
        return new AwaitedServer(
                plan.device().id(),
                plan.connection().endpoint(),
                plan.connection().reverse().orElseThrow().serverUri());
    }

    /** Servers that do not know their own URL leave it out; then their ServerUri says it all. */
    boolean isMeantBy(ReverseHello hello) {
        boolean anonymous = hello.endpointUrl().isEmpty() && serverUri.isPresent();
        return serverUri.map(hello.serverUri()::equals).orElse(true)
                && (anonymous || normal(endpoint).equals(normal(hello.endpointUrl())));
    }

    /** A host is the same in upper case, and neither the default port nor a slash at the end says anything. */
    private static String normal(String url) {
        Matcher matcher = URL.matcher(url);
        if (!matcher.matches()) {
            return url;
        }
        String path = Optional.ofNullable(matcher.group(3)).orElse("");
        return matcher.group(1).toLowerCase(Locale.ROOT)
                + ":" + Optional.ofNullable(matcher.group(2)).orElse(DEFAULT_PORT)
                + (path.endsWith("/") ? path.substring(0, path.length() - 1) : path);
    }
}

package io.sluice.mqtt;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakeException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.NotSslRecordException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What people read when a connection fails: what happened, where, and what to do. */
final class FailureText {

    private FailureText() {}

    static String of(Throwable failure, BrokerAddress broker) {
        return certificate(failure, broker).orElseGet(() -> transport(failure, broker));
    }

    private static String transport(Throwable failure, BrokerAddress broker) {
        Throwable cause = failure.getCause() instanceof SSLException inner ? inner : failure;
        return switch (cause) {
            case UnknownHostException e ->
                "unknown host %s: check its name, and whether DNS is reachable".formatted(unknown(e, broker));
            case ProxyConnectException e -> "the proxy did not reach %s: %s".formatted(broker, described(e));
            case WebSocketClientHandshakeException e ->
                "%s does not speak MQTT over a WebSocket at %s (%s): check the path of the broker's URI"
                        .formatted(broker, broker.path(), described(e));
            case ClosedChannelException e -> "%s closed the connection during its handshake".formatted(broker);
            case ConnectTimeoutException e -> "no answer from %s to a TCP connection".formatted(broker);
            case NoRouteToHostException e -> "no route to %s: check the network".formatted(broker);
            case ConnectException e
            when contains(e, "refused") ->
                "connection refused by %s: is the broker running, and listening there?".formatted(broker);
            case NotSslRecordException e ->
                "%s does not speak TLS: use mqtt:// or the broker's TLS port".formatted(broker);
            case SslHandshakeTimeoutException e -> "TLS handshake with %s did not finish".formatted(broker);
            case SSLException e
            when contains(e, "fatal alert") ->
                "%s refused the TLS handshake (%s): check certificate and key of this client"
                        .formatted(broker, e.getMessage());
            case SSLException e -> "TLS with %s failed: %s".formatted(broker, e.getMessage());
            default -> "connection to %s failed: %s".formatted(broker, described(cause));
        };
    }

    private static Optional<String> certificate(Throwable failure, BrokerAddress broker) {
        if (cause(failure, CertificateExpiredException.class) != null) {
            return Optional.of("certificate of %s has expired, or this machine's clock is wrong".formatted(broker));
        }
        if (cause(failure, CertificateNotYetValidException.class) != null) {
            return Optional.of("certificate of %s is not valid yet: is this machine's clock right?".formatted(broker));
        }
        if (cause(failure, CertPathBuilderException.class) != null) {
            return Optional.of("certificate of %s is not trusted: give its CA certificate in tls.ca".formatted(broker));
        }
        CertificateException other = cause(failure, CertificateException.class);
        return Optional.ofNullable(other)
                .map(e -> "certificate of %s does not fit: %s".formatted(broker, e.getMessage()));
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> type) {
        for (Throwable e = failure; e != null; e = e.getCause()) {
            if (type.isInstance(e)) {
                return type.cast(e);
            }
        }
        return null;
    }

    private static boolean contains(Throwable e, String words) {
        return e.getMessage() != null && e.getMessage().contains(words);
    }

    /** A proxy's name may be the one that is not known. */
    private static String unknown(UnknownHostException e, BrokerAddress broker) {
        return e.getMessage() == null ? broker.host() : e.getMessage().split(": ", 2)[0];
    }

    private static String described(Throwable e) {
        return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
    }
}

package io.sluice.mqtt;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.sluice.mqtt.MqttOptions.Tls;
import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;

/**
 * TLS for one attempt. The files are read anew each time, so that a renewed certificate needs no restart. Errors carry no
 * cause, so that a bad file here is not taken for a bad certificate of the broker.
 */
final class TlsContexts {

    private TlsContexts() {}

    /** @throws SSLException if a file cannot be read or is no PEM; says which */
    static SslHandler handler(BrokerAddress broker, Optional<Tls> tls, ByteBufAllocator allocator) throws SSLException {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2");
        if (tls.isPresent()) {
            trust(builder, tls.get());
            identify(builder, tls.get());
        }
        SSLEngine engine = builder.build().newEngine(allocator, broker.host(), broker.port());
        SSLParameters parameters = engine.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        engine.setSSLParameters(parameters);
        return new SslHandler(engine);
    }

    private static void trust(SslContextBuilder builder, Tls tls) throws SSLException {
        if (tls.ca().isPresent()) {
            File file = readable(tls.ca().get(), "CA certificate");
            try {
                builder.trustManager(file);
            } catch (IllegalArgumentException e) {
                throw new SSLException("CA certificate " + file + " is no PEM certificate: " + e.getMessage());
            }
        }
    }

    private static void identify(SslContextBuilder builder, Tls tls) throws SSLException {
        if (tls.certificate().isEmpty() && tls.key().isEmpty()) {
            return;
        }
        File certificate = readable(
                tls.certificate().orElseThrow(() -> new SSLException("a key without a certificate")), "certificate");
        File key = readable(tls.key().orElseThrow(() -> new SSLException("a certificate without its key")), "key");
        try {
            builder.keyManager(certificate, key);
        } catch (IllegalArgumentException e) {
            throw new SSLException(
                    "certificate %s with key %s cannot be used: expected PEM, the key as PKCS#8 without a passphrase (openssl pkcs8 -topk8 -nocrypt): %s"
                            .formatted(certificate, key, e.getMessage()));
        }
    }

    private static File readable(Path path, String what) throws SSLException {
        File file = path.toFile();
        if (!file.canRead()) {
            throw new SSLException(what + " " + path + (file.exists() ? " cannot be read" : " does not exist"));
        }
        return file;
    }
}

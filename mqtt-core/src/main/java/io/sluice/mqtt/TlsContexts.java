package io.sluice.mqtt;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.sluice.mqtt.TransportOptions.Identity;
import io.sluice.mqtt.TransportOptions.Tls;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Trust and identity for TLS, kept as long as the files stay as they are. Reads files, so not to be asked on {@code mqtt-io};
 * thread-safe. Errors carry no cause, so that a bad file here is not taken for a bad certificate of the broker.
 */
final class TlsContexts {

    private static final Logger log = LoggerFactory.getLogger(TlsContexts.class);

    private final Tls tls;
    private final CertificateExpiry expiry;

    private List<ByteBuffer> files = List.of();
    private @Nullable SslContext context;
    private String lastProblem = "";

    TlsContexts(Tls tls, CertificateExpiry expiry) {
        this.tls = tls;
        this.expiry = expiry;
    }

    /**
     * Of the files as they are now; of the last good ones while new ones cannot be used, which is logged once.
     *
     * @throws SSLException if there are no good ones; says which file is bad, and why
     */
    synchronized SslContext current() throws SSLException {
        try {
            List<ByteBuffer> found = read();
            if (context == null || !found.equals(files)) {
                context = build(found);
                files = found;
                lastProblem = "";
            }
        } catch (SSLException e) {
            if (context == null) {
                throw e;
            }
            keepOld(String.valueOf(e.getMessage()));
        }
        expiry.check();
        return context;
    }

    private void keepOld(String problem) {
        if (!problem.equals(lastProblem)) {
            lastProblem = problem;
            log.warn("{}. Connections go on with what was read before", problem);
        }
    }

    private List<ByteBuffer> read() throws SSLException {
        List<ByteBuffer> found = new ArrayList<>();
        if (tls.ca().isPresent()) {
            found.add(read("CA certificate", tls.ca().get()));
        }
        switch (tls.identity().orElse(null)) {
            case Identity.Pem(Path certificate, Path key) -> {
                found.add(read("certificate", certificate));
                found.add(read("key", key));
            }
            case Identity.Pkcs12(Path file, String password) -> found.add(read("PKCS #12 file", file));
            case null -> {}
        }
        return found;
    }

    private static ByteBuffer read(String what, Path file) throws SSLException {
        try {
            return ByteBuffer.wrap(Files.readAllBytes(file));
        } catch (NoSuchFileException e) {
            throw new SSLException(what + " " + file + " does not exist");
        } catch (IOException e) {
            throw new SSLException(what + " " + file + " cannot be read: " + e.getMessage());
        }
    }

    private SslContext build(List<ByteBuffer> found) throws SSLException {
        SslContextBuilder builder =
                SslContextBuilder.forClient().sslProvider(SslProvider.JDK).protocols("TLSv1.3", "TLSv1.2");
        int next = 0;
        if (tls.ca().isPresent()) {
            Path file = tls.ca().get();
            List<X509Certificate> trusted = Identities.certificates(
                    "CA certificate", file, found.get(next++).array());
            builder.trustManager(trusted);
            expiry.watch("CA certificate " + file, trusted.getFirst());
        }
        switch (tls.identity().orElse(null)) {
            case Identity.Pem(Path certificate, Path key) ->
                identify(
                        builder,
                        Identities.pem(
                                certificate,
                                found.get(next).array(),
                                key,
                                found.get(next + 1).array()),
                        "certificate " + certificate);
            case Identity.Pkcs12(Path file, String password) ->
                identify(builder, Identities.pkcs12(file, found.get(next).array(), password), "certificate in " + file);
            case null -> {}
        }
        return builder.build();
    }

    private void identify(SslContextBuilder builder, Identities.Identity identity, String name) {
        builder.keyManager(identity.key(), identity.chain());
        expiry.watch(name, identity.chain().getFirst());
    }

    /** For one connection. The broker's certificate is watched once it is known. */
    SslHandler handler(SslContext of, BrokerAddress broker, ByteBufAllocator allocator) {
        String name = tls.serverName().orElse(broker.host());
        SSLEngine engine = of.newEngine(allocator, name, broker.port());
        SSLParameters parameters = engine.getSSLParameters();
        if (tls.verifyHostname()) {
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
        }
        if (isDnsName(name)) {
            parameters.setServerNames(List.of(new SNIHostName(name)));
        }
        if (!broker.webSocket()) {
            parameters.setApplicationProtocols(tls.applicationProtocols().toArray(String[]::new));
        }
        engine.setSSLParameters(parameters);
        SslHandler handler = new SslHandler(engine);
        // The attempt has a time limit of its own.
        handler.setHandshakeTimeout(0, TimeUnit.MILLISECONDS);
        handler.handshakeFuture().addListener(handshake -> {
            if (handshake.isSuccess()) {
                watch(engine, broker);
            }
        });
        return handler;
    }

    private void watch(SSLEngine engine, BrokerAddress broker) {
        try {
            Certificate[] chain = engine.getSession().getPeerCertificates();
            if (chain.length > 0 && chain[0] instanceof X509Certificate leaf) {
                expiry.watch("certificate of " + broker, leaf);
            }
        } catch (SSLPeerUnverifiedException e) {
            log.debug("{} showed no certificate", broker, e);
        }
    }

    /** An IP address must not be sent as SNI (RFC 6066 §3). */
    private static boolean isDnsName(String name) {
        return !name.contains(":") && !name.matches("[0-9.]+");
    }
}

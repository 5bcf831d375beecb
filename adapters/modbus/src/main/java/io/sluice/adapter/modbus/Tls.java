package io.sluice.adapter.modbus;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Opens sockets for Modbus/TCP Security (MODBUS/TCP Security Protocol Specification v21): TLS 1.2 or newer, both sides with a
 * certificate. The files are read at every connection, so that renewed ones are used without a restart.
 *
 * @param ca PEM file of who signed the server's certificate; the machine's own list without it
 * @param identity our certificate and its key; a server of the specification asks for them
 * @param verifyName whether the certificate has to name the host
 */
record Tls(Optional<Path> ca, Optional<Identity> identity, boolean verifyName) implements Dialer {

    /**
     * @param certificate PEM file, ours first, then those that lead to its issuer
     * @param key PEM file, PKCS #8 without password
     */
    record Identity(Path certificate, Path key) {}

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN PRIVATE KEY-----(.*?)-----END PRIVATE KEY-----", Pattern.DOTALL);
    private static final List<String> ALGORITHMS = List.of("EC", "RSA", "Ed25519");
    private static final char[] NO_PASSWORD = {};

    @Override
    public Socket dial(InetSocketAddress server, int timeoutMillis) throws IOException {
        SSLContext context = context();
        Socket plain = Dialer.PLAIN.dial(server, timeoutMillis);
        try {
            SSLSocket socket = (SSLSocket)
                    context.getSocketFactory().createSocket(plain, server.getHostString(), server.getPort(), true);
            SSLParameters parameters = socket.getSSLParameters();
            parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
            if (verifyName) {
                parameters.setEndpointIdentificationAlgorithm("HTTPS");
            }
            socket.setSSLParameters(parameters);
            socket.setSoTimeout(timeoutMillis);
            socket.startHandshake();
            return socket;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    private SSLContext context() throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(keys(), trust(), null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IOException("its certificates cannot be used: " + e.getMessage(), e);
        }
    }

    private TrustManager @Nullable [] trust() throws GeneralSecurityException, IOException {
        if (ca.isEmpty()) {
            return null;
        }
        KeyStore store = empty();
        int count = 0;
        for (Certificate certificate : certificates(ca.get())) {
            store.setCertificateEntry("ca" + count++, certificate);
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
        if (identity.isEmpty()) {
            return null;
        }
        KeyStore store = empty();
        Certificate[] chain = certificates(identity.get().certificate()).toArray(Certificate[]::new);
        store.setKeyEntry("us", key(identity.get().key()), NO_PASSWORD, chain);
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, NO_PASSWORD);
        return store;
    }

    private static Collection<? extends Certificate> certificates(Path file)
            throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return CertificateFactory.getInstance("X.509").generateCertificates(in);
        }
    }

    private static PrivateKey key(Path file) throws GeneralSecurityException, IOException {
        Matcher pem = KEY.matcher(Files.readString(file));
        if (!pem.find()) {
            throw new IOException(
                    file + " holds no PKCS #8 key without password, expected -----BEGIN PRIVATE KEY-----");
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(pem.group(1)));
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException _) {
                // Of another algorithm: the next one is tried.
            }
        }
        throw new IOException(file + " holds a key that is none of " + ALGORITHMS);
    }
}

package io.sluice.mqtt;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.security.KeyStore;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** The JDK's TLS as a broker that accepts every CONNECT, to see what a handshake agreed on. */
final class TlsEnd implements AutoCloseable {

    private final SSLServerSocket server;
    private final List<String> handshakes = new CopyOnWriteArrayList<>();

    TlsEnd(Certificates certificates, String version) throws Exception {
        certificates.pack("server", "secret");
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(certificates.file("server.p12"))) {
            store.load(in, "secret".toCharArray());
        }
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, "secret".toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        server = (SSLServerSocket)
                context.getServerSocketFactory().createServerSocket(0, 50, InetAddress.getByName("localhost"));
        SSLParameters parameters = server.getSSLParameters();
        parameters.setProtocols(new String[] {version});
        parameters.setApplicationProtocols(new String[] {"mqtt"});
        server.setSSLParameters(parameters);
        Thread.ofVirtual().start(this::acceptForEver);
    }

    URI uri() {
        return URI.create("mqtts://localhost:" + server.getLocalPort());
    }

    /** {@code VERSION sni=[NAME] alpn=PROTOCOL} of each. */
    List<String> handshakes() {
        return handshakes;
    }

    private void acceptForEver() {
        while (!server.isClosed()) {
            try {
                serve((SSLSocket) server.accept());
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SSLSocket socket) throws IOException {
        socket.startHandshake();
        ExtendedSSLSession session = (ExtendedSSLSession) socket.getSession();
        List<String> names = session.getRequestedServerNames().stream()
                .map(name -> ((SNIHostName) name).getAsciiName())
                .toList();
        handshakes.add("%s sni=%s alpn=%s".formatted(session.getProtocol(), names, socket.getApplicationProtocol()));
        socket.getOutputStream().write(new byte[] {0x20, 3, 0, 0, 0});
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}

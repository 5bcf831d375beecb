package io.sluice.mqtt;

import com.hivemq.embedded.EmbeddedHiveMQ;
import java.io.FileInputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/** HiveMQ's community edition inside this process. It announces a Receive Maximum of 10. */
final class HiveMq implements PeerBroker {

    private static final String PASSWORD = "secret";

    private final Map<Way, Integer> ports = PeerBroker.freePorts();
    private final EmbeddedHiveMQ broker;

    /** @param certificates with {@code server} and its authority */
    HiveMq(Path directory, Certificates certificates) throws Exception {
        Path configuration = Files.createDirectories(directory.resolve("conf"));
        certificates.pack("server", PASSWORD);
        Path trust = directory.resolve("trust.p12");
        writeTrust(certificates.file("ca.pem"), trust);
        Files.writeString(configuration.resolve("config.xml"), configuration(certificates.file("server.p12"), trust));
        // It takes the logging of the whole process over.
        Files.writeString(
                configuration.resolve("logback.xml"), Files.readString(Path.of("src/test/resources/logback-test.xml")));
        broker = EmbeddedHiveMQ.builder()
                .withConfigurationFolder(configuration)
                .withDataFolder(Files.createDirectories(directory.resolve("data")))
                .withExtensionsFolder(Files.createDirectories(directory.resolve("extensions")))
                .build();
        broker.start().get(60, TimeUnit.SECONDS);
    }

    private static void writeTrust(Path ca, Path file) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        try (InputStream in = new FileInputStream(ca.toFile())) {
            store.setCertificateEntry(
                    "ca", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
    }

    private String configuration(Path identity, Path trust) {
        String tls = """
                <tls>
                  <keystore><path>%s</path><password>%s</password><private-key-password>%s</private-key-password></keystore>
                  <truststore><path>%s</path><password>%s</password></truststore>
                  <client-authentication-mode>REQUIRED</client-authentication-mode>
                </tls>
                """.formatted(identity, PASSWORD, PASSWORD, trust, PASSWORD);
        String web = "<path>/mqtt</path><subprotocols><subprotocol>mqtt</subprotocol></subprotocols>";
        return """
                <hivemq>
                  <listeners>
                    %s%s%s%s
                  </listeners>
                  <persistence><mode>in-memory</mode></persistence>
                  <anonymous-usage-statistics><enabled>false</enabled></anonymous-usage-statistics>
                </hivemq>
                """.formatted(
                        listener("tcp-listener", Way.TCP, ""),
                        listener("tls-tcp-listener", Way.MUTUAL_TLS, tls),
                        listener("websocket-listener", Way.WEBSOCKET, web),
                        listener("tls-websocket-listener", Way.SECURE_WEBSOCKET, web + tls));
    }

    private String listener(String element, Way way, String more) {
        return "<%s><port>%d</port><bind-address>127.0.0.1</bind-address>%s</%s>\n"
                .formatted(element, port(way), more, element);
    }

    @Override
    public int port(Way way) {
        return Objects.requireNonNull(ports.get(way));
    }

    @Override
    public void close() throws Exception {
        broker.close();
    }
}

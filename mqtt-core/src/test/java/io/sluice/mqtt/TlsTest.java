package io.sluice.mqtt;

import static io.sluice.mqtt.Recording.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.TransportOptions.Identity.Pem;
import io.sluice.mqtt.TransportOptions.Identity.Pkcs12;
import io.sluice.mqtt.TransportOptions.Tls;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** TLS against a mosquitto that asks for client certificates, and against the JDK's own TLS. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {

    @TempDir
    static Path directory;

    private final List<MqttClient> clients = new CopyOnWriteArrayList<>();
    private Certificates certificates;
    private Mosquitto broker;

    @BeforeAll
    void startBroker() throws Exception {
        certificates = Certificates.in(directory);
        certificates.issue("client", "DNS:client");
        certificates.pack("client", "secret");
        broker = Mosquitto.start(
                directory.resolve("broker"),
                "cafile " + file("ca.pem"),
                "certfile " + file("server.pem"),
                "keyfile " + file("server.key"),
                "require_certificate true",
                "allow_anonymous true");
    }

    private Path file(String name) {
        return certificates.file(name);
    }

    @AfterEach
    void closeClients() {
        clients.forEach(MqttClient::close);
    }

    @AfterAll
    void stopBroker() throws InterruptedException {
        if (broker != null) {
            broker.close();
        }
    }

    @Test
    void mutualTlsCarriesMessages() {
        assertCarriesMessages(tls("client"));
    }

    @Test
    void aPkcs12FileIsAnIdentityToo() {
        assertCarriesMessages(trusting("ca.pem").withIdentity(new Pkcs12(file("client.p12"), "secret")));
    }

    private void assertCarriesMessages(Tls tls) {
        MqttClient client = start("localhost", tls, new Recording());
        List<Outcome> outcomes = new CopyOnWriteArrayList<>();

        client.publish(message("t", "hello"), outcomes::add);

        await().until(() -> outcomes.size() == 1);
        assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void aWrongPasswordOfAPkcs12FileIsNamed() {
        assertThat(failure("localhost", trusting("ca.pem").withIdentity(new Pkcs12(file("client.p12"), "wrong"))))
                .contains("PKCS #12 file " + file("client.p12") + " cannot be used: ");
    }

    @Test
    void aBrokersCertificateOfAnotherAuthorityIsNotTrusted() {
        assertThat(failure("localhost", Tls.defaults()))
                .isEqualTo("certificate of localhost:%d is not trusted: give its CA certificate in tls.ca"
                        .formatted(broker.port()));
    }

    @Test
    void aCertificateForAnotherHostIsRefused() {
        assertThat(failure("127.0.0.1", tls("client")))
                .startsWith("certificate of 127.0.0.1:%d does not fit: ".formatted(broker.port()));
    }

    @Test
    void aCertificateForAnotherHostIsAcceptedOnlyWhereThatWasAskedFor() {
        Recording events = new Recording();

        start("127.0.0.1", tls("client").withVerifyHostname(false), events);

        await().until(() -> events.connected.size() == 1);
    }

    @Test
    void theServerNameIsWhatTheCertificateMustBeFor() {
        Recording events = new Recording();

        start("127.0.0.1", tls("client").withServerName("localhost"), events);

        await().until(() -> events.connected.size() == 1);
    }

    @Test
    void aMissingClientCertificateIsNamed() {
        assertThat(failure("localhost", trusting("ca.pem")))
                .contains("refused the TLS handshake")
                .contains("check certificate and key of this client");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(failure("localhost", trusting("nowhere.pem")))
                .contains("CA certificate " + file("nowhere.pem") + " does not exist");
    }

    @Test
    void aFileThatIsNoCertificateIsNamed() throws IOException {
        Files.writeString(file("text.pem"), "no certificate");

        assertThat(failure("localhost", trusting("text.pem"))).contains("text.pem is no PEM certificate");
    }

    @Test
    void aKeyOfAnotherCertificateIsNamed() {
        assertThat(failure("localhost", trusting("ca.pem").withIdentity(new Pem(file("client.pem"), file("ca.key")))))
                .contains("key %s does not belong to certificate %s".formatted(file("ca.key"), file("client.pem")));
    }

    @Test
    void aRenewedCertificateNeedsNoRestart() throws IOException {
        Recording events = new Recording();
        start("localhost", trusting("late.pem").withIdentity(new Pem(file("client.pem"), file("client.key"))), events);
        await().until(() -> !events.disconnected.isEmpty());

        Files.copy(file("ca.pem"), file("late.pem"));

        await().until(() -> events.connected.size() == 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"TLSv1.2", "TLSv1.3"})
    void offersSniAndAlpnInBothVersionsOfTls(String version) throws Exception {
        try (TlsEnd end = new TlsEnd(certificates, version)) {
            Recording events = new Recording();

            MqttClient client = new MqttClient(options(end.uri(), trusting("ca.pem")), events);
            clients.add(client);
            client.start();

            await().until(() -> events.connected.size() == 1);
            assertThat(end.handshakes()).containsExactly(version + " sni=[localhost] alpn=mqtt");
        }
    }

    private Tls trusting(String ca) {
        return Tls.defaults().withCa(file(ca));
    }

    private Tls tls(String name) {
        return trusting("ca.pem").withIdentity(new Pem(file(name + ".pem"), file(name + ".key")));
    }

    private String failure(String host, Tls tls) {
        Recording events = new Recording();
        start(host, tls, events);
        await().until(() -> !events.disconnected.isEmpty());
        return events.reasons().getFirst();
    }

    private static MqttOptions options(URI broker, Tls tls) {
        return MqttOptions.defaults(List.of(broker), "plant-7").with(o -> {
            o.transport = TransportOptions.defaults().withTls(tls);
            o.backoffMin = Duration.ofMillis(10);
            o.backoffMax = Duration.ofMillis(200);
        });
    }

    private MqttClient start(String host, Tls tls, Recording events) {
        MqttClient client = new MqttClient(options(broker.tlsUri(host), tls), events);
        clients.add(client);
        client.start();
        return client;
    }
}

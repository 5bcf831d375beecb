package io.sluice.mqtt;

import static io.sluice.mqtt.Recording.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.MqttOptions.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** TLS against a mosquitto that asks for client certificates, with a certificate authority made for the occasion. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {

    @TempDir
    static Path directory;

    private final List<MqttClient> clients = new CopyOnWriteArrayList<>();
    private Mosquitto broker;

    @BeforeAll
    void issueCertificates() throws Exception {
        openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-ca -keyout ca.key -out ca.pem");
        issue("server", "subjectAltName=DNS:localhost");
        issue("client", "subjectAltName=DNS:client");
        broker = Mosquitto.start(
                directory.resolve("broker"),
                "cafile " + directory.resolve("ca.pem"),
                "certfile " + directory.resolve("server.pem"),
                "keyfile " + directory.resolve("server.key"),
                "require_certificate true",
                "allow_anonymous true");
    }

    private void issue(String name, String extension) throws Exception {
        Files.writeString(directory.resolve(name + ".ext"), extension);
        openssl("req -newkey rsa:2048 -nodes -subj /CN=%s -keyout %s.key -out %s.csr".formatted(name, name, name));
        openssl("x509 -req -in %s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile %s.ext -out %s.pem"
                .formatted(name, name, name));
    }

    private void openssl(String arguments) throws Exception {
        try {
            Process process = new ProcessBuilder(("openssl " + arguments).split(" "))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(directory.resolve("openssl.log").toFile())
                    .start();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(arguments).isZero();
        } catch (IOException e) {
            Assumptions.abort("needs openssl: apt-get install openssl");
        }
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
        Recording events = new Recording();
        MqttClient client = start("localhost", tls("ca.pem", "client"), events);
        List<Outcome> outcomes = new CopyOnWriteArrayList<>();

        client.publish(message("t", "hello"), outcomes::add);

        await().until(() -> outcomes.size() == 1);
        assertThat(outcomes.getFirst()).isInstanceOf(Outcome.Acknowledged.class);
    }

    @Test
    void aBrokersCertificateOfAnotherAuthorityIsNotTrusted() {
        assertThat(failure("localhost", new Tls(Optional.empty(), Optional.empty(), Optional.empty())))
                .isEqualTo("certificate of localhost:%d is not trusted: give its CA certificate in tls.ca"
                        .formatted(broker.port()));
    }

    @Test
    void aCertificateForAnotherHostIsRefused() {
        assertThat(failure("127.0.0.1", tls("ca.pem", "client")))
                .startsWith("certificate of 127.0.0.1:%d does not fit: ".formatted(broker.port()));
    }

    @Test
    void aMissingClientCertificateIsNamed() {
        assertThat(failure(
                        "localhost",
                        new Tls(Optional.of(directory.resolve("ca.pem")), Optional.empty(), Optional.empty())))
                .contains("refused the TLS handshake")
                .contains("check certificate and key of this client");
    }

    @Test
    void aFileThatIsNotThereIsNamed() {
        assertThat(failure("localhost", tls("nowhere.pem", "client")))
                .contains("CA certificate " + directory.resolve("nowhere.pem") + " does not exist");
    }

    @Test
    void aFileThatIsNoCertificateIsNamed() throws IOException {
        Files.writeString(directory.resolve("text.pem"), "no certificate");

        assertThat(failure("localhost", tls("text.pem", "client"))).contains("text.pem is no PEM certificate");
    }

    @Test
    void aRenewedCertificateNeedsNoRestart() throws IOException {
        Recording events = new Recording();
        start("localhost", tls("late.pem", "client"), events);
        await().until(() -> !events.disconnected.isEmpty());

        Files.copy(directory.resolve("ca.pem"), directory.resolve("late.pem"));

        await().until(() -> events.connected.size() == 1);
    }

    private Tls tls(String ca, String name) {
        return new Tls(
                Optional.of(directory.resolve(ca)),
                Optional.of(directory.resolve(name + ".pem")),
                Optional.of(directory.resolve(name + ".key")));
    }

    private String failure(String host, Tls tls) {
        Recording events = new Recording();
        start(host, tls, events);
        await().until(() -> !events.disconnected.isEmpty());
        return events.reasons().getFirst();
    }

    private MqttClient start(String host, Tls tls, Recording events) {
        MqttClient client = new MqttClient(
                MqttOptions.defaults(List.of(broker.tlsUri(host)), "plant-7").with(o -> {
                    o.tls = Optional.of(tls);
                    o.backoffMin = Duration.ofMillis(10);
                    o.backoffMax = Duration.ofMillis(200);
                }),
                events);
        clients.add(client);
        client.start();
        return client;
    }
}

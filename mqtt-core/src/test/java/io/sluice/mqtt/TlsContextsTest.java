package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.netty.handler.ssl.SslContext;
import io.sluice.mqtt.TransportOptions.Identity.Pem;
import io.sluice.mqtt.TransportOptions.Tls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Which files count when, and who is warned of what. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsContextsTest {

    @TempDir
    static Path directory;

    private final List<String> warnings = new ArrayList<>();
    private Instant now = Instant.now();
    private final CertificateExpiry expiry = new CertificateExpiry(() -> now, warnings::add);
    private Certificates certificates;
    private TlsContexts contexts;

    @BeforeAll
    void issue() throws Exception {
        certificates = Certificates.in(directory);
        certificates.issue("old", "DNS:client");
        certificates.issue("new", "DNS:client");
    }

    @BeforeEach
    void lay() throws Exception {
        lay("old.pem", "client.pem");
        lay("old.key", "client.key");
        now = Instant.now();
        warnings.clear();
        Pem identity = new Pem(certificates.file("client.pem"), certificates.file("client.key"));
        contexts = new TlsContexts(
                Tls.defaults().withCa(certificates.file("ca.pem")).withIdentity(identity), expiry);
    }

    private void lay(String from, String to) throws Exception {
        Files.copy(certificates.file(from), certificates.file(to), StandardCopyOption.REPLACE_EXISTING);
    }

    @Test
    void nothingIsReadAnewWhileTheFilesStayAsTheyAre() throws Exception {
        assertThat(contexts.current()).isSameAs(contexts.current());
    }

    @Test
    void renewedFilesCountFromTheNextConnectionOn() throws Exception {
        SslContext before = contexts.current();

        lay("new.pem", "client.pem");
        lay("new.key", "client.key");

        assertThat(contexts.current()).isNotSameAs(before);
    }

    @Test
    void aBrokenNewFileKeepsTheOldOneAndIsLoggedOnce() throws Exception {
        SslContext before = contexts.current();
        ListAppender<ILoggingEvent> log = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(TlsContexts.class);
        log.start();
        logger.addAppender(log);
        try {
            Files.writeString(certificates.file("client.pem"), "half a certificate");

            assertThat(contexts.current()).isSameAs(before);
            assertThat(contexts.current()).isSameAs(before);
        } finally {
            logger.detachAppender(log);
        }
        assertThat(log.list)
                .singleElement()
                .asString()
                .contains("client.pem is no PEM certificate")
                .contains("go on with what was read before");
    }

    @Test
    void aNewCertificateWhoseKeyHasNotComeYetKeepsTheOldPair() throws Exception {
        SslContext before = contexts.current();

        lay("new.pem", "client.pem");
        assertThat(contexts.current()).isSameAs(before);

        lay("new.key", "client.key");
        assertThat(contexts.current()).isNotSameAs(before);
    }

    @Test
    void aBrokenFileWithoutAnOldOneIsAnError() throws Exception {
        Files.writeString(certificates.file("client.key"), "no key");

        assertThatThrownBy(contexts::current)
                .isInstanceOf(SSLException.class)
                .hasMessageContaining("client.key cannot be used: expected PEM, PKCS#8 without a passphrase");
    }

    @Test
    void aCertificateThatExpiresIsToldAt30And7DaysAndWhenItIsOver() throws Exception {
        contexts.current();
        assertThat(warnings).isEmpty();

        passDays(31);
        passDays(1);
        assertThat(warnings)
                .singleElement()
                .asString()
                .startsWith("certificate " + certificates.file("client.pem") + " expires in 2");

        passDays(25);
        passDays(1);
        assertThat(warnings).hasSize(2).last().asString().contains("expires in 2 days");

        passDays(5);
        assertThat(warnings).hasSize(3).last().asString().contains("client.pem has expired at ");
    }

    private void passDays(int days) {
        now = now.plus(Duration.ofDays(days));
        expiry.check();
    }
}

package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ExpiryTest {

    @TempDir
    static Path directory;

    /** Valid for 365 days. */
    private static X509Certificate certificate;

    private final List<String> said = new ArrayList<>();
    private Instant now = Instant.EPOCH;
    private final Expiry expiry = new Expiry(() -> TimeUnit.SECONDS.toNanos(now.getEpochSecond()), said::add);

    @BeforeAll
    static void makeCertificate() throws Exception {
        certificate = UserCertificate.load(
                        UserFiles.make(directory.resolve("user")).identity())
                .certificate();
    }

    private static Instant end() {
        return certificate.getNotAfter().toInstant();
    }

    private void until(Duration left) {
        now = end().minus(left);
        expiry.check();
        expiry.check();
    }

    @Test
    void warnsOnceAThirtyAndSevenDaysAheadAndWhenTheTimeIsOver() {
        expiry.watch("press-2", "the certificate", certificate, "renew it");
        until(Duration.ofDays(31));
        assertThat(said).isEmpty();
        assertThat(expiry.warnings("press-2")).isEmpty();
        until(Duration.ofDays(30).minusSeconds(1));
        until(Duration.ofDays(20));
        String first = "the certificate expires in 29 days, at " + end() + ": renew it";
        assertThat(said).containsExactly(first);
        until(Duration.ofDays(7));
        until(Duration.ofDays(1));
        String second = "the certificate expires in 7 days, at " + end() + ": renew it";
        assertThat(said).containsExactly(first, second);
        assertThat(expiry.expired("press-2")).isEmpty();
        until(Duration.ofSeconds(-1));
        until(Duration.ofDays(-100));
        String third = "the certificate has expired at " + end() + ": renew it";
        assertThat(said).containsExactly(first, second, third);
        assertThat(expiry.warnings("press-2")).containsExactly(third);
        assertThat(expiry.expired("press-2")).containsExactly(third);
    }

    @Test
    void saysWhatSeveralDevicesNeedOnceAndTellsEachOfItsOwn() {
        now = end().minus(Duration.ofDays(10));
        expiry.watch("press-2", "the gateway's own certificate", certificate, "renew it");
        expiry.watch("press-3", "the gateway's own certificate", certificate, "renew it");
        expiry.watch("press-3", "the certificate of the server", certificate, "renew it");
        assertThat(said).hasSize(2);
        assertThat(expiry.warnings("press-2")).hasSize(1);
        assertThat(expiry.warnings("press-3")).hasSize(2);
        assertThat(expiry.warnings("press-4")).isEmpty();
    }

    @Test
    void forgetsACertificateThatHasBeenReplaced() throws Exception {
        now = end().minus(Duration.ofDays(10));
        expiry.watch("press-2", "the user's certificate", certificate, "renew it");
        X509Certificate later = UserCertificate.load(
                        UserFiles.make(directory.resolve("later"), "-newkey", "rsa:2048", "-days", "730")
                                .identity())
                .certificate();
        expiry.watch("press-2", "the user's certificate", later, "renew it");
        assertThat(said).hasSize(1);
        assertThat(expiry.warnings("press-2")).isEmpty();
    }

    @Test
    void saysOnWhichSideOfItsTimeACertificateIs() {
        now = end().minusSeconds(1);
        assertThat(expiry.outside(certificate)).isEmpty();
        now = end().plusSeconds(1);
        assertThat(expiry.outside(certificate)).isEqualTo("has expired at " + end());
        now = Instant.EPOCH.plusSeconds(3600);
        assertThat(expiry.outside(certificate))
                .isEqualTo("is valid from " + certificate.getNotBefore().toInstant()
                        + " on only, or this machine's clock is wrong");
    }
}

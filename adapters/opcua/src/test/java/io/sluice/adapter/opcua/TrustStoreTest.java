package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrustStoreTest {

    @TempDir
    Path state;

    private Certificates certificates;
    private TrustStore store;

    @BeforeEach
    void openStore() {
        certificates = Certificates.ofGateway(state, "a gateway.yaml");
        store = new TrustStore(state);
    }

    private StoredCertificate reject(String name) throws Exception {
        X509Certificate certificate = UserCertificate.load(
                        UserFiles.make(state.resolve(name)).identity())
                .certificate();
        return certificates.reject(certificate);
    }

    @Test
    void isEmptyBeforeAnythingHappened() throws Exception {
        assertThat(store.own()).isEmpty();
        assertThat(store.rejected()).isEmpty();
        assertThat(store.trusted()).isEmpty();
    }

    @Test
    void trustsTheOneThatTheThumbprintBeginsWith() throws Exception {
        StoredCertificate rejected = reject("server");
        StoredCertificate other = reject("other");
        assertThat(store.rejected()).containsExactlyInAnyOrder(rejected, other);
        String written = rejected.sha256().toUpperCase(java.util.Locale.ROOT).substring(0, 8);
        StoredCertificate trusted =
                store.trust(Pattern.compile("..(?!$)").matcher(written).replaceAll("$0:"));
        assertThat(trusted.certificate()).isEqualTo(rejected.certificate());
        assertThat(store.trusted()).containsExactly(trusted);
        assertThat(store.rejected()).containsExactly(other);
        assertThat(certificates.trustList().getTrustedCertificates()).containsExactly(rejected.certificate());
    }

    @Test
    void keepsTheLatestOfThoseThatWereRejectedAndNoMore() throws Exception {
        reject("first");
        Path folder = state.resolve("opcua").resolve("rejected");
        for (int i = 0; i < Certificates.MOST_REJECTED + 5; i++) {
            Path older = Files.write(folder.resolve("older-%03d.der".formatted(i)), new byte[] {1});
            Files.setLastModifiedTime(older, FileTime.fromMillis(1_000L * i));
        }
        StoredCertificate latest = reject("latest");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files)
                    .hasSize(Certificates.MOST_REJECTED)
                    .contains(latest.file(), folder.resolve("older-007.der"))
                    .doesNotContain(folder.resolve("older-006.der"));
        }
    }

    @Test
    void theCommandOfTheErrorTrustsIt() throws Exception {
        StoredCertificate rejected = reject("server");
        String command = certificates.trust(rejected);
        assertThat(command).startsWith("sluice trust 'a gateway.yaml' ");
        store.trust(command.substring(command.lastIndexOf(' ') + 1));
        assertThat(store.trusted()).hasSize(1);
    }

    @Test
    void saysWhyItTrustsNone() throws Exception {
        StoredCertificate rejected = reject("server");
        assertThatThrownBy(() -> store.trust("12345"))
                .isInstanceOf(TrustStore.Refused.class)
                .hasMessage("'12345' is no thumbprint, expected at least its first six hexadecimal digits");
        assertThatThrownBy(() -> store.trust("press-2")).isInstanceOf(TrustStore.Refused.class);
        String another = "000000" + rejected.sha1();
        assertThatThrownBy(() -> store.trust(another))
                .hasMessageStartingWith("no certificate with thumbprint '" + another + "' was rejected");
        store.trust(rejected.sha1());
        assertThatThrownBy(() -> store.trust(rejected.sha1()))
                .hasMessage("the certificate '" + rejected.sha1() + "' is trusted already");
    }

    @Test
    void wantsMoreDigitsWhereSeveralBeginSo() throws Exception {
        StoredCertificate rejected = reject("server");
        Files.copy(rejected.file(), rejected.file().resolveSibling("copy.der"));
        assertThatThrownBy(() -> store.trust(rejected.sha1()))
                .isInstanceOf(TrustStore.Refused.class)
                .hasMessageContaining("is not enough");
    }

    @Test
    void aServerThatIsRejectedAgainLeavesItsFileAlone() throws Exception {
        StoredCertificate rejected = reject("server");
        FileTime written = Files.getLastModifiedTime(rejected.file());
        Object file = Files.getAttribute(rejected.file(), "unix:ino");
        assertThat(certificates.reject(rejected.certificate())).isEqualTo(rejected);
        assertThat(Files.getLastModifiedTime(rejected.file())).isEqualTo(written);
        assertThat(Files.getAttribute(rejected.file(), "unix:ino")).isEqualTo(file);
    }

    @Test
    void whatIsTrustedIsNotRejectedToo() throws Exception {
        StoredCertificate rejected = reject("server");
        store.trust(rejected.sha1());
        certificates.reject(rejected.certificate());
        assertThat(store.rejected()).isEmpty();
        assertThat(store.trusted()).hasSize(1);
    }

    @Test
    void readsWhatPeopleCompare() throws Exception {
        certificates.own();
        StoredCertificate own = store.own().orElseThrow();
        assertThat(own.subject()).contains("CN=Sluice@");
        assertThat(own.applicationUri()).startsWith("urn:").endsWith(":sluice");
        assertThat(own.sha1()).matches("[0-9a-f]{40}");
        assertThat(own.sha256()).matches("[0-9a-f]{64}");
        assertThat(own.from()).isBefore(own.until());
    }

    @Test
    void renewsTheGatewaysOwnAndKeepsTheOneBefore() throws Exception {
        Certificates.Own before = certificates.own();
        StoredCertificate renewed = store.renew();
        Certificates.Own after = certificates.own();
        assertThat(after.certificate()).isEqualTo(renewed.certificate()).isNotEqualTo(before.certificate());
        assertThat(after.keys().getPublic()).isNotEqualTo(before.keys().getPublic());
        assertThat(after.applicationUri()).isEqualTo(before.applicationUri());
        Path own = state.resolve("opcua/own");
        assertThat(Files.readAllBytes(own.resolve("previous-certificate.der")))
                .isEqualTo(before.certificate().getEncoded());
        for (String key : new String[] {"private-key.der", "previous-private-key.der"}) {
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(own.resolve(key))))
                    .isEqualTo("rw-------");
        }
        assertThat(own.resolve("new-certificate.der")).doesNotExist();
    }

    @Test
    void aKeyThatBelongsToAnotherCertificateIsNoOwn() throws Exception {
        certificates.own();
        byte[] first = Files.readAllBytes(state.resolve("opcua/own/private-key.der"));
        store.renew();
        Files.write(state.resolve("opcua/own/private-key.der"), first);
        assertThatThrownBy(() -> certificates.own())
                .isInstanceOf(LinkFailure.class)
                .hasMessageContaining("does not belong to it");
    }
}

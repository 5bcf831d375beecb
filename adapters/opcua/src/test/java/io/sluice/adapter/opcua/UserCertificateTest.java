package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserCertificateTest {

    @TempDir
    static Path directory;

    private static UserFiles user;

    @BeforeAll
    static void makeFiles() throws Exception {
        user = UserFiles.make(directory.resolve("user"));
    }

    private static UserCertificate.Unusable refusal(Path certificate, Path key, Optional<String> password) {
        return catchThrowableOfType(
                UserCertificate.Unusable.class,
                () -> UserCertificate.load(new Identity.Certificate(certificate, key, password)));
    }

    @Test
    void readsPemAndDer() throws Exception {
        UserCertificate pem = UserCertificate.load(user.identity());
        UserCertificate der = UserCertificate.load(
                new Identity.Certificate(user.certificateAsDer(), user.keyAsDer(), Optional.empty()));
        assertThat(pem.certificate().getSubjectX500Principal()).isEqualTo(MiloUsers.SUBJECT);
        assertThat(der.certificate()).isEqualTo(pem.certificate());
        assertThat(der.key()).isEqualTo(pem.key());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"-v2 aes-256-cbc", "-v2 aes-128-cbc -v2prf hmacWithSHA512", "-v1 PBE-SHA1-3DES", "-outform DER"})
    void readsKeysThatAreEncrypted(String options) throws Exception {
        UserCertificate read = UserCertificate.load(new Identity.Certificate(
                user.certificate, user.encryptedKey(options.split(" ")), Optional.of(UserFiles.PASSWORD)));
        assertThat(read.key()).isEqualTo(UserCertificate.load(user.identity()).key());
    }

    @Test
    void saysThatThePasswordIsMissingOrWrong() throws Exception {
        Path key = user.encryptedKey();
        UserCertificate.Unusable missing = refusal(user.certificate, key, Optional.empty());
        assertThat(missing.part()).isEqualTo(UserCertificate.Part.KEY);
        assertThat(missing).hasMessage("key " + key + " is encrypted, and there is no key-password");
        UserCertificate.Unusable wrong = refusal(user.certificate, key, Optional.of("another"));
        assertThat(wrong.part()).isEqualTo(UserCertificate.Part.PASSWORD);
        assertThat(wrong).hasMessageStartingWith("key " + key + " cannot be decrypted with its key-password");
        assertThat(wrong.getMessage()).doesNotContain("another");
    }

    @Test
    void saysWhichFileIsNotThere() {
        Path nowhere = directory.resolve("nowhere.pem");
        UserCertificate.Unusable certificate = refusal(nowhere, user.key, Optional.empty());
        assertThat(certificate.part()).isEqualTo(UserCertificate.Part.CERTIFICATE);
        assertThat(certificate).hasMessage("cannot read certificate '" + nowhere + "': there is no such file");
        UserCertificate.Unusable key = refusal(user.certificate, nowhere, Optional.empty());
        assertThat(key.part()).isEqualTo(UserCertificate.Part.KEY);
        assertThat(key).hasMessage("cannot read key '" + nowhere + "': there is no such file");
    }

    @Test
    void saysWhatAFileIsNot() throws Exception {
        Path text = Files.writeString(directory.resolve("text"), "-----BEGIN CERTIFICATE-----\nnonsense\n");
        assertThat(refusal(text, user.key, Optional.empty()))
                .hasMessage("certificate " + text + " is no X.509 certificate in PEM or DER");
        assertThat(refusal(user.key, user.key, Optional.empty()))
                .hasMessage("certificate " + user.key + " is no X.509 certificate in PEM or DER");
        for (Path key : new Path[] {text, user.certificate, user.oldKey()}) {
            assertThat(refusal(user.certificate, key, Optional.empty()))
                    .hasMessage("key " + key + " cannot be used: expected an RSA key as PKCS #8 in PEM or DER, which"
                            + " 'openssl pkcs8 -topk8 -in OLD -out NEW' makes of others");
        }
    }

    @Test
    void saysThatTheKeyBelongsToAnother() throws Exception {
        UserFiles other = UserFiles.make(directory.resolve("other"));
        UserCertificate.Unusable refusal = refusal(user.certificate, other.key, Optional.empty());
        assertThat(refusal.part()).isEqualTo(UserCertificate.Part.KEY);
        assertThat(refusal).hasMessage("key " + other.key + " does not belong to certificate " + user.certificate);
    }

    @Test
    void refusesKeysThatNoSecurityPolicyTakes() throws Exception {
        UserFiles curve =
                UserFiles.make(directory.resolve("curve"), "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1");
        assertThat(refusal(curve.certificate, curve.key, Optional.empty()))
                .hasMessage("certificate " + curve.certificate
                        + " has a key of type EC, the security policies here need RSA");
    }
}

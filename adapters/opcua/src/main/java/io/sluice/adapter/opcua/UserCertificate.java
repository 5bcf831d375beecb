package io.sluice.adapter.opcua;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A user's certificate and its private key, read from their files. All that can be wrong with them is found here, with the
 * JDK alone, so that {@code check} finds it too; whether the server takes them only the server knows.
 *
 * @param chain the user's own certificate first
 */
record UserCertificate(List<X509Certificate> chain, PrivateKey key) {

    /** Which of the user's settings is to blame. */
    enum Part {
        CERTIFICATE,
        KEY,
        PASSWORD
    }

    /** A file that cannot be used; the message names it and says what to do. */
    static final class Unusable extends Exception {

        private static final long serialVersionUID = 1;

        private final Part part;

        Unusable(Part part, String message) {
            super(message, null, false, false);
            this.part = part;
        }

        Part part() {
            return part;
        }

        String why() {
            return String.valueOf(getMessage());
        }
    }

    private static final Pattern PEM =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]+)-----END \\1-----");
    private static final String PLAIN = "PRIVATE KEY";
    private static final String ENCRYPTED = "ENCRYPTED PRIVATE KEY";

    UserCertificate {
        chain = List.copyOf(chain);
    }

    /** The user's own. */
    X509Certificate certificate() {
        return chain.getFirst();
    }

    static UserCertificate load(Identity.Certificate files) throws Unusable {
        List<X509Certificate> chain = certificates(files.certificate());
        if (!(chain.getFirst().getPublicKey() instanceof RSAPublicKey open)) {
            throw new Unusable(
                    Part.CERTIFICATE,
                    "certificate %s has a key of type %s, the security policies here need RSA"
                            .formatted(
                                    files.certificate(),
                                    chain.getFirst().getPublicKey().getAlgorithm()));
        }
        RSAPrivateKey key = key(files.key(), files.password());
        if (!key.getModulus().equals(open.getModulus())) {
            throw new Unusable(
                    Part.KEY, "key " + files.key() + " does not belong to certificate " + files.certificate());
        }
        return new UserCertificate(chain, key);
    }

    private static List<X509Certificate> certificates(Path file) throws Unusable {
        try {
            List<X509Certificate> found = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(bytes(Part.CERTIFICATE, file)))
                    .stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (!found.isEmpty()) {
                return found;
            }
        } catch (CertificateException e) {
            // Said below: the JDK's words are about bytes.
        }
        throw new Unusable(Part.CERTIFICATE, "certificate " + file + " is no X.509 certificate in PEM or DER");
    }

    private static byte[] bytes(Part part, Path file) throws Unusable {
        try {
            return Files.readAllBytes(file);
        } catch (IOException e) {
            throw new Unusable(
                    part,
                    "cannot read %s '%s'%s"
                            .formatted(
                                    part == Part.KEY ? "key" : "certificate",
                                    file,
                                    Files.exists(file) ? "" : ": there is no such file"));
        }
    }

    private static RSAPrivateKey key(Path file, Optional<String> password) throws Unusable {
        byte[] bytes = bytes(Part.KEY, file);
        Matcher pem = PEM.matcher(new String(bytes, StandardCharsets.ISO_8859_1));
        while (pem.find()) {
            byte[] content = Base64.getMimeDecoder().decode(pem.group(2));
            switch (pem.group(1)) {
                case PLAIN -> {
                    return plain(file, content);
                }
                case ENCRYPTED -> {
                    return decrypted(file, content, password);
                }
                // Such as parameters in front of the key, or the certificate.
                default -> {}
            }
        }
        return isEncrypted(bytes) ? decrypted(file, bytes, password) : plain(file, bytes);
    }

    private static boolean isEncrypted(byte[] der) {
        try {
            return new EncryptedPrivateKeyInfo(der).getEncryptedData().length > 0;
        } catch (IOException e) {
            return false;
        }
    }

    private static RSAPrivateKey plain(Path file, byte[] pkcs8) throws Unusable {
        try {
            return (RSAPrivateKey) KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
        } catch (GeneralSecurityException e) {
            throw new Unusable(
                    Part.KEY,
                    "key " + file + " cannot be used: expected an RSA key as PKCS #8 in PEM or DER, which"
                            + " 'openssl pkcs8 -topk8 -in OLD -out NEW' makes of others");
        }
    }

    private static RSAPrivateKey decrypted(Path file, byte[] encrypted, Optional<String> password) throws Unusable {
        if (password.isEmpty()) {
            throw new Unusable(Part.KEY, "key " + file + " is encrypted, and there is no key-password");
        }
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(encrypted);
            // Of PBES2 only the parameters know which cipher it is.
            String algorithm =
                    info.getAlgName().equals("PBES2") ? String.valueOf(info.getAlgParameters()) : info.getAlgName();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm)
                            .generateSecret(new PBEKeySpec(password.get().toCharArray())),
                    info.getAlgParameters());
            return plain(file, info.getKeySpec(cipher).getEncoded());
        } catch (IOException | GeneralSecurityException e) {
            throw new Unusable(
                    Part.PASSWORD,
                    "key " + file + " cannot be decrypted with its key-password (" + e.getMessage() + ")");
        }
    }
}

package io.sluice.mqtt;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/** Certificates and keys out of the bytes of PEM and PKCS #12 files. Every error names the file. */
final class Identities {

    /** @param chain its own certificate first */
    record Identity(PrivateKey key, List<X509Certificate> chain) {}

    private static final Pattern PKCS8 =
            Pattern.compile("-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\\s]+)-----END PRIVATE KEY-----");
    private static final byte[] PROBE = "does the key belong to the certificate?".getBytes(StandardCharsets.UTF_8);

    private Identities() {}

    static List<X509Certificate> certificates(String what, Path file, byte[] pem) throws SSLException {
        try {
            List<X509Certificate> found =
                    CertificateFactory.getInstance("X.509").generateCertificates(new ByteArrayInputStream(pem)).stream()
                            .map(X509Certificate.class::cast)
                            .toList();
            if (!found.isEmpty()) {
                return found;
            }
            throw new SSLException(what + " " + file + " is no PEM certificate: there is none in it");
        } catch (CertificateException e) {
            throw new SSLException(what + " " + file + " is no PEM certificate: " + e.getMessage());
        }
    }

    static Identity pem(Path certificate, byte[] chain, Path key, byte[] pem) throws SSLException {
        Identity identity = new Identity(privateKey(key, pem), certificates("certificate", certificate, chain));
        requireMatch(identity, "key " + key + " does not belong to certificate " + certificate);
        return identity;
    }

    private static PrivateKey privateKey(Path file, byte[] pem) throws SSLException {
        Matcher found = PKCS8.matcher(new String(pem, StandardCharsets.ISO_8859_1));
        if (!found.find()) {
            throw new SSLException(
                    "key %s cannot be used: expected PEM, PKCS#8 without a passphrase (openssl pkcs8 -topk8 -nocrypt)"
                            .formatted(file));
        }
        PKCS8EncodedKeySpec spec =
                new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(found.group(1)));
        for (String algorithm : List.of("EC", "RSA", "EdDSA")) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // Another algorithm's key; the bytes do not say it more simply.
                continue;
            } catch (GeneralSecurityException e) {
                throw new SSLException("key " + file + " cannot be used: " + e.getMessage());
            }
        }
        throw new SSLException("key " + file + " is no RSA, EC or EdDSA key");
    }

    static Identity pkcs12(Path file, byte[] content, String password) throws SSLException {
        try {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(new ByteArrayInputStream(content), password.toCharArray());
            for (String alias : Collections.list(store.aliases())) {
                if (store.getKey(alias, password.toCharArray()) instanceof PrivateKey key) {
                    return new Identity(key, chain(store.getCertificateChain(alias)));
                }
            }
            throw new SSLException("PKCS #12 file " + file + " has no private key");
        } catch (IOException | GeneralSecurityException e) {
            throw e instanceof SSLException ours
                    ? ours
                    : new SSLException("PKCS #12 file %s cannot be used: %s".formatted(file, e.getMessage()));
        }
    }

    private static List<X509Certificate> chain(Certificate[] chain) {
        return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
    }

    /** Files that are replaced one after the other do not fit for a moment. */
    private static void requireMatch(Identity identity, String problem) throws SSLException {
        try {
            Signature signature = Signature.getInstance(
                    switch (identity.key().getAlgorithm()) {
                        case "RSA" -> "SHA256withRSA";
                        case "EC" -> "SHA256withECDSA";
                        default -> "EdDSA";
                    });
            signature.initSign(identity.key());
            signature.update(PROBE);
            byte[] signed = signature.sign();
            signature.initVerify(identity.chain().getFirst().getPublicKey());
            signature.update(PROBE);
            if (!signature.verify(signed)) {
                throw new SSLException(problem);
            }
        } catch (GeneralSecurityException e) {
            throw new SSLException(problem);
        }
    }
}

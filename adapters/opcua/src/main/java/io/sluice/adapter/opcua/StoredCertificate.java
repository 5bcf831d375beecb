package io.sluice.adapter.opcua;

import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** A certificate and the file that holds it. */
public record StoredCertificate(Path file, X509Certificate certificate) {

    /** The GeneralName uniformResourceIdentifier of RFC 5280 §4.2.1.6. */
    private static final int URI = 6;

    /** Hexadecimal, without separators; what OPC UA calls the thumbprint. */
    public String sha1() {
        return print("SHA-1");
    }

    public String sha256() {
        return print("SHA-256");
    }

    private String print(String algorithm) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(certificate.getEncoded()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has " + algorithm, e);
        }
    }

    public String subject() {
        return certificate.getSubjectX500Principal().getName();
    }

    public Instant from() {
        return certificate.getNotBefore().toInstant();
    }

    public Instant until() {
        return certificate.getNotAfter().toInstant();
    }

    /** The ApplicationUri (Part 6 §6.2.2); empty if it names none. */
    public String applicationUri() {
        try {
            return Optional.ofNullable(certificate.getSubjectAlternativeNames()).stream()
                    .flatMap(Collection::stream)
                    .filter(name -> name.getFirst().equals(URI))
                    .map(name -> String.valueOf(name.getLast()))
                    .findFirst()
                    .orElse("");
        } catch (CertificateParsingException e) {
            return "";
        }
    }

    /** Whether one of the thumbprints begins so; case, colons and blanks do not count. */
    boolean begins(String prefix) {
        String bare = prefix.replaceAll("[:\\s]", "").toLowerCase(Locale.ROOT);
        return List.of(sha1(), sha256()).stream().anyMatch(print -> print.startsWith(bare));
    }
}

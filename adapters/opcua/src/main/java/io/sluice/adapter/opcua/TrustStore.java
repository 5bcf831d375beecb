package io.sluice.adapter.opcua;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Whom a gateway trusts, for people: its files are those that the running gateway reads, anew for each connection. Nothing
 * needs the gateway to run or to stop.
 */
public final class TrustStore {

    private static final Pattern PREFIX = Pattern.compile("[0-9A-Fa-f:\\s]{6,}");

    /** What was asked for cannot be done; the message is for people. */
    public static final class Refused extends Exception {

        private static final long serialVersionUID = 1;

        Refused(String message) {
            super(message, null, false, false);
        }
    }

    private final Path directory;

    /**
     * @param stateDirectory of the gateway
     */
    public TrustStore(Path stateDirectory) {
        this.directory = stateDirectory.resolve("opcua");
    }

    public Path directory() {
        return directory;
    }

    /** The gateway's own; empty before it was first needed. */
    public Optional<StoredCertificate> own() throws IOException {
        return read(directory.resolve("own").resolve("certificate.der"));
    }

    /** Servers that asked and are not trusted, the latest first. */
    public List<StoredCertificate> rejected() throws IOException {
        List<X509Certificate> trusted =
                trusted().stream().map(StoredCertificate::certificate).toList();
        // An attempt to connect that was under way when it was trusted may have put it there once more.
        return folder("rejected").stream()
                .filter(stored -> !trusted.contains(stored.certificate()))
                .toList();
    }

    /** Servers, or authorities. */
    public List<StoredCertificate> trusted() throws IOException {
        return folder("trusted");
    }

    private List<StoredCertificate> folder(String name) throws IOException {
        Path folder = directory.resolve(name);
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        List<StoredCertificate> found = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .sorted(Comparator.comparing(TrustStore::changed).reversed())
                    .toList()) {
                read(file).ifPresent(found::add);
            }
        }
        return found;
    }

    private static long changed(Path file) {
        return file.toFile().lastModified();
    }

    /** Empty if there is no such file, or it is no certificate. */
    private static Optional<StoredCertificate> read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (InputStream bytes = Files.newInputStream(file)) {
            return Optional.of(new StoredCertificate(file, (X509Certificate)
                    CertificateFactory.getInstance("X.509").generateCertificate(bytes)));
        } catch (CertificateException e) {
            return Optional.empty();
        }
    }

    /**
     * Trusts one of those that were rejected: from the next attempt to connect on.
     *
     * @param prefix of its SHA-1 or SHA-256 thumbprint, at least six digits
     */
    public StoredCertificate trust(String prefix) throws Refused, IOException {
        if (!PREFIX.matcher(prefix).matches()) {
            throw new Refused("'" + prefix + "' is no thumbprint, expected at least its first six hexadecimal digits");
        }
        List<StoredCertificate> matching =
                rejected().stream().filter(stored -> stored.begins(prefix)).toList();
        if (matching.size() > 1) {
            throw new Refused("'" + prefix + "' is not enough: "
                    + matching.stream().map(StoredCertificate::sha1).collect(Collectors.joining(", ")));
        }
        if (matching.isEmpty()) {
            throw new Refused(notRejected(prefix));
        }
        return move(matching.getFirst());
    }

    private String notRejected(String prefix) throws IOException {
        return trusted().stream().anyMatch(stored -> stored.begins(prefix))
                ? "the certificate '" + prefix + "' is trusted already"
                : "no certificate with thumbprint '" + prefix + "' was rejected; one is, when a device of the gateway"
                        + " meets it";
    }

    private StoredCertificate move(StoredCertificate rejected) throws IOException {
        Path trusted = Files.createDirectories(directory.resolve("trusted"));
        Path file = Files.move(
                rejected.file(), trusted.resolve(rejected.sha1() + ".der"), StandardCopyOption.REPLACE_EXISTING);
        return new StoredCertificate(file, rejected.certificate());
    }

    /**
     * Makes a new certificate and key for the gateway itself and keeps the old ones beside them. The gateway uses it from its
     * next connections on, and every server has to trust it before.
     */
    public StoredCertificate renew() throws IOException {
        try {
            new Certificates(directory, "").renew();
            return own().orElseThrow(() -> new IOException("there is no certificate in " + directory + "/own"));
        } catch (LinkFailure e) {
            throw new IOException(e.getMessage(), e);
        }
    }
}

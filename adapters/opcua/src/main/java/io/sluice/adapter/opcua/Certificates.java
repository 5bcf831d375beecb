package io.sluice.adapter.opcua;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.time.Period;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.security.MemoryTrustListManager;
import org.eclipse.milo.opcua.stack.core.util.CertificateUtil;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateBuilder;
import org.eclipse.milo.opcua.stack.core.util.SelfSignedCertificateGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway's own application certificate and the certificates of servers, as files of one directory:
 *
 * <pre>
 * own/certificate.der     what servers must trust
 * own/private-key.der     PKCS #8, readable by the owner only
 * own/previous-*          those before the last renewal
 * trusted/*.der           servers that are trusted, or authorities
 * rejected/*.der          servers that asked and are not trusted; {@link TrustStore} moves one to trusted/
 * </pre>
 *
 * <p>Files are read anew for each connection, so a moved file counts at the next attempt.
 */
final class Certificates {

    private static final Logger LOG = LoggerFactory.getLogger(Certificates.class);
    private static final int KEY_BITS = 2048;
    private static final Period VALIDITY = Period.ofYears(10);

    private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./+:-]+");
    private static final int THUMBPRINT_DIGITS = 12;

    /** A server that makes itself a certificate at each start leaves one each time. */
    static final int MOST_REJECTED = 100;

    private final Path directory;
    private final String command;

    /**
     * @param command what people type in front of a thumbprint to trust it
     */
    Certificates(Path directory, String command) {
        this.directory = directory;
        this.command = command;
    }

    /**
     * Those of a gateway.
     *
     * @param file of the gateway, as the user named it
     */
    static Certificates ofGateway(Path stateDirectory, String file) {
        return new Certificates(stateDirectory.resolve("opcua"), "sluice trust " + quoted(file));
    }

    /** Those that are used without a gateway's file. */
    static Certificates ofDirectory(Path stateDirectory) {
        return new Certificates(
                stateDirectory.resolve("opcua"), "sluice trust --state " + quoted(stateDirectory.toString()));
    }

    private static String quoted(String file) {
        return PLAIN.matcher(file).matches() ? file : "'" + file.replace("'", "'\\''") + "'";
    }

    /** The command that trusts it. */
    String trust(StoredCertificate rejected) {
        return command + " " + rejected.sha1().substring(0, THUMBPRINT_DIGITS);
    }

    /** The command that makes a new certificate of the gateway's own. */
    String renewal() {
        return command + " --renew";
    }

    /**
     * @param applicationUri also stands in the certificate, as the standard asks for (Part 6 §6.2.2)
     */
    record Own(KeyPair keys, X509Certificate certificate, String applicationUri) {}

    /** Makes the certificate at the first call. */
    synchronized Own own() throws LinkFailure {
        Path certificate = ownCertificate();
        Path key = ownKey();
        try {
            if (!Files.exists(certificate) || !Files.exists(key)) {
                make(certificate, key);
                LOG.info(
                        "made the gateway's OPC UA application certificate {}: servers with security must trust it",
                        certificate);
            }
            return load(certificate, key);
        } catch (IOException | GeneralSecurityException | UaException e) {
            throw new LinkFailure("cannot use the gateway's own certificate " + certificate + ": " + e.getMessage(), e);
        }
    }

    /** A connection that is made at this very moment may find a key that does not fit; the next attempt finds both. */
    synchronized void renew() throws LinkFailure {
        Path certificate = ownCertificate();
        Path key = ownKey();
        Path newCertificate = certificate.resolveSibling("new-certificate.der");
        Path newKey = key.resolveSibling("new-private-key.der");
        try {
            make(newCertificate, newKey);
            keep(certificate);
            keep(key);
            Files.move(newKey, key, StandardCopyOption.ATOMIC_MOVE);
            Files.move(newCertificate, certificate, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | GeneralSecurityException e) {
            throw new LinkFailure("cannot renew the gateway's own certificate " + certificate + ": " + e, e);
        }
    }

    private static void keep(Path file) throws IOException {
        if (Files.exists(file)) {
            Files.copy(
                    file,
                    file.resolveSibling("previous-" + file.getFileName()),
                    StandardCopyOption.REPLACE_EXISTING,
                    StandardCopyOption.COPY_ATTRIBUTES);
        }
    }

    Path ownCertificate() {
        return directory.resolve("own").resolve("certificate.der");
    }

    private Path ownKey() {
        return directory.resolve("own").resolve("private-key.der");
    }

    private static Own load(Path certificate, Path key) throws IOException, GeneralSecurityException, UaException {
        X509Certificate loaded = CertificateUtil.decodeCertificate(Files.readAllBytes(certificate));
        KeyFactory rsa = KeyFactory.getInstance("RSA");
        RSAPrivateCrtKey secret =
                (RSAPrivateCrtKey) rsa.generatePrivate(new PKCS8EncodedKeySpec(Files.readAllBytes(key)));
        var open = rsa.generatePublic(new RSAPublicKeySpec(secret.getModulus(), secret.getPublicExponent()));
        if (!open.equals(loaded.getPublicKey())) {
            throw new GeneralSecurityException("its key " + key + " does not belong to it");
        }
        return new Own(
                new KeyPair(open, secret),
                loaded,
                CertificateUtil.getSanUri(loaded).orElse(""));
    }

    private static void make(Path certificate, Path key) throws IOException, GeneralSecurityException {
        String host = hostName();
        KeyPair keys = SelfSignedCertificateGenerator.generateRsaKeyPair(KEY_BITS);
        X509Certificate made = selfSigned(host, keys);
        Files.createDirectories(certificate.getParent());
        Files.deleteIfExists(key);
        Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.write(key, keys.getPrivate().getEncoded());
        Files.write(certificate, made.getEncoded());
    }

    @SuppressWarnings("checkstyle:IllegalCatch")
    private static X509Certificate selfSigned(String host, KeyPair keys) throws GeneralSecurityException {
        try {
            return new SelfSignedCertificateBuilder(keys)
                    .setCommonName("Sluice@" + host)
                    .setOrganization("Sluice")
                    .setApplicationUri("urn:" + host + ":sluice")
                    .addDnsName(host)
                    .setValidityPeriod(VALIDITY)
                    .build();
        } catch (Exception e) {
            throw new GeneralSecurityException("cannot make a certificate: " + e.getMessage(), e);
        }
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            LOG.debug("this host has no name", e);
            return "localhost";
        }
    }

    MemoryTrustListManager trustList() {
        MemoryTrustListManager list = new MemoryTrustListManager();
        list.setTrustedCertificates(read(directory.resolve("trusted")));
        return list;
    }

    private static List<X509Certificate> read(Path folder) {
        List<X509Certificate> read = new ArrayList<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    readInto(read, file);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return read;
    }

    private static void readInto(List<X509Certificate> read, Path file) throws IOException {
        try {
            read.addAll(CertificateUtil.decodeCertificates(Files.readAllBytes(file)));
        } catch (UaException e) {
            LOG.warn("{} is not a certificate and is left out: {}", file, e.getMessage());
        }
    }

    /**
     * Keeps it for somebody to look at, in the place of the oldest if there are {@value #MOST_REJECTED}; the file's name is the
     * certificate's SHA-1, as in the standard's own stores.
     */
    StoredCertificate reject(X509Certificate certificate) throws LinkFailure {
        try {
            Path folder = Files.createDirectories(directory.resolve("rejected"));
            Files.createDirectories(directory.resolve("trusted"));
            StoredCertificate rejected = new StoredCertificate(folder, certificate);
            Path file = folder.resolve(rejected.sha1() + ".der");
            if (!Files.exists(file)) {
                // In one piece: somebody may be looking, and may move it away.
                Path whole = Files.createTempFile(directory, "rejected", ".der");
                Files.write(whole, certificate.getEncoded());
                Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE);
                forgetOldest(folder, file);
            }
            return new StoredCertificate(file, certificate);
        } catch (IOException | GeneralSecurityException e) {
            throw new LinkFailure(
                    "cannot keep the server's certificate in " + directory + "/rejected: " + e.getMessage(), e);
        }
    }

    private static void forgetOldest(Path folder, Path newest) throws IOException {
        List<Path> kept;
        try (Stream<Path> files = Files.list(folder)) {
            kept = files.filter(file -> Files.isRegularFile(file) && !file.equals(newest))
                    .sorted(Comparator.comparingLong(file -> file.toFile().lastModified()))
                    .toList();
        }
        for (Path oldest : kept.subList(0, Math.max(0, kept.size() - (MOST_REJECTED - 1)))) {
            Files.deleteIfExists(oldest);
        }
    }
}

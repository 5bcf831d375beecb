package io.sluice.adapter.opcua;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A user's certificate and key, in the forms that openssl writes them. */
final class UserFiles {

    static final String PASSWORD = "a key's password";

    final Path certificate;
    final Path key;
    private final Path directory;

    private UserFiles(Path directory) {
        this.directory = directory;
        this.certificate = directory.resolve("user.pem");
        this.key = directory.resolve("user.key");
    }

    /** A certificate for {@link MiloUsers#SUBJECT}, and its RSA key. */
    static UserFiles make(Path directory) throws Exception {
        return make(directory, "-newkey", "rsa:2048");
    }

    static UserFiles make(Path directory, String... algorithm) throws Exception {
        UserFiles files = new UserFiles(Files.createDirectories(directory));
        List<String> request =
                new ArrayList<>(List.of("req", "-x509", "-nodes", "-days", "365", "-subj", "/CN=operator"));
        request.addAll(List.of(algorithm));
        request.addAll(List.of("-keyout", files.key.toString(), "-out", files.certificate.toString()));
        openssl(request);
        return files;
    }

    Identity.Certificate identity() {
        return new Identity.Certificate(certificate, key, Optional.empty());
    }

    Path certificateAsDer() throws Exception {
        return convert("user.der", "x509", "-in", certificate.toString(), "-outform", "DER");
    }

    /** The same, but for its time. */
    Path expiredCertificate() throws Exception {
        return convert("expired.pem", "x509", "-in", certificate.toString(), "-signkey", key.toString(), "-days", "0");
    }

    Path keyAsDer() throws Exception {
        return convert("user.key.der", "pkcs8", "-topk8", "-nocrypt", "-in", key.toString(), "-outform", "DER");
    }

    /** PKCS #1, as older tools write it. */
    Path oldKey() throws Exception {
        return convert("old.key", "rsa", "-traditional", "-in", key.toString());
    }

    Path encryptedKey(String... options) throws Exception {
        List<String> arguments =
                new ArrayList<>(List.of("pkcs8", "-topk8", "-in", key.toString(), "-passout", "pass:" + PASSWORD));
        arguments.addAll(List.of(options));
        return convert("encrypted.key", arguments.toArray(String[]::new));
    }

    private Path convert(String name, String... arguments) throws Exception {
        Path file = directory.resolve(name);
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("-out", file.toString()));
        openssl(all);
        return file;
    }

    private static void openssl(List<String> arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(arguments);
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException e) {
            assumeTrue(false, "needs openssl: run tools/peers");
            throw e;
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("openssl " + arguments + ": " + said);
        }
    }
}

package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A certificate authority made for the occasion, with openssl. */
final class Certificates {

    private final Path directory;

    private Certificates(Path directory) {
        this.directory = directory;
    }

    /** With {@code ca.pem}, and {@code server} for localhost. */
    static Certificates in(Path directory) throws Exception {
        Files.createDirectories(directory);
        Certificates made = new Certificates(directory);
        made.openssl("req -x509 -newkey rsa:2048 -nodes -days 100 -subj /CN=test-ca -keyout ca.key -out ca.pem");
        made.issue("server", "DNS:localhost");
        return made;
    }

    /** Makes {@code NAME.pem} and {@code NAME.key}. */
    void issue(String name, String alternativeName) throws Exception {
        Files.writeString(file(name + ".ext"), "subjectAltName=" + alternativeName);
        openssl("req -newkey rsa:2048 -nodes -subj /CN=%s -keyout %s.key -out %s.csr".formatted(name, name, name));
        openssl("x509 -req -in %s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 60 -extfile %s.ext -out %s.pem"
                .formatted(name, name, name));
    }

    /** Makes {@code NAME.p12} of {@code NAME.pem} and {@code NAME.key}. */
    void pack(String name, String password) throws Exception {
        openssl("pkcs12 -export -in %s.pem -inkey %s.key -out %s.p12 -passout pass:%s"
                .formatted(name, name, name, password));
    }

    Path file(String name) {
        return directory.resolve(name);
    }

    void openssl(String arguments) throws Exception {
        try {
            Process process = new ProcessBuilder(("openssl " + arguments).split(" "))
                    .directory(directory.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(file("openssl.log").toFile())
                    .start();
            assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
            assertThat(process.exitValue()).as(arguments).isZero();
        } catch (IOException e) {
            Assumptions.abort("needs openssl: apt-get install openssl");
        }
    }
}

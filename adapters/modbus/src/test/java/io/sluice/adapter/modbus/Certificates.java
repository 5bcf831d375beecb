package io.sluice.adapter.modbus;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A small certificate authority: {@code ca.pem}, and {@code .pem} and {@code .key} of a server and a client. */
final class Certificates {

    private Certificates() {}

    static void make(Path directory) throws Exception {
        assumeTrue(Peer.run("sh", "-c", "command -v openssl") == 0, "needs openssl: apt-get install openssl");
        openssl(directory, "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=ca -keyout ca.key -out ca.pem");
        sign(directory, "server", "subjectAltName=IP:127.0.0.1");
        sign(directory, "client", "extendedKeyUsage=clientAuth");
    }

    private static void sign(Path directory, String name, String extension) throws Exception {
        Files.writeString(directory.resolve(name + ".ext"), extension + "\n");
        openssl(
                directory,
                "req -newkey rsa:2048 -nodes -subj /CN=" + name + " -keyout " + name + ".key -out " + name + ".csr");
        openssl(
                directory,
                "x509 -req -in " + name + ".csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile " + name
                        + ".ext -out " + name + ".pem");
    }

    private static void openssl(Path directory, String arguments) throws IOException, InterruptedException {
        List<String> command = new java.util.ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments.split(" ", -1)));
        Process process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (process.waitFor() != 0) {
            throw new IOException("openssl " + arguments + " ended with " + process.exitValue());
        }
    }
}

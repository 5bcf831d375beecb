package io.sluice.mqtt;

import io.sluice.mqtt.MqttOptions.Credentials;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * An ejabberd of Debian's as a process of its own, run without its control script, which wants a user of that name. Without
 * a password it lets in only whom a certificate says to be {@link #USER}.
 */
final class Ejabberd implements PeerBroker {

    /** Its users are of a host. */
    static final String USER = "plant@localhost";

    private static final Path ERLANG = Path.of("/usr/bin/erl");

    private final Map<Way, Integer> ports = PeerBroker.freePorts();
    private final Process process;

    /** @param certificates with {@code server} and its authority */
    Ejabberd(Path directory, Certificates certificates) throws IOException {
        Optional<Path> libraries = libraries();
        Assumptions.assumeTrue(
                Files.isExecutable(ERLANG) && libraries.isPresent(), "needs ejabberd: apt-get install ejabberd");
        Files.createDirectories(directory);
        Path both = directory.resolve("server.pem");
        Files.writeString(
                both,
                Files.readString(certificates.file("server.pem")) + Files.readString(certificates.file("server.key")));
        Files.writeString(directory.resolve("ejabberd.yml"), configuration(certificates.file("ca.pem"), both));
        ProcessBuilder command = new ProcessBuilder(
                        ERLANG.toString(),
                        "-noinput",
                        "-mnesia",
                        "dir",
                        "\"" + directory + "/spool\"",
                        "-s",
                        "ejabberd")
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("out").toFile());
        command.environment().put("HOME", directory.toString());
        command.environment().put("ERL_LIBS", libraries.orElseThrow().toString());
        command.environment().put("ERL_MAX_PORTS", "4096");
        command.environment()
                .put("EJABBERD_CONFIG_PATH", directory.resolve("ejabberd.yml").toString());
        command.environment()
                .put("EJABBERD_LOG_PATH", directory.resolve("ejabberd.log").toString());
        process = command.start();
        PeerBroker.awaitListening(ports);
    }

    /** The folder of the architecture that has it. */
    private static Optional<Path> libraries() throws IOException {
        try (Stream<Path> folders = Files.list(Path.of("/usr/lib"))) {
            return folders.filter(folder -> folder.toString().endsWith("-linux-gnu"))
                    .filter(Ejabberd::hasEjabberd)
                    .findFirst();
        }
    }

    private static boolean hasEjabberd(Path folder) {
        try (var found = Files.newDirectoryStream(folder, "ejabberd-*")) {
            return found.iterator().hasNext();
        } catch (IOException unreadable) {
            return false;
        }
    }

    private String configuration(Path ca, Path certificate) {
        return """
                hosts: [localhost]
                c2s_cafile: %s
                certfiles: [%s]
                auth_method: anonymous
                anonymous_protocol: login_anon
                allow_multiple_connections: true
                listen:
                  - { port: %d, ip: "127.0.0.1", module: mod_mqtt }
                  - { port: %d, ip: "127.0.0.1", module: mod_mqtt, tls: true, tls_verify: true }
                  - { port: %d, ip: "127.0.0.1", module: ejabberd_http, request_handlers: { /mqtt: mod_mqtt } }
                  - { port: %d, ip: "127.0.0.1", module: ejabberd_http, tls: true, request_handlers: { /mqtt: mod_mqtt } }
                modules:
                  mod_mqtt: {}
                """.formatted(
                ca, certificate, port(Way.TCP), port(Way.MUTUAL_TLS), port(Way.WEBSOCKET), port(Way.SECURE_WEBSOCKET));
    }

    @Override
    public int port(Way way) {
        return Objects.requireNonNull(ports.get(way));
    }

    @Override
    public Optional<Credentials> login(Way way) {
        Optional<byte[]> password =
                way == Way.MUTUAL_TLS ? Optional.empty() : Optional.of("anything".getBytes(StandardCharsets.UTF_8));
        return Optional.of(new Credentials(USER, password));
    }

    @Override
    public void close() throws InterruptedException {
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    }
}

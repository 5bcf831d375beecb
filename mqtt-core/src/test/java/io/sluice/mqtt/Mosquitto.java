package io.sluice.mqtt;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A mosquitto of Debian's as a process on a port of its own; can be killed and started again on the same port. */
final class Mosquitto implements AutoCloseable {

    private static final List<Path> PLACES = List.of(
            Path.of("/usr/sbin/mosquitto"), Path.of("/usr/local/sbin/mosquitto"), Path.of("/usr/bin/mosquitto"));

    private final Path directory;
    private final int port;
    private Process process;

    private Mosquitto(Path directory, int port) throws IOException {
        this.directory = directory;
        this.port = port;
        this.process = launch();
    }

    /**
     * @param directory for its configuration and log
     * @param settings lines of mosquitto.conf besides the listener, which come after it
     */
    static Mosquitto start(Path directory, String... settings) throws IOException {
        Assumptions.assumeTrue(
                PLACES.stream().anyMatch(Files::isExecutable), "needs mosquitto: apt-get install mosquitto");
        int port = freePort();
        Files.createDirectories(directory);
        String user = System.getProperty("user.name");
        Files.writeString(
                directory.resolve("mosquitto.conf"),
                "user %s\nlog_dest file %s\nlog_type all\nlistener %d 127.0.0.1\n%s\n"
                        .formatted(user, directory.resolve("mosquitto.log"), port, String.join("\n", settings)));
        return new Mosquitto(directory, port);
    }

    static Mosquitto open(Path directory) throws IOException {
        return start(directory, "allow_anonymous true");
    }

    private Process launch() throws IOException {
        Path program = PLACES.stream().filter(Files::isExecutable).findFirst().orElseThrow();
        Process started = new ProcessBuilder(
                        program.toString(),
                        "-c",
                        directory.resolve("mosquitto.conf").toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        directory.resolve("out").toFile()))
                .start();
        await().atMost(Duration.ofSeconds(10))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> isListening(port) || !started.isAlive());
        if (!started.isAlive()) {
            throw new IOException("mosquitto did not start: " + Files.readString(directory.resolve("out")));
        }
        return started;
    }

    static boolean isListening(int port) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    URI uri() {
        return URI.create("mqtt://127.0.0.1:" + port);
    }

    URI tlsUri(String host) {
        return URI.create("mqtts://" + host + ":" + port);
    }

    int port() {
        return port;
    }

    String log() throws IOException {
        return Files.readString(directory.resolve("mosquitto.log"));
    }

    /** As kill -9. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor(5, TimeUnit.SECONDS);
    }

    void startAgain() throws IOException {
        process = launch();
    }

    @Override
    public void close() throws InterruptedException {
        kill();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}

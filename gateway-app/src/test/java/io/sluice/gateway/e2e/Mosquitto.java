package io.sluice.gateway.e2e;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/** A mosquitto of its own on 127.0.0.1 that can be killed and come back on the same port. */
final class Mosquitto implements AutoCloseable {
    private final Path program = Needs.mosquitto();
    private final Path directory;
    private final int port;
    private final List<String> more;
    private Peer process;

    /** @param more lines of its configuration file */
    private Mosquitto(Path directory, int port, List<String> more) {
        this.directory = directory;
        this.port = port;
        this.more = more;
        this.process = launch();
    }

    /** Makes {@code directory}, where the broker keeps its configuration and its database. */
    static Mosquitto start(Path directory, String... more) {
        return start(directory, Needs.freePort(), more);
    }

    static Mosquitto start(Path directory, int port, String... more) {
        return new Mosquitto(directory, port, Arrays.asList(more));
    }

    int port() {
        return port;
    }

    String url() {
        return "mqtt://127.0.0.1:" + port;
    }

    /** SIGKILL: nothing that is only in its memory survives. */
    void kill() {
        process.kill();
    }

    void restart() {
        process = launch();
    }

    /** How many times this client has connected since the broker last started. */
    long connectsOf(String clientId) {
        Pattern connect = Pattern.compile("New client connected from \\S+ as " + Pattern.quote(clientId) + " ");
        return log().filter(line -> connect.matcher(line).find()).count();
    }

    private java.util.stream.Stream<String> log() {
        return java.util.stream.Stream.concat(process.output().stream(), process.errors().stream());
    }

    String transcript() {
        return process.transcript();
    }

    @Override
    public void close() {
        process.close();
    }

    private Peer launch() {
        try {
            Files.createDirectories(directory);
            Path file = Files.write(directory.resolve("mosquitto.conf"), configuration());
            Peer peer = Peer.start("mosquitto", directory, program.toString(), "-c", file.toString());
            await("mosquitto on port " + port)
                    .atMost(Peer.PATIENCE)
                    .failFast(() -> !peer.isAlive())
                    .until(this::listens);
            return peer;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<String> configuration() {
        // Saved after every change, as far as mosquitto can: by default it saves every half hour. Every message goes to
        // a
        // connected subscriber before its PUBACK goes to the publisher, which needs the in-flight limit out of the way.
        List<String> own = List.of(
                "listener " + port + " 127.0.0.1",
                "allow_anonymous true",
                "user root",
                "persistence true",
                "persistence_location " + directory.toAbsolutePath() + "/",
                "autosave_interval 1",
                "autosave_on_changes true",
                "max_inflight_messages 0",
                "max_queued_messages 0",
                "log_dest stderr",
                "connection_messages true");
        return java.util.stream.Stream.concat(own.stream(), more.stream()).toList();
    }

    private boolean listens() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException e) {
            return false;
        }
    }
}

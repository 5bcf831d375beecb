package io.sluice.adapter.opcua;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A server in another process that is not ours. */
final class NodeOpcua implements AutoCloseable {

    private final Process process;
    private final int port;
    private final List<String> said = new CopyOnWriteArrayList<>();

    private NodeOpcua(Process process, int port) {
        this.process = process;
        this.port = port;
        Thread.ofVirtual().start(this::listen);
    }

    static NodeOpcua start(Path directory, String... options) throws Exception {
        Path root = root();
        Path modules = root.resolve(".peers/node_modules");
        assumeTrue(Files.isDirectory(modules.resolve("node-opcua")), "needs node-opcua: run tools/peers");
        int port = MiloServer.freePort();
        List<String> command = new ArrayList<>(List.of(
                "node",
                root.resolve("adapters/opcua/src/test/peers/node-opcua/server.js")
                        .toString(),
                String.valueOf(port),
                directory.resolve("node-opcua").toString()));
        command.addAll(List.of(options));
        ProcessBuilder node = new ProcessBuilder(command).redirectErrorStream(true);
        node.environment().put("NODE_PATH", modules.toString());
        NodeOpcua server = new NodeOpcua(node.start(), port);
        await().atMost(Duration.ofSeconds(60)).until(() -> server.said.contains("ready") || !server.process.isAlive());
        if (!server.process.isAlive()) {
            throw new IOException("node-opcua did not start: " + server.said);
        }
        return server;
    }

    private static Path root() {
        return Stream.iterate(Path.of("").toAbsolutePath(), Objects::nonNull, Path::getParent)
                .filter(folder -> Files.isRegularFile(folder.resolve("tools/peers")))
                .findFirst()
                .orElseThrow();
    }

    private void listen() {
        try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
            @Nullable String line;
            while ((line = reader.readLine()) != null) {
                said.add(line);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    int port() {
        return port;
    }

    private void say(String command) throws IOException {
        process.getOutputStream().write((command + "\n").getBytes(StandardCharsets.UTF_8));
        process.getOutputStream().flush();
    }

    String endpoint() {
        return "opc.tcp://127.0.0.1:" + port;
    }

    /** Returns what the server held, when it has gone through all values. */
    List<Integer> count(int last) throws IOException {
        int before = numbers("count ").size();
        say("count " + last);
        await().atMost(Duration.ofSeconds(20)).until(() -> numbers("count ").size() == before + last);
        return numbers("count ").subList(before, before + last);
    }

    /** Returns at once. */
    void countKept(int last) throws IOException {
        say("count " + last + " Kept");
    }

    /** What a variable held last. */
    int lastCount() {
        List<Integer> counts = numbers("count ");
        return counts.isEmpty() ? 0 : counts.getLast();
    }

    void raise(int severity, String message) throws IOException {
        say("event " + severity + " " + message);
    }

    /** The alarm of the TankLevel. */
    void disableAlarm() throws IOException {
        say("disable");
    }

    /** The alarm is active above 100. */
    void tankLevel(int level) throws IOException {
        say("level " + level);
    }

    /** Adds a variable to the folder Line, of whose changes the server tells, or to Quiet. */
    void grow(String folder, String name, int value) throws IOException {
        tell("grow " + folder + " " + name + " " + value, "grown " + name);
    }

    /** Takes it away. */
    void fell(String folder, String name) throws IOException {
        tell("fell " + folder + " " + name, "felled " + name);
    }

    private void tell(String command, String answer) throws IOException {
        long before = said.stream().filter(answer::equals).count();
        say(command);
        await().atMost(Duration.ofSeconds(20))
                .until(() -> said.stream().filter(answer::equals).count() > before);
    }

    /** Takes this user's certificate from now on. */
    void trustUser(Path certificate) throws IOException {
        say("trust " + certificate);
        await().atMost(Duration.ofSeconds(20)).until(() -> said.contains("trusted"));
    }

    /** How often the method Stop was carried out. */
    int stops() {
        List<Integer> stops = numbers("stops ");
        return stops.isEmpty() ? 0 : stops.getLast();
    }

    /** Sets Count and raises an event; the notifications are lost for good. */
    void lose(int value) throws IOException {
        say("lose " + value);
    }

    /**
     * Sets Count to one value and then to another; the notification of the first is lost for good, that of the second on its way
     * only.
     */
    void loseFirst(int lost, int repeated) throws IOException {
        say("loseFirst " + lost + " " + repeated);
    }

    /** Takes the Subscriptions away with the Sessions, as a server does that was restarted. */
    void dropSessions() throws IOException {
        say("drop");
    }

    int sessions() throws IOException {
        int before = numbers("sessions ").size();
        say("sessions");
        await().until(() -> numbers("sessions ").size() > before);
        return numbers("sessions ").getLast();
    }

    private List<Integer> numbers(String prefix) {
        return said.stream()
                .filter(line -> line.startsWith(prefix))
                .map(line -> Integer.valueOf(line.substring(prefix.length())))
                .toList();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        process.onExit().join();
    }
}

package io.sluice.gateway.e2e;

import static org.awaitility.Awaitility.await;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A process beside the test. What it prints is kept for failure messages; closing it kills it. */
final class Peer implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(30);

    private final String name;
    private final Process process;
    private final List<String> output = new CopyOnWriteArrayList<>();
    private final List<String> errors = new CopyOnWriteArrayList<>();
    private final List<Thread> readers;

    private Peer(String name, Process process) {
        this.name = name;
        this.process = process;
        this.readers = List.of(read(process.getInputStream(), output), read(process.getErrorStream(), errors));
    }

    static Peer start(String name, Path directory, Map<String, String> environment, List<String> command) {
        ProcessBuilder builder = new ProcessBuilder(hearing(command)).directory(directory.toFile());
        builder.environment().putAll(environment);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return new Peer(name, process);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot start " + name, e);
        }
    }

    /** What a shell runs in its background ignores SIGINT, and so would each process that is started from there. */
    private static List<String> hearing(List<String> command) {
        List<String> hearing = new ArrayList<>(List.of("env", "--default-signal=INT"));
        hearing.addAll(command);
        return hearing;
    }

    static Peer start(String name, Path directory, String... command) {
        return start(name, directory, Map.of(), Arrays.asList(command));
    }

    /** Lines of standard output so far. */
    List<String> output() {
        return List.copyOf(output);
    }

    /** Lines of standard error so far. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    /** Waits until a line of either stream contains the pattern; fails at once when the process has ended without it. */
    MatchResult awaitLine(String pattern) {
        Pattern compiled = Pattern.compile(pattern);
        return awaiting(
                "a line with /" + pattern + "/",
                peer -> peer.lines()
                        .map(compiled::matcher)
                        .filter(Matcher::find)
                        .findFirst()
                        .orElse(null));
    }

    boolean isAlive() {
        return process.isAlive();
    }

    long pid() {
        return process.pid();
    }

    /** SIGTERM. */
    void terminate() {
        process.destroy();
    }

    /** SIGINT, as Ctrl-C sends it. */
    void interrupt() {
        signal("INT");
    }

    /** SIGKILL, and waits until the process is gone. */
    void kill() {
        process.destroyForcibly();
        awaitExit(PATIENCE);
    }

    /** The exit status; fails if the process is still there after {@code limit}. */
    int awaitExit(Duration limit) {
        try {
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new AssertionError(name + " still runs after " + limit + "\n" + transcript());
            }
            for (Thread reader : readers) {
                reader.join(PATIENCE);
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + name, e);
        }
    }

    /** Lets it run for so long, or until it ends by itself. */
    void awaitExitOr(long millis) {
        try {
            process.waitFor(millis, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for " + name, e);
        }
    }

    /** All that the process printed, for a failure message. */
    String transcript() {
        return "--- " + name + ", standard output\n" + String.join("\n", output) + "\n--- " + name
                + ", standard error\n" + String.join("\n", errors) + "\n---";
    }

    @Override
    public void close() {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        awaitExit(PATIENCE);
    }

    private void signal(String signal) {
        try (Peer kill = start("kill", Path.of("."), "kill", "-" + signal, Long.toString(pid()))) {
            kill.awaitExit(PATIENCE);
        }
    }

    private Stream<String> lines() {
        return Stream.concat(output.stream(), errors.stream());
    }

    private <T> T awaiting(String what, Function<Peer, @org.jspecify.annotations.Nullable T> look) {
        try {
            return await(name + ": " + what)
                    .atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(20))
                    .failFast(name + " ended without " + what, () -> !isAlive() && look.apply(this) == null)
                    .until(() -> look.apply(this), java.util.Objects::nonNull);
        } catch (RuntimeException e) {
            throw new AssertionError(e.getMessage() + "\n" + transcript(), e);
        }
    }

    private static Thread read(InputStream stream, List<String> lines) {
        return Thread.ofVirtual().start(() -> {
            try (BufferedReader reader =
                    new BufferedReader(new java.io.InputStreamReader(stream, StandardCharsets.UTF_8))) {
                reader.lines().forEach(lines::add);
            } catch (IOException | UncheckedIOException e) {
                lines.add("(stream ended: " + e + ")");
            }
        });
    }
}

package io.sluice.benchmarks.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/** A process that is measured from outside through {@code /proc}; what it prints goes to a file. */
final class Child implements AutoCloseable {
    private static final double TICKS_PER_SECOND = 100;
    private static final double KIB_PER_MIB = 1024;
    /** A gateway that sees ten thousand tags for the first time commits a number for each: on a busy disk that takes its time. */
    private static final long PATIENCE_NANOS = 180_000_000_000L;

    private static final int LINES_TOLD = 20;
    private static final int UTIME = 11;
    private static final int STIME = 12;

    private final String name;
    private final Process process;
    private final Path log;

    Child(String name, Path directory, List<String> command) throws IOException {
        this.name = name;
        this.log = directory.resolve(name + ".log");
        this.process = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        // Ctrl-C, or a failure on the way, leaves no process behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "end of " + name));
        process.getOutputStream().close();
    }

    Path log() {
        return log;
    }

    void requireAlive() throws IOException {
        if (!process.isAlive()) {
            throw new IOException(name + " ended with " + process.exitValue() + ":\n" + lastLines());
        }
    }

    /** Polls until it holds, or fails with {@code what}, with the process or after three minutes, and with what it said: its files go. */
    void await(String what, BooleanSupplier condition) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        while (!condition.getAsBoolean()) {
            requireAlive();
            if (System.nanoTime() - begin > PATIENCE_NANOS) {
                throw new IOException(
                        "waited in vain for " + what + " of " + name + ", which said last:\n" + lastLines());
            }
            // Other processes change what is awaited: nothing here could be notified.
            Thread.sleep(1);
        }
    }

    private String lastLines() throws IOException {
        List<String> lines = Files.readAllLines(log);
        return String.join("\n", lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size()));
    }

    /** Processor time of the process and all its threads so far. */
    double cpuSeconds() throws IOException {
        String stat = Files.readString(Path.of("/proc", Long.toString(process.pid()), "stat"));
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        return (Long.parseLong(fields[UTIME]) + Long.parseLong(fields[STIME])) / TICKS_PER_SECOND;
    }

    double residentMebibytes() throws IOException {
        return Files.readAllLines(Path.of("/proc", Long.toString(process.pid()), "status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                        .sum()
                / KIB_PER_MIB;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(Duration.ofSeconds(10).toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }
}

package io.sluice.benchmarks.mqtt;

import io.sluice.benchmarks.JavaCommand;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A Java process of this benchmark, with the flags of the gateway's launcher. It answers in lines. */
final class Worker implements AutoCloseable {

    private static final List<String> HEAP = List.of("-Xms256m", "-Xmx256m");
    private static final long PATIENCE_SECONDS = 5;

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final Writer questions;

    Worker(Class<?> main, String... arguments) throws IOException {
        name = main.getSimpleName() + " " + String.join(" ", arguments);
        process = new ProcessBuilder(JavaCommand.of(HEAP, main, arguments))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        answers = process.inputReader();
        questions = process.outputWriter();
        // Ctrl-C, or a failure on the way, leaves no process behind.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "end of " + name));
    }

    String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException(name + " ended; what it said stands above");
        }
        return line;
    }

    String ask(String question) throws IOException {
        questions.write(question + "\n");
        questions.flush();
        return answer();
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    @Override
    public void close() throws IOException {
        process.destroyForcibly();
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IOException(name + " does not end");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.sluice.adapter.opcua;

import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** One {@link NodeOpcua} for the tests of a class, each of which finds it without Sessions. */
final class SharedNodeOpcua implements BeforeAllCallback, BeforeEachCallback, AfterAllCallback {

    /** Of the server's own files. */
    private @Nullable Path directory;

    private @Nullable NodeOpcua running;

    NodeOpcua server() {
        return Objects.requireNonNull(running);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        Path made = Files.createTempDirectory("node-opcua");
        directory = made;
        running = NodeOpcua.start(made);
    }

    /** A Session whose user was refused stays on the server until its timeout. */
    @Override
    public void beforeEach(ExtensionContext context) throws Exception {
        server().dropSessions();
        await().until(() -> server().sessions() == 0);
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (running != null) {
            running.close();
        }
        List<Path> files;
        try (Stream<Path> all = Files.walk(Objects.requireNonNull(directory))) {
            files = all.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.delete(file);
        }
    }
}

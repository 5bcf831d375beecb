package io.sluice.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How a benchmark starts a Java process of its own: with this one's class path, and collector and headers as the gateway's
 * launcher has them. Without its AOT cache, which says nothing after the start.
 */
public final class JavaCommand {

    private JavaCommand() {}

    /** @param heap flags for its size; {@code -Xmx} at least */
    public static List<String> of(List<String> heap, Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders"));
        command.addAll(heap);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}

package io.sluice.gateway.e2e;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Commands of Sluice as processes of their own, from the classes under test. */
final class Sluice {
    /** The flags of the launcher that matter to behaviour, and those that make a short life cheap. */
    private static final List<String> JVM = List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            "io.sluice.gateway.Main");

    private Sluice() {}

    static Peer start(Path directory, String... arguments) {
        return start(directory, Map.of(), arguments);
    }

    static Peer start(Path directory, Map<String, String> environment, String... arguments) {
        List<String> command = new ArrayList<>(JVM);
        command.addAll(Arrays.asList(arguments));
        return Peer.start("sluice " + String.join(" ", arguments), directory, environment, command);
    }
}

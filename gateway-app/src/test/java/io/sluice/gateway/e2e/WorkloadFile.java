package io.sluice.gateway.e2e;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The gateway's file of a {@code Workload}, and the command that starts it. */
final class WorkloadFile {

    private WorkloadFile() {}

    static Path write(Path directory, String brokerUrl, Path outbox) throws IOException {
        List<String> lines = List.of(
                "schema: 1",
                "gateway: { id: crash }",
                "northbound:",
                "  broker: { brokers: [ \"%s\" ], reconnect-max: 1s }".formatted(brokerUrl),
                "outbox: { directory: %s, min-free: 0B, max-age: 1d }".formatted(outbox),
                "devices:",
                "  - id: unused",
                "    protocol: modbus",
                "    connection: { host: 127.0.0.1 }",
                "    tags: { n: { table: holding, address: 0 } }");
        return Files.write(directory.resolve("workload.yaml"), lines);
    }

    /** Small and quick to start: it is killed soon. */
    static List<String> command(Path file, String host, int port) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                "io.sluice.gateway.runtime.Workload",
                file.toString(),
                host,
                Integer.toString(port));
    }
}

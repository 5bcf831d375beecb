package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DemoTest {
    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void demoPrintsReadingsOfThreeProtocolsAndEndsWithACompleteVerdict(String format) throws IOException {
        Path file = demoWithFormat(format);
        try (Peer demo = Sluice.start(directory, "demo", file.toString(), "--duration", "8s")) {
            assertThat(demo.awaitExit(Duration.ofSeconds(60)))
                    .as(demo.transcript())
                    .isZero();
            List<String> output = demo.output();
            assertThat(output)
                    .as(demo.transcript())
                    .anyMatch(line -> line.matches(".*\\d\\d:\\d\\d:\\d\\d\\.\\d+Z +meter-1 .* V .*good.*"))
                    .anyMatch(line -> line.matches(".*press-2 .*good.*"))
                    .anyMatch(line -> line.matches(".*cabinet .*good.*"));
            assertThat(output.stream().filter(line -> line.contains("missing ")))
                    .as(demo.transcript())
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allMatch(line -> line.contains("missing 0") && line.contains("lost 0"));
        }
    }

    /** The example with the one key changed. */
    private Path demoWithFormat(String format) throws IOException {
        Path example = Needs.repository().resolve("examples/demo");
        Path profiles = Files.createDirectories(directory.resolve("profiles"));
        try (DirectoryStream<Path> files = Files.newDirectoryStream(example.resolve("profiles"))) {
            for (Path file : files) {
                Files.copy(file, profiles.resolve(file.getFileName()));
            }
        }
        String text = Files.readString(example.resolve("gateway.yaml"));
        assertThat(text).contains("format: protobuf");
        return Files.writeString(
                directory.resolve("gateway.yaml"), text.replace("format: protobuf", "format: " + format));
    }
}

package io.sluice.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A module with many classes tells its reader in {@code package-info.java} which belong together. */
class PackageMapTest {

    private static final Pattern LINK = Pattern.compile("\\{@link\\s+(?:\\*\\s+)?(\\w+)}");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "device-profiles/src/main/java/io/sluice/profiles",
                "telemetry/src/main/java/io/sluice/telemetry",
                "adapters/modbus/src/main/java/io/sluice/adapter/modbus",
                "adapters/opcua/src/main/java/io/sluice/adapter/opcua",
                "mqtt-core/src/main/java/io/sluice/mqtt",
                "store-and-forward/src/main/java/io/sluice/outbox",
            })
    void everyClassStandsOnceInTheMapOfItsPackage(String folder) throws IOException {
        Path sources = Path.of("..", folder);
        String map = Files.readString(sources.resolve("package-info.java"));
        List<String> mapped = LINK.matcher(map)
                .results()
                .map((MatchResult link) -> link.group(1))
                .toList();
        try (Stream<Path> files = Files.list(sources)) {
            List<String> classes = files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".java") && !name.equals("package-info.java"))
                    .map(name -> name.substring(0, name.length() - ".java".length()))
                    .toList();
            assertThat(mapped).containsExactlyInAnyOrderElementsOf(classes);
        }
    }
}

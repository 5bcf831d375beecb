package io.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.profiles.Problems;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every YAML file of examples/ and every YAML block of README.md and docs/ loads. A block that begins with
 * {@code schema: 1} is a whole file. Any other block stands behind {@code <!-- fragment of: gateway -->}: its keys replace
 * those of a small gateway file, or, behind {@code <!-- fragment of: modbus profile -->}, those of a small profile. Files
 * that a block names are looked for in examples/plant.
 */
class DocumentedYamlTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Map<String, String> ENVIRONMENT =
            Map.of("DEMO_MODBUS_PORT", "1502", "DEMO_OPCUA_PORT", "4840", "DEMO_MQTT_PORT", "1883");
    private static final Pattern BLOCK = Pattern.compile(
            "(?:<!-- fragment of: ([a-z ]+) -->\\n\\s*)?^( *)```yaml\\n(.*?)^ *```",
            Pattern.DOTALL | Pattern.MULTILINE);
    private static final Pattern KEY = Pattern.compile("(?m)^([a-z-]+):");
    private static final Protocols PROTOCOLS = Protocols.installed();

    private static final Map<String, String> GATEWAY = chunks("""
            schema: 1
            northbound:
              cloud: { brokers: [ "mqtt://localhost" ] }
            devices:
              - { id: meter-1, profile: eastron-sdm630, connection: { host: localhost } }
            """);
    private static final Map<String, String> PROFILE = chunks("""
            schema: 1
            profile: example
            protocol: PROTOCOL
            """);

    @TempDir
    private Path directory;

    private record Block(String name, String fragmentOf, String yaml) {}

    @TestFactory
    Stream<DynamicTest> everyExampleLoads() throws IOException {
        return files(ROOT.resolve("examples"), ".yaml")
                .map(file -> DynamicTest.dynamicTest(ROOT.relativize(file).toString(), () -> loads(file)));
    }

    @TestFactory
    Stream<DynamicTest> everyBlockOfTheDocsLoads() throws IOException {
        return Stream.concat(Stream.of(ROOT.resolve("README.md")), files(ROOT.resolve("docs"), ".md"))
                .flatMap(page -> blocks(page).stream())
                .map(block -> DynamicTest.dynamicTest(block.name(), () -> loadsBlock(block)));
    }

    @Test
    void seesTheBlocksOfTheReadme() {
        assertThat(blocks(ROOT.resolve("README.md"))).isNotEmpty();
    }

    private static Stream<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(ending)).sorted().toList().stream();
        }
    }

    private static List<Block> blocks(Path page) {
        List<Block> blocks = new ArrayList<>();
        String text = read(page);
        Matcher matcher = BLOCK.matcher(text);
        while (matcher.find()) {
            long line = text.substring(0, matcher.start(3)).lines().count() + 1;
            String of = matcher.group(1) == null ? "" : matcher.group(1);
            blocks.add(new Block(
                    ROOT.relativize(page) + ":" + line,
                    of,
                    matcher.group(3).replaceAll("(?m)^" + matcher.group(2), "")));
        }
        return blocks;
    }

    private void loadsBlock(Block block) throws IOException {
        Path folder = Files.createTempDirectory(directory, "block");
        Files.createDirectory(folder.resolve("profiles"));
        Files.copy(ROOT.resolve("examples/plant/profiles/press.yaml"), folder.resolve("profiles/press.yaml"));
        for (String file : List.of("ca.pem", "client.pem", "mqtt.password")) {
            Files.writeString(folder.resolve(file), "-");
        }
        Path file = folder.resolve("block.yaml");
        Files.writeString(file, whole(block));
        loads(file);
    }

    private static String whole(Block block) {
        if (block.yaml().startsWith("schema: 1")) {
            return block.yaml();
        }
        assertThat(block.fragmentOf())
                .as("the block at %s begins with neither 'schema: 1' nor a fragment comment", block.name())
                .isNotEmpty();
        boolean gateway = block.fragmentOf().equals("gateway");
        Map<String, String> base = new LinkedHashMap<>(gateway ? GATEWAY : PROFILE);
        base.keySet().removeAll(chunks(block.yaml()).keySet());
        return String.join("", base.values())
                        .replace("PROTOCOL", block.fragmentOf().replace(" profile", ""))
                + block.yaml();
    }

    /** The text by its top-level keys. */
    private static Map<String, String> chunks(String yaml) {
        Map<String, String> chunks = new LinkedHashMap<>();
        Matcher matcher = KEY.matcher(yaml);
        List<Integer> starts = new ArrayList<>();
        List<String> keys = new ArrayList<>();
        while (matcher.find()) {
            starts.add(matcher.start());
            keys.add(matcher.group(1));
        }
        for (int i = 0; i < keys.size(); i++) {
            chunks.put(
                    keys.get(i),
                    yaml.substring(starts.get(i), i + 1 < starts.size() ? starts.get(i + 1) : yaml.length()));
        }
        return chunks;
    }

    private static void loads(Path file) {
        Problems problems = new Problems();
        ConfigLoader.check(file, PROTOCOLS.schemas(), ENVIRONMENT, new DevicePlans(PROTOCOLS), problems);
        assertThat(problems.sorted())
                .filteredOn(problem -> !problem.message().startsWith("credential "))
                .isEmpty();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

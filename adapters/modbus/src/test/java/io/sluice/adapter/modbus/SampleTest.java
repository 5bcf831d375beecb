package io.sluice.adapter.modbus;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.DeviceLoader;
import io.sluice.profiles.Node;
import io.sluice.profiles.Problems;
import io.sluice.profiles.ProfileLibrary;
import io.sluice.profiles.Substitution;
import io.sluice.profiles.YamlReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README shows loads as it stands. */
final class SampleTest {

    @Test
    void theReadmeShowsTheSampleFiles() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        assertThat(readme).contains("```yaml\n" + sample("sample-profile.yaml") + "```");
        assertThat(readme).contains("```yaml\n" + sample("sample-connections.yaml") + "```");
    }

    @Test
    void theReadmeNamesEverySettingAndType() throws IOException {
        String readme = Files.readString(Path.of("README.md"));

        for (var settings : List.of(
                ModbusSettings.SCHEMA.connection(), ModbusSettings.SCHEMA.profile(), ModbusSettings.SCHEMA.tag())) {
            assertThat(settings).allSatisfy(setting -> assertThat(readme).contains("`" + setting.name() + "`"));
        }
        assertThat(DataType.values()).allSatisfy(type -> assertThat(readme).contains("`" + type.key() + "`"));
    }

    @Test
    void theSampleProfileIsWithoutProblem(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("pump-station.yaml"), sample("sample-profile.yaml"));
        String gateway = "devices:\n  - { id: d, profile: ./pump-station.yaml, connection: { host: 10.0.0.12 } }\n";
        Files.writeString(directory.resolve("gateway.yaml"), gateway);

        List<ModbusPlan> plans = plans(directory.resolve("gateway.yaml"));

        assertThat(plans.getFirst().tags()).hasSize(9);
        assertThat(plans.getFirst().limits().maxRegisters()).isEqualTo(60);
    }

    @Test
    void theSampleConnectionsAreWithoutProblem(@TempDir Path directory) throws IOException {
        Files.writeString(directory.resolve("gateway.yaml"), sample("sample-connections.yaml"));

        List<ModbusPlan> plans = plans(directory.resolve("gateway.yaml"));

        assertThat(plans).hasSize(4);
        assertThat(plans.get(1).endpoint()).isEqualTo(plans.get(0).endpoint());
        assertThat(plans.get(3).endpoint()).isInstanceOf(Endpoint.RtuOverTcp.class);
    }

    @Test
    void everyModbusProfileOfTheLibraryIsWithoutProblem(@TempDir Path directory) throws IOException {
        for (String name : ProfileLibrary.NAMES) {
            if (ProfileLibrary.text(name).contains("\nprotocol: modbus\n")) {
                String gateway = "devices:\n  - { id: d, profile: " + name + ", connection: { host: 10.0.0.12 } }\n";
                Files.writeString(directory.resolve("gateway.yaml"), gateway);

                assertThat(plans(directory.resolve("gateway.yaml"))).as(name).hasSize(1);
            }
        }
    }

    static List<ModbusPlan> plans(Path file) {
        Problems problems = new Problems();
        Substitution substitution = new Substitution(Map.of(), true);
        Node.Mapping root =
                YamlReader.read(file, substitution, problems).orElseThrow(() -> new AssertionError(problems.sorted()));
        List<DeviceDefinition> devices =
                DeviceLoader.load(root, Map.of("modbus", ModbusSettings.SCHEMA), substitution, problems);
        List<ModbusPlan> plans = devices.stream()
                .flatMap(device -> new DeviceChecker(device, problems).plan().stream())
                .toList();
        assertThat(problems.sorted()).isEmpty();
        return plans;
    }

    private static String sample(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(SampleTest.class.getResourceAsStream("/" + name))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

package io.sluice.mqtt.stranger;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mqtt.MqttClient;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What a stranger sees of the client. */
class PublicApiTest {

    @Test
    void isOfEightTypesWithWhatIsNestedInThem() throws Exception {
        Path classes = Path.of(MqttClient.class.getResource("MqttClient.class").toURI())
                .getParent();
        List<String> seen = new ArrayList<>();
        try (Stream<Path> files = Files.list(classes)) {
            for (Path file : files.filter(PublicApiTest::isTopLevel).toList()) {
                String name = file.getFileName().toString().replace(".class", "");
                Class<?> type = Class.forName("io.sluice.mqtt." + name, false, MqttClient.class.getClassLoader());
                if (Modifier.isPublic(type.getModifiers())) {
                    seen.add(name);
                }
            }
        }

        assertThat(seen)
                .containsExactlyInAnyOrder(
                        "MqttClient",
                        "MqttOptions",
                        "TransportOptions",
                        "ConnectionListener",
                        "Publish",
                        "Outcome",
                        "Subscribe",
                        "Reason");
    }

    private static boolean isTopLevel(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(".class") && !name.contains("$") && !name.equals("package-info.class");
    }
}

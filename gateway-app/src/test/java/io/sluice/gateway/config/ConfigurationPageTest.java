package io.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mqtt.MqttOptions;
import io.sluice.outbox.OutboxSettings;
import io.sluice.profiles.CommonKeys;
import io.sluice.profiles.ProfileLibrary;
import io.sluice.profiles.ProtocolSchema;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * The tables of docs/configuration.md are what the code says. After a change of a setting, {@code -Dsluice.docs=write}
 * writes them anew.
 */
class ConfigurationPageTest {

    private static final Path PAGE = Path.of("../docs/configuration.md");
    private static final Pattern TABLE =
            Pattern.compile("(<!-- table: ([a-z ]+) -->\n)(.*?)(<!-- end of table -->)", Pattern.DOTALL);

    private static Map<String, String> tables() {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put("gateway", ReferenceTable.of(GatewayKeys.FILE));
        tables.put("northbound", ReferenceTable.of(GatewayKeys.ENTRY));
        tables.put("device", ReferenceTable.of(CommonKeys.DEVICE));
        tables.put("profile", ReferenceTable.of(CommonKeys.PROFILE_FILE));
        tables.put("tag", ReferenceTable.of(CommonKeys.TAG));
        Protocols.installed().schemas().forEach((name, schema) -> addProtocol(tables, name, schema));
        tables.put(
                "library",
                ProfileLibrary.NAMES.stream()
                        .map(name -> "- `" + name + "`: " + title(name))
                        .collect(Collectors.joining("\n", "", "\n")));
        return tables;
    }

    private static void addProtocol(Map<String, String> tables, String name, ProtocolSchema schema) {
        tables.put(name + " connection", ReferenceTable.of(schema.connection()));
        if (!schema.profile().isEmpty()) {
            tables.put(name + " profile", ReferenceTable.of(schema.profile()));
        }
        tables.put(name + " tag", ReferenceTable.of(schema.tag()));
    }

    private static String title(String profile) {
        return ProfileLibrary.text(profile)
                .lines()
                .filter(line -> line.startsWith("title: "))
                .map(line -> line.substring("title: ".length()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void hasTheTableOfEverySetting() throws Exception {
        Map<String, String> tables = tables();
        if ("write".equals(System.getProperty("sluice.docs"))) {
            write(tables);
        }
        Map<String, String> found = new LinkedHashMap<>();
        Matcher matcher = TABLE.matcher(Files.readString(PAGE));
        while (matcher.find()) {
            found.put(matcher.group(2), matcher.group(3));
        }
        assertThat(found).containsExactlyInAnyOrderEntriesOf(tables);
    }

    private static void write(Map<String, String> tables) throws Exception {
        String page = TABLE.matcher(Files.readString(PAGE))
                .replaceAll(table -> Matcher.quoteReplacement(
                        table.group(1) + tables.getOrDefault(table.group(2), "") + table.group(4)));
        Files.writeString(PAGE, page);
    }

    @Test
    void defaultsAreThoseOfTheModulesThatUseThem() {
        OutboxSettings outbox = OutboxSettings.defaults(Path.of("x"));
        MqttOptions mqtt = MqttOptions.defaults(List.of(URI.create("mqtt://h")), "c");

        assertThat(GatewayKeys.MAX_SIZE.fallback()).isEqualTo(outbox.maxBytes());
        assertThat(GatewayKeys.MIN_FREE.fallback()).isEqualTo(outbox.minFreeBytes());
        assertThat(GatewayKeys.FLUSH_INTERVAL.fallback()).isEqualTo(outbox.flushInterval());
        assertThat(String.valueOf(GatewayKeys.WHEN_FULL.fallback()))
                .isEqualTo(outbox.whenFull().name());
        assertThat(GatewayKeys.WINDOW.fallback()).isEqualTo(mqtt.window());
        assertThat(GatewayKeys.KEEP_ALIVE.fallback()).isEqualTo(mqtt.keepAlive());
        assertThat(GatewayKeys.ACK_TIMEOUT.fallback()).isEqualTo(mqtt.ackTimeout());
        assertThat(GatewayKeys.RECONNECT_MAX.fallback()).isEqualTo(mqtt.backoffMax());
    }
}

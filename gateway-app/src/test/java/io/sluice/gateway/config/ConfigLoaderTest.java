package io.sluice.gateway.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.gateway.config.ConfigLoader.Mode;
import io.sluice.gateway.config.Northbound.Format;
import io.sluice.gateway.config.Northbound.Version;
import io.sluice.gateway.config.OutboxConfig.Replay;
import io.sluice.gateway.config.OutboxConfig.WhenFull;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Problems;
import io.sluice.profiles.ProtocolSchema;
import io.sluice.profiles.Setting;
import io.sluice.profiles.SettingType;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ConfigLoaderTest {

    private static final Map<String, ProtocolSchema> PROTOCOLS = Map.of(
            "modbus",
            new ProtocolSchema(
                    "modbus",
                    List.of(
                            Setting.optional("host", SettingType.text(), "Host."),
                            Setting.optional("unit-id", SettingType.integer(0, 255), "Unit id.")),
                    List.of(
                            Setting.optional("request.max-registers", SettingType.integer(1, 125), "Registers."),
                            Setting.optional("request.max-gap", SettingType.integer(0, 125), "Gap.")),
                    List.of(
                            Setting.optional("table", SettingType.text(), "Table."),
                            Setting.optional("type", SettingType.text(), "Type."),
                            Setting.optional("order", SettingType.text(), "Order."),
                            Setting.optional("address", SettingType.integer(0, 65_535), "Address."))));

    private static final String DEVICES = """
            devices:
              - { id: meter-1, profile: eastron-sdm630, connection: { host: 10.0.0.12, unit-id: 1 } }
            """;

    @TempDir
    private Path directory;

    private final Problems problems = new Problems();
    private final Map<String, String> environment = new HashMap<>();
    private Path file = Path.of("gateway.yaml");

    @BeforeEach
    void placeTheFile() {
        file = directory.resolve("gateway.yaml");
    }

    private Optional<GatewayConfig> load(Mode mode, String yaml) throws Exception {
        Files.writeString(file, yaml);
        return ConfigLoader.load(file, PROTOCOLS, mode, environment, problems);
    }

    private GatewayConfig loadSound(String yaml) throws Exception {
        Optional<GatewayConfig> config = load(Mode.RUN, yaml);
        assertThat(problems.sorted()).isEmpty();
        return config.orElseThrow();
    }

    private static String minimal(String gateway, String entry) {
        return "schema: 1\n" + gateway + "northbound:\n  cloud:\n    brokers: [ \"mqtt://localhost\" ]\n" + entry
                + DEVICES;
    }

    private List<String> told() {
        return problems.sorted().stream()
                .map(problem -> problem.toString().replace(directory + "/", ""))
                .toList();
    }

    @Test
    void readsEveryKey() throws Exception {
        Files.writeString(directory.resolve("mqtt.password"), "secret\n");
        Files.writeString(directory.resolve("ca.pem"), "-");
        Files.writeString(directory.resolve("client.pem"), "-");
        Path credentials = Files.createDirectory(directory.resolve("credentials"));
        Files.writeString(credentials.resolve("client.key"), "-");
        environment.put("CREDENTIALS_DIRECTORY", credentials.toString());

        GatewayConfig config = loadSound("""
                schema: 1
                gateway: { id: plant-7, labels: { site: berlin } }
                northbound:
                  cloud:
                    brokers: [ "mqtts://broker.example:8883", "mqtts://standby.example" ]
                    protocol: mqtt-3.1.1
                    client-id: "sluice-{gateway}"
                    username: u
                    password: "${file:mqtt.password}"
                    keep-alive: 45s
                    format: json
                    topic: "{site}/{gateway}/{kind}/{device}"
                    retain: false
                    batch: { max-size: 32KiB }
                    window: 20
                    ack-timeout: 10s
                    reconnect-max: 1min
                    preferred-retry: 5min
                    tls: { ca: ca.pem, certificate: client.pem, key: "${credential:client.key}", server-name: broker, alpn: [ x ] }
                    proxy: { url: "http://proxy.example:8080", username: p, password: q }
                outbox:
                  directory: state
                  max-size: 1GiB
                  max-age: 30d
                  min-free: 1MiB
                  flush-interval: 200ms
                  when-full: drop-newest
                  replay: in-order
                  replay-rate: 2000/s
                """ + DEVICES);

        assertThat(config.id()).isEqualTo("plant-7");
        assertThat(config.labels()).isEqualTo(Map.of("site", "berlin"));
        assertThat(config.devices()).extracting(DeviceDefinition::id).containsExactly("meter-1");
        assertThat(config.northbound())
                .isEqualTo(new Northbound(
                        "cloud",
                        List.of(URI.create("mqtts://broker.example:8883"), URI.create("mqtts://standby.example")),
                        Version.MQTT_3_1_1,
                        "sluice-plant-7",
                        Optional.of("u"),
                        Optional.of("secret"),
                        Duration.ofSeconds(45),
                        Format.JSON,
                        "{site}/{gateway}/{kind}/{device}",
                        false,
                        32 << 10,
                        20,
                        Duration.ofSeconds(10),
                        Duration.ofMinutes(1),
                        Duration.ofMinutes(5),
                        new Northbound.Tls(
                                Optional.of(directory.resolve("ca.pem")),
                                Optional.of(directory.resolve("client.pem")),
                                Optional.of(credentials.resolve("client.key")),
                                Optional.empty(),
                                Optional.empty(),
                                true,
                                Optional.of("broker"),
                                List.of("x")),
                        Optional.of(new Northbound.Proxy(
                                URI.create("http://proxy.example:8080"), Optional.of("p"), Optional.of("q")))));
        assertThat(config.outbox())
                .isEqualTo(new OutboxConfig(
                        directory.resolve("state"),
                        1L << 30,
                        Optional.of(Duration.ofDays(30)),
                        1L << 20,
                        Duration.ofMillis(200),
                        WhenFull.DROP_NEWEST,
                        Replay.IN_ORDER,
                        OptionalInt.of(2000)));
    }

    @Test
    void fillsInTheDefaults() throws Exception {
        GatewayConfig config = loadSound(minimal("gateway: { id: g }\n", ""));

        assertThat(config.northbound())
                .isEqualTo(new Northbound(
                        "cloud",
                        List.of(URI.create("mqtt://localhost")),
                        Version.MQTT_5,
                        "g",
                        Optional.empty(),
                        Optional.empty(),
                        Duration.ofSeconds(30),
                        Format.PROTOBUF,
                        "sluice/v1/{gateway}/{kind}/{device}",
                        true,
                        64 << 10,
                        100,
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(30),
                        Duration.ofMinutes(10),
                        new Northbound.Tls(
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                Optional.empty(),
                                true,
                                Optional.empty(),
                                List.of("mqtt")),
                        Optional.empty()));
        assertThat(config.outbox())
                .isEqualTo(new OutboxConfig(
                        directory.resolve(".sluice"),
                        512L << 20,
                        Optional.empty(),
                        256L << 20,
                        Duration.ZERO,
                        WhenFull.DROP_OLDEST,
                        Replay.LIVE_FIRST,
                        OptionalInt.empty()));
    }

    @Test
    void takesTheHostNameForTheIdAndSystemdsStateDirectoryForTheOutbox() throws Exception {
        environment.put("STATE_DIRECTORY", "/var/lib/sluice:/var/lib/other");

        GatewayConfig config = loadSound(minimal("", ""));

        assertThat(config.id()).isEqualTo(HostName.read());
        assertThat(config.outbox().directory()).isEqualTo(Path.of("/var/lib/sluice"));
    }

    @Test
    void reportsEveryProblemAtOnce() throws Exception {
        assertThat(load(Mode.RUN, """
                schema: 1
                gateway: { id: plant-7 }
                northbound:
                  cloud:
                    brokers: [ "mqtt://localhost" ]
                    password: "${file:/does/not/exist}"
                devices:
                  - { id: meter-1, profile: eastron-sdm630, connection: { host: h, unit: 1 } }
                  - { id: meter-2, profile: eastron-sdm630, connection: { host: h }, poll: 5 sec }
                  - { id: meter-3, profile: eastron-smd630, connection: { host: h } }
                  - { id: meter-1, profile: eastron-sdm630, connection: { host: h } }
                """)).isEmpty();

        assertThat(told())
                .containsExactly(
                        "gateway.yaml:6:15: error: cannot read file '/does/not/exist': there is no such file, wanted for "
                                + "password",
                        "gateway.yaml:8:68: error: unknown key 'unit' in connection (did you mean 'unit-id'?)",
                        "gateway.yaml:9:76: error: bad duration '5 sec' for poll, expected a duration such as 500ms, 2s "
                                + "or 1h, from 1ms to 1d",
                        "gateway.yaml:10:29: error: unknown profile 'eastron-smd630' (did you mean 'eastron-sdm630'?); a "
                                + "file of your own contains a slash or ends in .yaml",
                        "gateway.yaml:11:11: error: device id 'meter-1' is there twice, first at gateway.yaml:8:11");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "topic: 'a/{gateway}/{kind}'              | the topic lacks {device}",
                "topic: '{gateway}/{kind}/{device}/{tag}' | placeholder {tag} is known, but not yet available",
                "topic: '{gateway}/{kind}/{device}/{sit}' | unknown placeholder {sit} in the topic (did you mean 'site'?)",
                "topic: '{gateway}/{kind}/{device}/#'     | the topic contains + or #, which only filters may contain",
                "topic: '{gateway}/{kind}/{device}/}'     | the topic has a brace without its partner",
                "topic: '$x/{gateway}/{kind}/{device}'    | the topic begins with $, which is the broker's own",
                "topic: '{gateway}/{kind}/{device}/{area}' | label area is 'a/b', but the topic uses it",
                "client-id: '{device}'                    | client-id contains a placeholder other than {gateway}",
                "format: sparkplug-b                      | format 'sparkplug-b' is known, but not yet available",
                "format: xml                              | bad value 'xml' for format, expected protobuf or json",
                "window: 0                                | expected a whole number from 1 to 65535",
                "batch: 64KiB                             | batch is not a map, expected keys max-size",
                "batch: { max-sise: 64KiB }               | unknown key 'max-sise' in batch (did you mean 'max-size'?)",
                "tls: { certificate: gateway.yaml }       | tls.certificate and tls.key belong together",
                "tls: { ca: gateway.yaml }                | tls.ca is given, but no broker begins with mqtts:// or wss://",
                "tls: { verify-hostname: false }          | tls.verify-hostname is given, but no broker begins with mqtts://",
                "tls: { keystore: gateway.yaml }          | tls.keystore and tls.keystore-password belong together",
                "proxy: { url: 'ftp://proxy' }            | expected http://HOST[:PORT] or socks5://HOST[:PORT]",
                "proxy: { username: u }                   | proxy.username is given without proxy.url",
                "proxy: { url: 'http://p', password: x }  | proxy.password is given without proxy.username",
                "preferred-retry: -1s                     | bad duration '-1s' for preferred-retry",
                "tls: { ca: missing.pem }                 | cannot read file",
                "keep-alife: 30s                          | unknown key 'keep-alife' in northbound (did you mean 'keep-alive'?)",
            })
    void refusesWhatCannotWork(String line, String message) throws Exception {
        assertThat(load(
                        Mode.RUN,
                        minimal("gateway: { id: g, labels: { site: x, area: a/b } }\n", "    " + line + "\n")))
                .isEmpty();
        assertThat(told()).anySatisfy(told -> assertThat(told).contains(message));
    }

    @ParameterizedTest
    @CsvSource({
        "http://localhost",
        "localhost:1883",
        "mqtt://",
        "mqtt://h/path",
        "mqtt://u:p@h",
        "mqtt://h:0",
        "mqtt://h:70000",
        "mqtt://a b",
        "ws://u:p@h/mqtt",
        "wss://"
    })
    void refusesWhatIsNoBroker(String broker) throws Exception {
        assertThat(load(Mode.RUN, minimal("", "").replace("mqtt://localhost", broker)))
                .isEmpty();
        assertThat(told().getFirst()).startsWith("gateway.yaml:4:16: error: bad broker '" + broker + "'");
    }

    @Test
    void refusesAPasswordWithoutUserNameWhereMqttDoes() throws Exception {
        assertThat(load(Mode.RUN, minimal("", "    protocol: mqtt-3.1.1\n    password: x\n")))
                .isEmpty();
        assertThat(told())
                .containsExactly(
                        "gateway.yaml:6:15: error: password without username, which MQTT 3.1.1 does not allow");
    }

    @Test
    void refusesTwoEntriesNorthbound() throws Exception {
        assertThat(load(Mode.RUN, minimal("", "  second: { brokers: [ \"mqtt://b\" ] }\n")))
                .isEmpty();
        assertThat(told())
                .containsExactly(
                        "gateway.yaml:5:3: error: northbound has more than one entry: that is not yet available");
    }

    @ParameterizedTest
    @CsvSource({
        "'\"127.0.0.1:8080\"', 127.0.0.1, 8080",
        "'\"0.0.0.0:80\"',     0.0.0.0,   80",
        "'\"[::1]:8080\"',     ::1,       8080",
        "8080,                 127.0.0.1, 8080",
        "'\":8080\"',          127.0.0.1, 8080",
        "gateway.local:9100,   gateway.local, 9100"
    })
    void readsWhereThePagesAre(String written, String host, int port) throws Exception {
        GatewayConfig config = loadSound(minimal("http: { listen: " + written + " }\n", ""));
        assertThat(config.httpListen()).contains(InetSocketAddress.createUnresolved(host, port));
    }

    @Test
    void hasNoPagesUnlessTheyAreAskedFor() throws Exception {
        assertThat(loadSound(minimal("", "")).httpListen()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1:0", "127.0.0.1:65536", "http://localhost:80", "h:8080/metrics"})
    void refusesAPlaceForPagesThatIsNone(String written) throws Exception {
        assertThat(load(Mode.RUN, minimal("http: { listen: \"" + written + "\" }\n", "")))
                .isEmpty();
        assertThat(told())
                .containsExactly("gateway.yaml:2:17: error: bad address '" + written
                        + "' for http.listen, expected HOST:PORT" + " such as 127.0.0.1:8080, or a port such as 8080");
    }

    @Test
    void wantsASchemaItKnows() throws Exception {
        assertThat(load(Mode.RUN, minimal("", "").replace("schema: 1\n", ""))).isEmpty();
        assertThat(load(Mode.RUN, minimal("", "").replace("schema: 1", "schema: 2")))
                .isEmpty();
        assertThat(told())
                .containsExactly(
                        "gateway.yaml:1:1: error: key 'schema' is missing in the file, expected 1",
                        "gateway.yaml:1:9: error: bad value '2' for schema, expected 1");
    }

    @Test
    void warnsOfAnUnsetCredentialInCheckOnly() throws Exception {
        String yaml = minimal("gateway: { id: g }\n", "    username: u\n    password: \"${credential:mqtt}\"\n");

        assertThat(load(Mode.CHECK, yaml)).isPresent();
        assertThat(told()).hasSize(1).first().asString().contains(":7:15: warning: credential 'mqtt' is not set");
        assertThat(load(Mode.RUN, yaml)).isEmpty();
    }

    @Test
    void looksIntoSoundDevicesEvenWhereOthersHaveErrors() throws Exception {
        Files.writeString(file, minimal("", "") + "  - { id: bad, profile: nope }\n");
        List<String> seen = new ArrayList<>();

        ConfigLoader.load(file, PROTOCOLS, Mode.RUN, environment, (device, told) -> seen.add(device.id()), problems);

        assertThat(seen).containsExactly("meter-1");
    }

    @Test
    void checksAProfileByItself() throws Exception {
        Files.writeString(file, "schema: 1\nprofile: p\nprotocol: modbus\ntags:\n  a: { addres: 1 }\n");

        ConfigLoader.check(file, PROTOCOLS, environment, ConfigLoader.DeviceCheck.NONE, problems);

        assertThat(told())
                .containsExactly("gateway.yaml:5:8: error: unknown key 'addres' in tag a (did you mean 'address'?)");
    }

    @Test
    void asksTheProtocolOfAProfileThatStandsAlone() throws Exception {
        Files.writeString(file, """
                schema: 1
                profile: p
                protocol: modbus
                tags:
                  a: { table: holding, address: 65535, type: float32 }
                  b: { table: holding, address: 1, type: int16, writable: true }
                """);
        Protocols installed = Protocols.installed();

        ConfigLoader.check(file, installed.schemas(), environment, new DevicePlans(installed), problems);

        assertThat(told())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("gateway.yaml:5:")
                .contains("65535");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "opcua | node: \"ns=2;s=A\" | names its namespace by index",
                "gpio  | line: 17, type: counter, states: { 0: a, 1: b } | a counter has no states"
            })
    void asksEveryProtocolOfAProfileThatStandsAlone(String protocol, String tag, String problem) throws Exception {
        Files.writeString(file, "schema: 1\nprofile: p\nprotocol: " + protocol + "\ntags:\n  a: { " + tag + " }\n");
        Protocols installed = Protocols.installed();

        ConfigLoader.check(file, installed.schemas(), environment, new DevicePlans(installed), problems);

        assertThat(told())
                .hasSize(1)
                .first()
                .asString()
                .startsWith("gateway.yaml:5:")
                .contains(problem);
    }

    @Test
    void neverShowsThePassword() throws Exception {
        GatewayConfig config = loadSound(minimal("", "    username: u\n    password: s3cret\n"));

        assertThat(config.toString()).doesNotContain("s3cret");
    }
}

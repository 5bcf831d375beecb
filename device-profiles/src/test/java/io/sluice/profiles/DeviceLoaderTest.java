package io.sluice.profiles;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceLoaderTest {

    @TempDir
    private Path directory;

    private final Problems problems = new Problems();

    private List<DeviceDefinition> load(String yaml) {
        Substitution substitution = new Substitution(Map.of(), true);
        String file = directory.resolve("g.yaml").toString();
        return YamlReader.read(file, yaml, substitution, problems)
                .map(root -> DeviceLoader.load(root, MeterSchema.ALL, substitution, problems))
                .orElse(List.of());
    }

    private DeviceDefinition loadOne(String yaml) {
        List<DeviceDefinition> devices = load(yaml);
        assertThat(problems.sorted()).isEmpty();
        assertThat(devices).hasSize(1);
        return devices.getFirst();
    }

    private List<String> told() {
        return problems.sorted().stream()
                .map(problem -> problem.toString().replace(directory + "/", ""))
                .toList();
    }

    private static TagDefinition tag(DeviceDefinition device, String name) {
        return device.tags().stream()
                .filter(tag -> tag.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void readsADeviceWithAProfileOfTheLibrary() {
        DeviceDefinition meter = loadOne("""
                devices:
                  - { id: meter-1, profile: eastron-sdm630, connection: { host: 10.0.0.12, unit-id: 1 }, poll: 2s }
                """);

        assertThat(meter.id()).isEqualTo("meter-1");
        assertThat(meter.mark().line()).isEqualTo(2);
        assertThat(meter.mark().column()).isEqualTo(11);
        assertThat(meter.profile()).contains("eastron-sdm630");
        assertThat(meter.poll()).isEqualTo(Duration.ofSeconds(2));
        assertThat(meter.connection().get(MeterSchema.HOST)).isEqualTo("10.0.0.12");
        assertThat(meter.connection().get(MeterSchema.PORT)).isEqualTo(502);
        assertThat(meter.settings().get(MeterSchema.MAX_REGISTERS)).isEqualTo(80);
        TagDefinition energy = tag(meter, "energy-total");
        assertThat(energy.unit()).isEqualTo("kWh");
        assertThat(energy.poll()).contains(Duration.ofSeconds(10));
        assertThat(energy.settings().get(MeterSchema.ADDRESS)).isEqualTo(342);
        assertThat(energy.settings().get(MeterSchema.TABLE)).isEqualTo("input");
        assertThat(energy.settings().mark(MeterSchema.TABLE).file()).isEqualTo("library/eastron-sdm630.yaml");
    }

    @Test
    void readsADeviceWithoutProfile() {
        DeviceDefinition meter = loadOne("""
                devices:
                  - id: heater
                    protocol: modbus
                    labels: { line: line-2 }
                    connection: { serial: /dev/ttyUSB0, unit-id: 0x11 }
                    defaults: { poll: 5s, type: int32 }
                    tags:
                      temperature: { address: 4, unit: Cel, scale: 0.1, offset: -40, deadband: 1%, range: [0, 60],
                                     max-interval: 60s, description: inside }
                      door: { address: 6, states: { 0: closed, 1: open } }
                """);

        assertThat(meter.profile()).isEmpty();
        assertThat(meter.labels()).containsExactly(Map.entry("line", "line-2"));
        assertThat(meter.poll()).isEqualTo(Duration.ofSeconds(5));
        assertThat(meter.connection().get(MeterSchema.UNIT_ID)).isEqualTo(17);
        TagDefinition temperature = tag(meter, "temperature");
        assertThat(temperature.scale()).contains(new BigDecimal("0.1"));
        assertThat(temperature.offset()).contains(new BigDecimal("-40"));
        assertThat(temperature.deadband()).contains(new TagDefinition.Deadband(BigDecimal.ONE, true));
        assertThat(temperature.range().orElseThrow().high()).isEqualTo(new BigDecimal("60"));
        assertThat(temperature.maxInterval()).contains(Duration.ofMinutes(1));
        assertThat(temperature.description()).isEqualTo("inside");
        assertThat(temperature.poll()).isEmpty();
        assertThat(temperature.settings().get(MeterSchema.TYPE)).isEqualTo("int32");
        assertThat(tag(meter, "door").states()).containsEntry(1L, "open");
    }

    @Test
    void laysTheDeviceOverTheProfileKeyByKey() throws Exception {
        Files.writeString(directory.resolve("meter.yaml"), """
                schema: 1
                profile: my-meter
                protocol: modbus
                defaults: { table: input, type: float32 }
                request: { max-gap: 3, max-registers: 20 }
                tags:
                  power: { address: 12, unit: W, deadband: 5 }
                """);

        DeviceDefinition meter = loadOne("""
                devices:
                  - id: m
                    profile: meter.yaml
                    connection: { host: h, unit-id: 1 }
                    request: { max-gap: 0 }
                    tags:
                      power: { deadband: 1 }
                      extra: { address: 99, type: int16 }
                """);

        TagDefinition power = tag(meter, "power");
        assertThat(power.deadband().orElseThrow().value()).isEqualTo(BigDecimal.ONE);
        assertThat(power.unit()).isEqualTo("W");
        assertThat(power.settings().mark(MeterSchema.ADDRESS))
                .isEqualTo(new Mark(directory.resolve("meter.yaml").toString(), 7, 21));
        assertThat(meter.settings().get(MeterSchema.MAX_GAP)).isZero();
        assertThat(meter.settings().get(MeterSchema.MAX_REGISTERS)).isEqualTo(20);
        assertThat(tag(meter, "extra").settings().get(MeterSchema.TABLE)).isEqualTo("input");
        assertThat(tag(meter, "extra").settings().get(MeterSchema.TYPE)).isEqualTo("int16");
    }

    @Test
    void mergesASharedConnectionUnderTheDevicesOwn() {
        DeviceDefinition feeder = loadOne("""
                connections:
                  bus-1: { serial: /dev/ttyUSB0, port: 1502 }
                devices:
                  - { id: feeder-1, profile: eastron-sdm630, connection: { use: bus-1, unit-id: 1, port: 1503 } }
                """);

        assertThat(feeder.sharedConnection()).contains("bus-1");
        assertThat(feeder.connection().get(MeterSchema.SERIAL)).isEqualTo("/dev/ttyUSB0");
        assertThat(feeder.connection().get(MeterSchema.PORT)).isEqualTo(1503);
        assertThat(feeder.connection().mark(MeterSchema.SERIAL).line()).isEqualTo(2);
    }

    @Test
    void tellsEveryMistakeWithItsPlace() {
        assertThat(load("""
                connections:
                  bus-1: { serial: /dev/ttyUSB0, bauds: 9600 }
                  bus-2: { serial: /dev/ttyUSB1 }
                devices:
                  - { id: a, profile: eastron-smd630, connection: { unit: 1 } }
                  - { id: b, profile: eastron-sdm630, connection: { unit: 1 } }
                  - { id: b, profile: eastron-sdm630, connection: { use: bus1, unit-id: 1 } }
                  - { id: c c, protocol: modbuss, tags: {} }
                  - { id: d, protocol: modbus, connection: { use: bus-1, unit-id: 1 }, tags: {} }
                  - { id: e, profile: eastron-sdm630, connection: { unit-id: 1 }, tags: { power-totl: { deadband: 1% } } }
                  - { id: f, profile: nope.yaml, connection: { unit-id: 1 } }
                  - { id: g, connection: { unit-id: 1 } }
                  - { id: h, profile: eastron-sdm630, connection: { unit-id: 1 }, tags: { power-l1: { writable: perhaps, step: 0 } } }
                """)).isEmpty();

        assertThat(told())
                .containsExactly(
                        "g.yaml:2:34: error: unknown key 'bauds' in connection bus-1",
                        "g.yaml:3:3: warning: connection 'bus-2' is used by no device",
                        "g.yaml:5:23: error: unknown profile 'eastron-smd630' (did you mean 'eastron-sdm630'?); a file of "
                                + "your own contains a slash or ends in .yaml",
                        "g.yaml:6:51: error: key 'unit-id' is missing in connection, expected a whole number from 0 to 255",
                        "g.yaml:6:53: error: unknown key 'unit' in connection (did you mean 'unit-id'?)",
                        "g.yaml:7:11: error: device id 'b' is there twice, first at g.yaml:6:11",
                        "g.yaml:7:58: error: unknown connection 'bus1', not in connections (did you mean 'bus-1'?)",
                        "g.yaml:8:11: error: bad name 'c c' for id, expected " + Id.EXPECTED,
                        "g.yaml:8:26: error: unknown protocol 'modbuss', expected one of modbus (did you mean 'modbus'?)",
                        "g.yaml:9:11: error: the device has no tags",
                        "g.yaml:10:75: warning: tag 'power-totl' is not in the profile (did you mean 'power-total'?)",
                        "g.yaml:10:99: error: a deadband in percent needs the tag's range, such as range: [0, 60]",
                        "g.yaml:11:23: error: cannot read profile 'nope.yaml': there is no such file",
                        "g.yaml:12:5: error: the device has neither profile nor protocol, expected one of them",
                        "g.yaml:13:97: error: bad value 'perhaps' for writable, expected true or false",
                        "g.yaml:13:112: error: bad number '0' for step, expected a number above 0, such as 0.1");
    }

    @Test
    void readsWhichTagsMayBeWrittenAndInWhichSteps() {
        DeviceDefinition heater = loadOne("""
                devices:
                  - id: heater
                    protocol: modbus
                    connection: { unit-id: 1 }
                    tags:
                      setpoint: { address: 1, writable: true, range: [0, 60], step: 0.5 }
                      actual:   { address: 2 }
                """);

        assertThat(tag(heater, "setpoint").writable()).isTrue();
        assertThat(tag(heater, "setpoint").step()).contains(new BigDecimal("0.5"));
        assertThat(tag(heater, "actual").writable()).isFalse();
        assertThat(tag(heater, "actual").step()).isEmpty();
    }

    @Test
    void keepsTheDevicesThatAreWithoutError() {
        assertThat(load("""
                devices:
                  - { id: good, profile: eastron-sdm120, connection: { unit-id: 1 } }
                  - { id: bad, profile: eastron-sdm120, connection: { unit-id: 1000 } }
                """)).extracting(DeviceDefinition::id).containsExactly("good");
    }

    @Test
    void refusesAProfileOfAnotherProtocol() {
        Map<String, ProtocolSchema> two = Map.of(
                "modbus", MeterSchema.SCHEMA, "gpio", new ProtocolSchema("gpio", List.of(), List.of(), List.of()));
        Substitution substitution = new Substitution(Map.of(), true);
        Node.Mapping root =
                YamlReader.read("g.yaml", """
                devices:
                  - { id: a, protocol: gpio, profile: eastron-sdm120, connection: { unit-id: 1 } }
                """, substitution, problems).orElseThrow();

        assertThat(DeviceLoader.load(root, two, substitution, problems)).isEmpty();
        assertThat(told()).containsExactly("g.yaml:2:24: error: the profile is for modbus, not for gpio");
    }

    @Test
    void tellsAProblemOfAProfileOnceThoughTwoDevicesUseIt() throws Exception {
        Files.writeString(directory.resolve("p.yaml"), """
                schema: 1
                profile: p
                protocol: modbus
                tags:
                  a: { adress: 1 }
                """);

        assertThat(load("""
                devices:
                  - { id: a, profile: ./p.yaml, connection: { unit-id: 1 } }
                  - { id: b, profile: p.yaml, connection: { unit-id: 1 } }
                """)).isEmpty();
        assertThat(told().stream().map(text -> text.replace("./", "")).distinct())
                .containsExactly("p.yaml:5:8: error: unknown key 'adress' in tag a (did you mean 'address'?)");
    }

    @Test
    void refusesAnEmptyOrMissingListOfDevices() {
        load("devices: []");
        load("schema: 1");

        assertThat(problems.errors()).isEqualTo(2);
    }
}

package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class ValuesTest {
    private static final ObjectMapper MAPPER = new ObjectMapper();

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"protobuf", "json"})
    void receiverDecodesValueForValueWhatTheServersHold(String format) throws IOException {
        try (FieldDevice modbus = FieldDevice.modbus(0);
                FieldDevice opcua = FieldDevice.opcua(directory, 0);
                Mosquitto broker = Mosquitto.start(directory.resolve("broker"))) {
            new Plant(broker.port())
                    .northbound("format: " + format)
                    .modbusValues(modbus.port())
                    .opcuaValues(opcua.port())
                    .write(directory);
            try (Peer tail = Sluice.start(directory, "tail", "gateway.yaml", "--json");
                    Peer verify = Sluice.start(directory, "verify", "gateway.yaml");
                    Peer gateway = Sluice.start(directory, "run", "gateway.yaml")) {
                Map<String, Object> expected = new HashMap<>();
                expected.putAll(held("values", modbus.held()));
                expected.putAll(held("server", opcua.held()));
                await().atMost(Peer.PATIENCE)
                        .failFast(() -> !gateway.isAlive() || !tail.isAlive())
                        .untilAsserted(() -> assertThat(received(tail))
                                .as(gateway.transcript() + tail.transcript())
                                .isEqualTo(expected));
                gateway.terminate();
                assertThat(gateway.awaitExit(Peer.PATIENCE))
                        .as(gateway.transcript())
                        .isZero();
                verify.interrupt();
                assertThat(verify.awaitExit(Peer.PATIENCE))
                        .as(verify.transcript())
                        .isZero();
            }
        }
    }

    private static Map<String, Object> held(String device, JsonNode values) {
        return values.propertyStream()
                .collect(Collectors.toMap(
                        property -> device + "/" + property.getKey(), property -> comparable(property.getValue())));
    }

    /** The last good value of each tag. */
    private static Map<String, Object> received(Peer tail) {
        Map<String, Object> values = new HashMap<>();
        for (String line : tail.output()) {
            JsonNode message = MAPPER.readTree(line);
            for (JsonNode reading : message.path("readings")) {
                if (reading.path("quality").asString("").equals("good")) {
                    String tag = message.path("device").asString() + "/"
                            + reading.path("tag").asString();
                    values.put(tag, comparable(reading.path("value")));
                }
            }
        }
        return values;
    }

    /** Numbers by their exact value, however they are written. 64-bit integers are text where JavaScript wrote them. */
    private static Object comparable(JsonNode value) {
        if (value.isArray()) {
            return value.valueStream().map(ValuesTest::comparable).toList();
        }
        if (value.isBoolean()) {
            return value.asBoolean();
        }
        String text = value.asString();
        return Stream.of(text)
                .filter(digits -> digits.matches("-?\\d.*"))
                .<Object>map(digits -> new BigDecimal(digits).stripTrailingZeros())
                .findFirst()
                .orElse(text);
    }
}

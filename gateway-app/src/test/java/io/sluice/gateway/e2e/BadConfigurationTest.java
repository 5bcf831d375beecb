package io.sluice.gateway.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BadConfigurationTest {
    private static final String SIX_MISTAKES = """
            schema: 1
            gateway: { id: plant-7 }
            northbound:
              cloud:
                brokers: [ "mqtts://127.0.0.1:8883" ]
                keep-alive: 30 parsecs
                tls: { ca: missing.pem }
            devices:
              - { id: meter-1, profile: eastron-sdm360, connection: { host: 127.0.0.1 } }
              - { id: meter-2, profile: eastron-sdm630, connection: { host: 127.0.0.1, unit: 1 } }
              - { id: meter-2, profile: eastron-sdm630, connection: { host: 127.0.0.1, unit-id: 2 } }
              - id: press-1
                protocol: opcua
                connection: { endpoint: "opc.tcp://press-1:4840", reverse-connect: { listen: "0.0.0.0:4841" } }
                tags: { state: { node: "i=2259" } }
              - id: press-2
                protocol: opcua
                connection: { endpoint: "opc.tcp://press-2:4840", reverse-connect: { listen: "127.0.0.1:4841" } }
                tags: { state: { node: "i=2259" } }
            """;

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"check", "run"})
    void everyProblemIsToldAtOnceWithItsPlaceAndTheNearestName(String command) throws IOException {
        Files.writeString(directory.resolve("gateway.yaml"), SIX_MISTAKES);
        try (Peer sluice = Sluice.start(directory, command, "gateway.yaml")) {
            assertThat(sluice.awaitExit(Peer.PATIENCE)).as(sluice.transcript()).isEqualTo(78);
            String told = String.join("\n", sluice.errors());
            assertThat(told)
                    .containsPattern("gateway\\.yaml:6:17: error: .*30 parsecs")
                    .containsPattern("gateway\\.yaml:7:16: error: .*missing\\.pem")
                    .containsPattern("gateway\\.yaml:9:29: error: .*eastron-sdm360.*eastron-sdm630")
                    .containsPattern("gateway\\.yaml:10:76: error: .*'unit'.*'unit-id'")
                    .containsPattern("gateway\\.yaml:11:11: error: .*meter-2")
                    .containsPattern(
                            "gateway\\.yaml:18:\\d+: error: .*0\\.0\\.0\\.0:4841 of device 'press-1'.*gateway\\.yaml:14")
                    .doesNotContain("Exception")
                    .doesNotContainPattern("\\tat ");
            assertThat(sluice.errors().stream().filter(line -> line.contains(": error: ")))
                    .hasSize(6);
        }
    }
}

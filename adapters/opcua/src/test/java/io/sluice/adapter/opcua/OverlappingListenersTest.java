package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.DevicePlan;
import io.sluice.profiles.DeviceLoader;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Substitution;
import io.sluice.profiles.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OverlappingListenersTest {

    private static final String DEVICE = """
              - id: press-%d
                protocol: opcua
                connection:
                  endpoint: "opc.tcp://press-%d:4840"
                  reverse-connect:
                    listen: "%s"
                tags:
                  state: { node: "i=2259" }
            """;

    private static List<String> problems(String... listen) {
        StringBuilder yaml = new StringBuilder("devices:\n");
        for (int i = 0; i < listen.length; i++) {
            yaml.append(DEVICE.formatted(i + 1, i + 1, listen[i]));
        }
        OpcUaAdapterFactory factory = new OpcUaAdapterFactory();
        Problems problems = new Problems();
        Substitution none = new Substitution(Map.of(), false);
        List<DevicePlan> plans = new ArrayList<>();
        YamlReader.read("gateway.yaml", yaml.toString(), none, problems)
                .map(root -> DeviceLoader.load(root, Map.of("opcua", factory.schema()), none, problems))
                .orElseThrow()
                .forEach(device -> factory.plan(device, problems).ifPresent(plans::add));
        factory.check(plans, problems);
        return problems.sorted().stream().map(Object::toString).toList();
    }

    @Test
    void theSecondOfTwoAddressesThatCannotBothBeListenedAtIsNamedWithBothPlaces() {
        assertThat(problems("0.0.0.0:4841", "127.0.0.1:4841"))
                .containsExactly("gateway.yaml:15:17: error: reverse-connect.listen: only one of 127.0.0.1:4841 and the"
                        + " 0.0.0.0:4841 of device 'press-1' (gateway.yaml:7:17) can be listened at: write the same address"
                        + " for both, or another port");
    }

    @ParameterizedTest
    @CsvSource({
        "10.0.0.1:4841, 0.0.0.0:4841",
        "10.0.0.1:4841, [::]:4841",
        "0.0.0.0:4841, [::]:4841",
        "gateway:4841, 0.0.0.0:4841",
        "gateway:4841, Gateway:4841",
        "[::1]:4841, [0:0:0:0:0:0:0:1]:4841",
        "localhost:4841, 127.0.0.1:4841",
    })
    void isFoundHoweverTheAddressIsWritten(String one, String other) {
        assertThat(problems(one, other)).hasSize(1);
        assertThat(problems(other, one)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0.0.0.0:4841, 0.0.0.0:4841",
        "0.0.0.0:4841, 0.0.0.0:4842",
        "10.0.0.1:4841, 10.0.0.2:4841",
        "gateway:4841, 10.0.0.2:4841",
        "[::1]:4841, 127.0.0.1:4841",
    })
    void addressesThatAreTheSameOrDoNotMeetAreNoProblem(String one, String other) {
        assertThat(problems(one, other)).isEmpty();
    }
}

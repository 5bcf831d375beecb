package io.sluice.adapter.gpio;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.adapter.DevicePlan.PlannedTag;
import io.sluice.adapter.gpio.GpioSettings.Bias;
import io.sluice.adapter.gpio.GpioSettings.Edge;
import io.sluice.adapter.gpio.GpioSettings.Kind;
import io.sluice.telemetry.ValueType;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PlanCheckerTest {

    @Test
    void readsEveryKeyOfALine() {
        assertThat(Yaml.tags(
                                "door: { line: 17, bias: pull-up, active-low: true, debounce: 20ms, edge: falling, poll: 10s,"
                                        + " states: { 0: closed, 1: open } }")
                        .lines())
                .containsExactly(new Line(
                        0,
                        "door",
                        17,
                        Kind.STATE,
                        Edge.FALLING,
                        Bias.PULL_UP,
                        true,
                        Duration.ofMillis(20),
                        true,
                        Optional.of(Duration.ofSeconds(10))));
    }

    @Test
    void reportsBothEdgesOfAStateWithoutPollByDefault() {
        assertThat(Yaml.tags("door: { line: 0 }").lines())
                .containsExactly(new Line(
                        0, "door", 0, Kind.STATE, Edge.BOTH, Bias.NONE, false, Duration.ZERO, false, Optional.empty()));
    }

    @Test
    void countsRisingEdgesAtTheDevicesIntervalByDefault() {
        Line energy = Yaml.tags("energy: { line: 27, type: counter }").lines().getFirst();

        assertThat(energy.edge()).isEqualTo(Edge.RISING);
        assertThat(energy.poll()).contains(Duration.ofMillis(20));
    }

    @Test
    void plansTypesAndSourcesForTheBirth() {
        assertThat(Yaml.device(
                                "pinctrl-rp1",
                                "lamp: { line: 1 }",
                                "door: { line: 2, states: { 0: closed, 1: open } }",
                                "energy: { line: 3, type: counter }")
                        .plans()
                        .getFirst()
                        .tags())
                .containsExactly(
                        new PlannedTag("lamp", ValueType.BOOL, "pinctrl-rp1:1"),
                        new PlannedTag("door", ValueType.SIGNED, "pinctrl-rp1:2"),
                        new PlannedTag("energy", ValueType.UNSIGNED, "pinctrl-rp1:3"));
    }

    @Test
    void refusesTwoTagsOnOneLineAndSaysWhoHasIt() {
        assertThat(Yaml.tags("door: { line: 17 }", "lid: { line: 17 }").problems())
                .containsExactly("gateway.yaml:8:20: error: line 17 is already the line of tag 'door'"
                        + " (gateway.yaml:7:7); a line belongs to one tag");
    }

    @Test
    void refusesStatesThatALineCannotHave() {
        assertThat(Yaml.tags("door: { line: 17, states: { 0: closed, 2: ajar } }")
                        .problems())
                .containsExactly(
                        "gateway.yaml:7:7: error: a line is 0 or 1: 'states' of tag 'door' names another number");
    }

    @Test
    void saysThatALineCannotBeWrittenYet() {
        assertThat(Yaml.tags("fan: { line: 17, writable: true }").problems())
                .containsExactly(
                        "gateway.yaml:7:7: error: 'writable' is known, but not yet available for a line: outputs are"
                                + " not built yet");
    }

    @Test
    void refusesStatesOfACounter() {
        assertThat(Yaml.tags("energy: { line: 17, type: counter, states: { 0: a, 1: b } }")
                        .problems())
                .containsExactly(
                        "gateway.yaml:7:7: error: a counter has no states: leave out 'states' or 'type: counter'");
    }

    @Test
    void offersTheNameOfAChipThatWasWrittenAsAPath() {
        assertThat(Yaml.device("/dev/gpiochip0", "door: { line: 17 }").problems())
                .singleElement()
                .asString()
                .startsWith("gateway.yaml:4:25: error: bad chip '/dev/gpiochip0'")
                .endsWith("(did you mean 'gpiochip0'?)");
    }

    @Test
    void saysThatOutputsAreKnownButNotYetAvailable() {
        assertThat(Yaml.tags("fan: { line: 22, direction: output, on-start: low }")
                        .problems())
                .hasSize(2)
                .allSatisfy(problem -> assertThat(problem).contains("not yet available"));
    }
}

package io.sluice.adapter.gpio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInput;
import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.DevicePlan;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Through the real Pi4J with its mock provider: what a line does becomes a reading of its tag. */
class GpioAdapterTest {

    private final Context pi4j = Pi4jContexts.mock();
    private final RecordingSink sink = new RecordingSink();
    private final List<Throwable> bugs = new CopyOnWriteArrayList<>();

    @AfterEach
    void noBugWasReported() {
        assertThat(bugs).isEmpty();
    }

    @Test
    void reportsTheStateAtStartAndEveryEdge() {
        try (Adapter adapter = open("door: { line: 17, states: { 0: closed, 1: open } }")) {
            await().until(() -> sink.values(0).size() == 1);
            input(17).mockState(DigitalState.HIGH);
            input(17).mockState(DigitalState.LOW);
            await().until(() -> sink.values(0).size() == 3);
        }

        assertThat(sink.values(0)).containsExactly(new Value.Signed(0), new Value.Signed(1), new Value.Signed(0));
        assertThat(sink.states).containsExactly("connecting", "online");
    }

    @Test
    void reportsOnTheThreadOfTheChip() {
        try (Adapter adapter = open("door: { line: 17 }")) {
            await().until(() -> !sink.threads.isEmpty());
        }

        assertThat(sink.threads).containsOnly("gpio-mock");
    }

    @Test
    void countsPulsesAndReportsTheCountAtEveryPoll() {
        try (Adapter adapter = open("energy: { line: 27, type: counter }")) {
            await().until(() -> sink.values(0).contains(new Value.Unsigned(0)));
            for (int pulse = 0; pulse < 5; pulse++) {
                input(27).mockState(DigitalState.HIGH);
                input(27).mockState(DigitalState.LOW);
            }
            await().until(() -> sink.values(0).contains(new Value.Unsigned(5)));
        }
    }

    @Test
    void reportsADebouncedChangeOnceItHasLasted() {
        try (Adapter adapter = open("door: { line: 17, debounce: 50ms }")) {
            await().until(() -> sink.values(0).size() == 1);
            input(17).mockState(DigitalState.HIGH);
            input(17).mockState(DigitalState.LOW);
            input(17).mockState(DigitalState.HIGH);
            await().until(() -> sink.values(0).size() == 2);
        }

        assertThat(sink.values(0)).containsExactly(new Value.Bool(false), new Value.Bool(true));
    }

    @Test
    void reportsAStateAgainAtItsPollInterval() {
        try (Adapter adapter = open("door: { line: 17, poll: 20ms }")) {
            await().until(() -> sink.values(0).size() >= 3);
        }
    }

    @Test
    void callsNoSinkAfterItHasClosed() {
        Adapter adapter = open("door: { line: 17, poll: 10ms }");
        await().until(() -> !sink.samples.isEmpty());
        adapter.close();
        int seen = sink.samples.size();

        await().pollDelay(Duration.ofMillis(100)).until(() -> sink.samples.size() == seen);
        assertThat(pi4j.isShutdown()).isTrue();
    }

    @Test
    void saysWhyAMachinesChipCannotBeHadAndTriesAgain() {
        List<DevicePlan> plans = Yaml.device("gpiochip99", "door: { line: 17 }").plans();
        try (Adapter adapter = new GpioAdapterFactory(() -> pi4j).open(plans, context())) {
            await().until(() -> sink.states.size() >= 4);
        }

        assertThat(sink.states.subList(0, 3)).satisfies(states -> {
            assertThat(states.get(0)).isEqualTo("connecting");
            assertThat(states.get(1)).startsWith("offline: ").contains("gpiochip99");
            assertThat(states.get(2)).isEqualTo("connecting");
        });
        assertThat(sink.samples).isEmpty();
    }

    private Adapter open(String tag) {
        return new GpioAdapterFactory(() -> pi4j).open(Yaml.tags(tag).plans(), context());
    }

    private AdapterContext context() {
        return new AdapterContext(
                device -> sink, System::nanoTime, Path.of("target"), new Random(1), (thread, bug) -> bugs.add(bug));
    }

    private MockDigitalInput input(int line) {
        return pi4j.registry().allByType(MockDigitalInput.class).values().stream()
                .filter(input -> input.address() == line)
                .findFirst()
                .orElseThrow();
    }
}

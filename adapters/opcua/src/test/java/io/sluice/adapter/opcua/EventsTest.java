package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events and alarms of node-opcua. */
class EventsTest {

    private static final int ALL = 0;
    private static final int SEVERE = 1;
    private static final int CONDITIONS = 2;

    @TempDir
    Path state;

    private static OpcUaPlan.Item events(String name, Optional<TagAddress> type, int minSeverity) {
        return ItemBuilder.of(name, standard(2253))
                .source("i=2253")
                .queue(1_000)
                .events(type, minSeverity)
                .item();
    }

    private static TagAddress standard(int id) {
        return new TagAddress.Node(TagAddress.STANDARD_NAMESPACE, new TagAddress.Numeric(id));
    }

    private Bench bench(NodeOpcua server) {
        return new Bench(
                Bench.plan(
                        server.endpoint(),
                        events("all", Optional.empty(), 1),
                        events("severe", Optional.of(standard(2130)), 500),
                        events("conditions", Optional.of(standard(2782)), 1)),
                state);
    }

    private static List<Sample> of(Bench bench, int tag) {
        return bench.sink.samples.stream().filter(sample -> sample.tag() == tag).toList();
    }

    private static @Nullable Value field(Sample sample, String name) {
        return sample.value() instanceof Value.Structure structure
                ? structure.fields().stream()
                        .filter(field -> field.name().equals(name))
                        .findFirst()
                        .map(Value.Structure.Field::value)
                        .orElse(null)
                : null;
    }

    private static List<@Nullable Value> messages(Bench bench, int tag) {
        return of(bench, tag).stream().map(sample -> field(sample, "message")).toList();
    }

    /** A server that does not refuse an item has it from the answer on. */
    private static void subscribed(Bench bench, NodeOpcua server) throws Exception {
        await().atMost(Duration.ofSeconds(20))
                .until(() -> bench.sink.lastState().equals("online"));
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            server.raise(1, "ready");
            return messages(bench, ALL).contains(new Value.Text("ready"));
        });
    }

    @Test
    void reportsTheEventsOfATypeFromASeverityOn() throws Exception {
        try (NodeOpcua server = NodeOpcua.start(state);
                Bench bench = bench(server)) {
            subscribed(bench, server);
            server.raise(499, "calm");
            server.raise(500, "loud");
            await().until(() -> messages(bench, ALL).contains(new Value.Text("loud"))
                    && messages(bench, SEVERE).contains(new Value.Text("loud")));
            assertThat(messages(bench, ALL)).contains(new Value.Text("calm"));
            assertThat(messages(bench, SEVERE)).containsExactly(new Value.Text("loud"));
            Sample loud = of(bench, SEVERE).getFirst();
            assertThat(field(loud, "severity")).isEqualTo(new Value.Unsigned(500));
            assertThat(field(loud, "source")).isEqualTo(new Value.Text("Tank"));
            assertThat(field(loud, "event-type")).isEqualTo(new Value.Text("i=2130"));
            assertThat(field(loud, "event-id")).isInstanceOf(Value.Bytes.class);
            assertThat(field(loud, "active")).as("a plain event has no state").isNull();
            assertThat(loud.time()).isBetween(Bench.now() - 60_000_000_000L, Bench.now());
            assertThat(bench.bugs).isEmpty();
        }
    }

    @Test
    void aConditionThatIsDisabledSaysSoAndNothingOfItIsUncertain() throws Exception {
        try (NodeOpcua server = NodeOpcua.start(state);
                Bench bench = bench(server)) {
            subscribed(bench, server);
            server.tankLevel(150);
            await().until(() -> of(bench, CONDITIONS).stream()
                    .anyMatch(sample -> new Value.Bool(true).equals(field(sample, "active"))));
            server.disableAlarm();
            await().until(() -> of(bench, CONDITIONS).stream()
                    .anyMatch(sample -> new Value.Bool(false).equals(field(sample, "enabled"))));
            Sample disabled = of(bench, CONDITIONS).getLast();
            assertThat(field(disabled, "retain")).isNotEqualTo(new Value.Bool(true));
            assertThat(disabled.status()).isEqualTo(Status.GOOD);
            assertThat(bench.bugs).isEmpty();
        }
    }

    @Test
    void reportsAlarmsAndTellsThemAgainAfterALostSession() throws Exception {
        try (NodeOpcua server = NodeOpcua.start(state);
                Bench bench = bench(server)) {
            subscribed(bench, server);
            server.tankLevel(150);
            await().until(() -> of(bench, CONDITIONS).stream()
                    .anyMatch(sample -> new Value.Bool(true).equals(field(sample, "active"))));
            Sample alarm = of(bench, CONDITIONS).getLast();
            assertThat(field(alarm, "acknowledged")).isEqualTo(new Value.Bool(false));
            assertThat(field(alarm, "retain")).isEqualTo(new Value.Bool(true));
            assertThat(field(alarm, "condition")).isEqualTo(new Value.Text("TankLevel"));
            assertThat(field(alarm, "condition-id")).isInstanceOf(Value.Text.class);
            assertThat(field(alarm, "refresh")).isNull();

            int before = of(bench, CONDITIONS).size();
            server.dropSessions();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> of(bench, CONDITIONS).stream()
                            .skip(before)
                            .anyMatch(sample -> new Value.Bool(true).equals(field(sample, "active"))));
            // This server sends RefreshStart and RefreshEnd only to whom its filter lets them through.
            await().until(() -> of(bench, ALL).stream()
                    .anyMatch(sample -> new Value.Bool(true).equals(field(sample, "refresh"))
                            && new Value.Bool(true).equals(field(sample, "active"))));
            await().atMost(Duration.ofSeconds(20)).until(() -> !bench.sink.losses.isEmpty());
            assertThat(bench.sink.losses.getFirst().reason()).isEqualTo(LossReason.SOURCE_GAP);
            assertThat(bench.bugs).isEmpty();
        }
    }
}

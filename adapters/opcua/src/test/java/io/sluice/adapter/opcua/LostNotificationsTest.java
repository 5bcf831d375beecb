package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.telemetry.Message.LossReason;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Notifications that the server can neither send nor repeat, while Session and Subscription go on. */
class LostNotificationsTest {

    @TempDir
    Path state;

    @Test
    void aChangeThatIsLostAndNotFollowedByAnotherIsToldAllTheSameAndTheLossIsNamed() throws Exception {
        try (NodeOpcua server = NodeOpcua.start(state);
                Bench bench = new Bench(Bench.plan(server.endpoint(), Bench.node("Count")), state)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> new Value.Signed(0).equals(bench.sink.lastValue(0)));
            server.lose(7);
            await().atMost(Duration.ofSeconds(20)).until(() -> new Value.Signed(7).equals(bench.sink.lastValue(0)));
            await().until(() -> !bench.sink.losses.isEmpty());
            assertThat(bench.sink.losses)
                    .allSatisfy(loss -> assertThat(loss.reason()).isEqualTo(LossReason.SOURCE_GAP));
            assertThat(bench.sink.values(0)).containsExactly(new Value.Signed(0), new Value.Signed(7));
            assertThat(server.sessions()).isEqualTo(1);
        }
    }

    @Test
    void aLossThatIsNotYetDueIsNamedWhenTheGatewayStops() throws Exception {
        try (NodeOpcua server = NodeOpcua.start(state);
                Bench bench = new Bench(Bench.plan(server.endpoint(), Bench.node("Count")), state)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> new Value.Signed(0).equals(bench.sink.lastValue(0)));
            server.lose(7);
            await().atMost(Duration.ofSeconds(20)).until(() -> bench.sink.losses.size() == 1);
            server.lose(8);
            await().atMost(Duration.ofSeconds(20)).until(() -> new Value.Signed(8).equals(bench.sink.lastValue(0)));
            assertThat(bench.sink.losses).as("one a minute").hasSize(1);

            bench.close();

            assertThat(bench.sink.losses).hasSize(2);
        }
    }

    @Test
    void eventsThatAreLostAreNamedAtOnce() throws Exception {
        try (NodeOpcua server = NodeOpcua.start(state);
                Bench bench = new Bench(Bench.plan(server.endpoint(), events()), state)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> {
                server.raise(500, "subscribed");
                return !bench.sink.values(0).isEmpty();
            });
            server.lose(7);
            await().atMost(Duration.ofSeconds(20)).until(() -> !bench.sink.losses.isEmpty());
            assertThat(bench.sink.values(0).toString())
                    .as("found without another event")
                    .contains("subscribed")
                    .doesNotContain("lost");
        }
    }

    @Test
    void ofMessagesOfWhichTheServerRepeatsOnlyTheLaterTheSpanBeforeThemIsNamed() throws Exception {
        try (NodeOpcua server = NodeOpcua.start(state);
                Bench bench = new Bench(Bench.plan(server.endpoint(), Bench.node("Count")), state)) {
            await().atMost(Duration.ofSeconds(20)).until(() -> new Value.Signed(0).equals(bench.sink.lastValue(0)));
            server.loseFirst(7, 8);
            await().atMost(Duration.ofSeconds(20)).until(() -> !bench.sink.losses.isEmpty());
            assertThat(bench.sink.values(0)).containsExactly(new Value.Signed(0), new Value.Signed(8));
            long repeated = Objects.requireNonNull(bench.sink.last(0)).time();
            assertThat(bench.sink.losses).singleElement().satisfies(loss -> {
                assertThat(loss.lastNanos())
                        .as("the value after what is missing")
                        .isEqualTo(repeated);
                assertThat(loss.firstNanos())
                        .as("heard last before what is missing")
                        .isLessThan(repeated);
            });
        }
    }

    private static OpcUaPlan.Item events() {
        return ItemBuilder.of(
                        "events", new TagAddress.Node(TagAddress.STANDARD_NAMESPACE, new TagAddress.Numeric(2253)))
                .queue(100)
                .events(Optional.empty(), 1)
                .item();
    }
}

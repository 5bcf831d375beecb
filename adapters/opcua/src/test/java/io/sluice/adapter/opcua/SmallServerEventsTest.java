package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events of a server that does not know the types of conditions. */
class SmallServerEventsTest {

    @TempDir
    Path state;

    @Test
    void reportsWhatAnEventHasWithoutThem() throws Exception {
        OpcUaPlan.Item events = new OpcUaPlan.Item(
                "events",
                new TagAddress.Node(TagAddress.STANDARD_NAMESPACE, new TagAddress.Numeric(2253)),
                "i=2253",
                Optional.empty(),
                Optional.empty(),
                1_000,
                true,
                Optional.empty(),
                Optional.of(new OpcUaPlan.EventSelection(Optional.empty(), 1)),
                Optional.empty(),
                Optional.empty());
        try (MiloServer server = MiloServer.start().withoutConditions();
                Bench bench = new Bench(Bench.plan(server.endpoint(), events), state)) {
            await().until(() -> {
                server.raise("door opened");
                return bench.sink.last(0) != null;
            });
            Sample event = Objects.requireNonNull(bench.sink.last(0));
            assertThat(event.status()).isEqualTo(Status.GOOD);
            assertThat(event.value())
                    .isInstanceOfSatisfying(
                            Value.Structure.class,
                            structure -> assertThat(structure.fields())
                                    .contains(
                                            new Value.Structure.Field("message", new Value.Text("door opened")),
                                            new Value.Structure.Field("source", new Value.Text("Server")),
                                            new Value.Structure.Field("severity", new Value.Unsigned(2))));
            assertThat(bench.bugs).isEmpty();
        }
    }
}

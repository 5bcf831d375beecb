package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Methods of a server that is not ours. */
class MethodsTest {

    private static final TagAddress PRESS = at("Press");
    private static final OpcUaPlan.Method START = new OpcUaPlan.Method("start", PRESS, at("Press.Start"));
    private static final OpcUaPlan.Method STOP = new OpcUaPlan.Method(
            "stop",
            new TagAddress.Path(List.of(
                    new TagAddress.Step(TagAddress.STANDARD_NAMESPACE, "Objects"),
                    new TagAddress.Step(MiloServer.NAMESPACE, "Test"),
                    new TagAddress.Step(MiloServer.NAMESPACE, "Press"))),
            at("Press.Stop"));
    private static final OpcUaPlan.Method LOST = new OpcUaPlan.Method("lost", PRESS, at("Press.Nowhere"));
    private static final Value ZONES = new Value.Elements(List.of(new Value.Signed(20), new Value.Float64(2.5)));

    @TempDir
    static Path directory;

    private static @Nullable NodeOpcua running;
    private static @Nullable Bench bench;

    private static TagAddress at(String name) {
        return new TagAddress.Node(MiloServer.NAMESPACE, new TagAddress.Text(name));
    }

    @BeforeAll
    static void connect() throws Exception {
        running = NodeOpcua.start(directory);
        bench = new Bench(
                Bench.calling(Bench.plan(running.endpoint(), Bench.node("Count")), START, STOP, LOST),
                directory.resolve("state"));
        await().atMost(Duration.ofSeconds(20))
                .until(() -> Objects.requireNonNull(bench).sink.lastValue(0) != null);
    }

    @AfterAll
    static void close() throws Exception {
        if (bench != null) {
            bench.close();
        }
        if (running != null) {
            running.close();
        }
    }

    private static WriteResult call(OpcUaPlan.Method method, Value... arguments) throws Exception {
        return Objects.requireNonNull(bench)
                .adapter
                .call("press-2", method.name(), List.of(arguments))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    @Test
    void isCarriedOutWithItsArgumentsAndGivesBackWhatItGives() throws Exception {
        assertThat(call(START, new Value.Signed(12), new Value.Text("axle"), ZONES))
                .isEqualTo(new WriteResult.Returned(new Value.Structure(List.of(
                        new Value.Structure.Field("accepted", new Value.Bool(true)),
                        new Value.Structure.Field("told", new Value.Text("12 of axle at 20 2.5"))))));
    }

    @Test
    void mayTakeAndGiveNothing() throws Exception {
        int before = Objects.requireNonNull(running).stops();
        assertThat(call(STOP)).isEqualTo(new WriteResult.Returned(new Value.Structure(List.of())));
        await().until(() -> Objects.requireNonNull(running).stops() == before + 1);
    }

    @Test
    void isNotCalledWithTooFewOrTooManyArguments() throws Exception {
        String takes = "the method takes 3 arguments (strokes: UInt16, job: String, zones: Double[]), ";
        assertThat(call(START, new Value.Signed(12))).isEqualTo(new WriteResult.Refused(takes + "1 is given"));
        assertThat(call(START)).isEqualTo(new WriteResult.Refused(takes + "0 are given"));
        assertThat(call(STOP, new Value.Bool(true)))
                .isEqualTo(new WriteResult.Refused("the method takes no arguments, 1 is given"));
    }

    @ParameterizedTest
    @CsvSource({
        "70000, 'argument 1 (strokes: UInt16): 70000 is outside the range of UInt16, 0 to 65535'",
        "-1, 'argument 1 (strokes: UInt16): -1 is outside the range of UInt16, 0 to 65535'"
    })
    void isNotCalledWithWhatDoesNotFit(long strokes, String why) throws Exception {
        assertThat(call(START, new Value.Signed(strokes), new Value.Text("axle"), ZONES))
                .isEqualTo(new WriteResult.Refused(why));
    }

    @Test
    void knowsScalarsFromArrays() throws Exception {
        assertThat(call(START, new Value.Signed(1), new Value.Text("axle"), new Value.Float64(1)))
                .isEqualTo(new WriteResult.Refused("argument 3 (zones: Double[]): an array is expected"));
        assertThat(call(START, ZONES, new Value.Text("axle"), ZONES)).isInstanceOf(WriteResult.Refused.class);
        assertThat(call(START, new Value.Signed(1), new Value.Signed(5), ZONES))
                .isEqualTo(
                        new WriteResult.Refused("argument 2 (job: String): 5 does not fit a variable of type String"));
    }

    @Test
    void saysWhichArgumentsTheServerDoesNotTake() throws Exception {
        assertThat(call(START, new Value.Signed(61), new Value.Text("axle"), ZONES))
                .isEqualTo(new WriteResult.Failed(
                        new Status(Quality.BAD, CodeSpace.OPCUA, (int) StatusCodes.Bad_InvalidArgument),
                        "the method failed, of its arguments strokes Bad_OutOfRange (Bad_InvalidArgument)"));
    }

    @Test
    void saysThatTheServerDoesNotHaveIt() throws Exception {
        assertThat(call(LOST))
                .isInstanceOfSatisfying(
                        WriteResult.Failed.class,
                        failed -> assertThat(failed.status().quality()).isEqualTo(Quality.BAD));
        assertThatThrownBy(() -> Objects.requireNonNull(bench).adapter.call("press-2", "no such", List.of()))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void worksForADeviceThatHasNoTagsAtAll() throws Exception {
        OpcUaPlan alone =
                Bench.calling(Bench.plan(Objects.requireNonNull(running).endpoint()), STOP);
        try (Bench other = new Bench(alone, directory.resolve("alone"))) {
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> other.sink.lastState().equals("online"));
            assertThat(other.adapter
                            .call("press-2", "stop", List.of())
                            .toCompletableFuture()
                            .get(20, TimeUnit.SECONDS))
                    .isInstanceOf(WriteResult.Returned.class);
        }
    }
}

package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.OnRequest.WriteResult;
import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.Matrix;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.structured.EUInformation;
import org.eclipse.milo.opcua.stack.core.types.structured.Range;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OnRequestTest {

    @TempDir
    Path state;

    private MiloServer server;

    @BeforeEach
    void startServer() throws Exception {
        server = MiloServer.start();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private static WriteResult write(Bench bench, int tag, Value value) throws Exception {
        return bench.adapter.write("press-2", tag, value).toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private static List<Sample> read(Bench bench, Integer... tags) throws Exception {
        return bench.adapter
                .read("press-2", List.of(tags))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @Test
    void readsTheValueOfNowOfTheTagsAskedFor() throws Exception {
        server.add("Count", NodeIds.Int32, Variant.ofInt32(5)).add("Name", NodeIds.String, Variant.ofString("axle"));
        try (Bench bench = online(Bench.node("Count"), Bench.node("Nowhere"), Bench.node("Name"))) {
            server.set("Count", Variant.ofInt32(6));
            List<Sample> samples = read(bench, 2, 1, 0);
            assertThat(samples).extracting(Sample::tag).containsExactly(2, 1, 0);
            assertThat(samples.get(0).value()).isEqualTo(new Value.Text("axle"));
            assertThat(samples.get(1).status())
                    .isEqualTo(new Status(Quality.BAD, CodeSpace.OPCUA, (int) StatusCodes.Bad_NodeIdUnknown));
            assertThat(samples.get(2).value()).isEqualTo(new Value.Signed(6));
        }
    }

    @Test
    void writesWhatFitsTheTypeOfTheVariable() throws Exception {
        server.add(
                        "Speed",
                        NodeIds.UInt16,
                        Variant.of(org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort.valueOf(0)))
                .writable("Speed");
        try (Bench bench = online(Bench.node("Speed"))) {
            assertThat(write(bench, 0, new Value.Text("42"))).isEqualTo(new WriteResult.Written());
            assertThat(read(bench, 0).getFirst().value()).isEqualTo(new Value.Unsigned(42));
            await().until(() -> new Value.Unsigned(42).equals(bench.sink.lastValue(0)));
            assertThat(write(bench, 0, new Value.Signed(-1)))
                    .isEqualTo(new WriteResult.Refused("-1 is outside the range of UInt16, 0 to 65535"));
            assertThat(read(bench, 0).getFirst().value()).isEqualTo(new Value.Unsigned(42));
        }
    }

    @Test
    void holdsRangesAndNamesThatTheServerGives() throws Exception {
        LocalizedText shown = LocalizedText.english("kN");
        server.addAnalog("Force", 0, new EUInformation("", 0, shown, shown), new Range(0.0, 4000.0))
                .writable("Force")
                .addEnumeration("State", 0, "stopped", "running")
                .writable("State");
        try (Bench bench = online(Bench.node("Force"), Bench.node("State"))) {
            assertThat(write(bench, 0, new Value.Signed(4001))).isInstanceOf(WriteResult.Refused.class);
            assertThat(write(bench, 0, new Value.Signed(4000))).isEqualTo(new WriteResult.Written());
            assertThat(write(bench, 1, new Value.Text("running"))).isEqualTo(new WriteResult.Written());
            assertThat(read(bench, 1).getFirst().value()).isEqualTo(new Value.Signed(1));
            assertThat(write(bench, 1, new Value.Signed(2))).isInstanceOf(WriteResult.Refused.class);
        }
    }

    @Test
    void aRangeThatIsOpenAtOneEndHoldsAtTheOther() throws Exception {
        LocalizedText shown = LocalizedText.english("kN");
        server.addAnalog("Force", 0, new EUInformation("", 0, shown, shown), new Range(Double.NEGATIVE_INFINITY, 40.0))
                .writable("Force");
        try (Bench bench = online(Bench.node("Force"))) {
            assertThat(write(bench, 0, new Value.Signed(-1_000))).isEqualTo(new WriteResult.Written());
            assertThat(write(bench, 0, new Value.Signed(41)))
                    .isEqualTo(new WriteResult.Refused(
                            "41 is outside the range that the server names for it, -∞ to 40.0"));
        }
    }

    @Test
    void identifiersAreWrittenAsTheyAreRead() throws Exception {
        NodeId node = new NodeId(server.namespaceIndex(), "Press");
        server.add("Node", NodeIds.NodeId, Variant.ofNodeId(node))
                .writable("Node")
                .add("Name", NodeIds.QualifiedName, Variant.ofQualifiedName(new QualifiedName(1, "Level")))
                .writable("Name");
        try (Bench bench = online(Bench.node("Node"), Bench.node("Name"))) {
            for (int tag = 0; tag < 2; tag++) {
                Value was = Objects.requireNonNull(read(bench, tag).getFirst().value());
                assertThat(write(bench, tag, new Value.Text("nsu=urn:sluice:test;" + (tag == 0 ? "i=7" : "Force"))))
                        .isEqualTo(new WriteResult.Written());
                assertThat(read(bench, tag).getFirst().value()).isNotEqualTo(was);
                assertThat(write(bench, tag, was)).isEqualTo(new WriteResult.Written());
                assertThat(read(bench, tag).getFirst().value()).isEqualTo(was);
            }
        }
    }

    @Test
    void aMatrixIsNotReplacedByAValueOrAnArray() throws Exception {
        Matrix grid = new Matrix(new Double[] {1.0, 2.0, 3.0, 4.0}, new int[] {2, 2}, OpcUaDataType.Double);
        server.add("Grid", NodeIds.Double, Variant.ofMatrix(grid))
                .ofRank("Grid", -2)
                .writable("Grid");
        try (Bench bench = online(Bench.node("Grid"))) {
            Value before = read(bench, 0).getFirst().value();
            for (Value written : List.of(new Value.Signed(7), new Value.Elements(List.of(new Value.Signed(7))))) {
                assertThat(write(bench, 0, written))
                        .isEqualTo(new WriteResult.Refused("the variable is a matrix, which cannot be written"));
            }
            assertThat(read(bench, 0).getFirst().value()).isEqualTo(before);
        }
    }

    @Test
    void saysWhyNobodyKnowsWhatAVariableTakes() throws Exception {
        server.add("Any", NodeIds.BaseDataType, Variant.NULL_VALUE).writable("Any");
        try (Bench bench = online(Bench.node("Any"))) {
            assertThat(write(bench, 0, new Value.Signed(1)))
                    .isEqualTo(new WriteResult.Refused(
                            "the DataType of the variable is abstract, and it holds no value that"
                                    + " would say what it takes"));
        }
    }

    @Test
    void writesAPartOfAnArray() throws Exception {
        server.add("Zones", NodeIds.Double, Variant.of(new Double[] {1.0, 2.0, 3.0, 4.0}))
                .writable("Zones")
                .ofRank("Zones", 1);
        OpcUaPlan.Item whole = Bench.node("Zones");
        OpcUaPlan.Item part =
                ItemBuilder.of("part", whole.address()).indexRange("1:2").item();
        try (Bench bench = online(whole, part)) {
            Value two = new Value.Elements(List.of(new Value.Signed(20), new Value.Signed(30)));
            assertThat(write(bench, 1, two)).isEqualTo(new WriteResult.Written());
            assertThat(read(bench, 0).getFirst().value())
                    .isEqualTo(new Value.Elements(List.of(
                            new Value.Float64(1), new Value.Float64(20), new Value.Float64(30), new Value.Float64(4))));
        }
    }

    @Test
    void anySetOfTheBitsOfAnOptionSetCanBeWritten() throws Exception {
        server.addOptionSet("Faults", 0, "overload", "overheated").writable("Faults");
        try (Bench bench = online(Bench.node("Faults"))) {
            assertThat(write(bench, 0, new Value.Signed(3))).isEqualTo(new WriteResult.Written());
            assertThat(read(bench, 0).getFirst().value()).isEqualTo(new Value.Unsigned(3));
            assertThat(write(bench, 0, new Value.Text("overheated")))
                    .as("the name of bit 1, which is not the number 1")
                    .isInstanceOf(WriteResult.Refused.class);
        }
    }

    @Test
    void oneValueIsNoWholeArray() throws Exception {
        server.add("Zones", NodeIds.Double, Variant.of(new Double[] {1.0, 2.0, 3.0}))
                .writable("Zones")
                .ofRank("Zones", 1);
        OpcUaPlan.Item whole = Bench.node("Zones");
        OpcUaPlan.Item second =
                ItemBuilder.of("second", whole.address()).indexRange("1").item();
        try (Bench bench = online(whole, second)) {
            assertThat(write(bench, 0, new Value.Signed(7)))
                    .isEqualTo(new WriteResult.Refused("one value does not fit, the variable is an array of Double:"
                            + " give all its elements, or the tag an index"));
            assertThat(write(bench, 1, new Value.Signed(7))).isEqualTo(new WriteResult.Written());
            assertThat(read(bench, 0).getFirst().value())
                    .isEqualTo(new Value.Elements(
                            List.of(new Value.Float64(1), new Value.Float64(7), new Value.Float64(3))));
        }
    }

    @Test
    void passesOnWhyTheServerRefuses() throws Exception {
        server.add("Locked", NodeIds.Int32, Variant.ofInt32(5));
        try (Bench bench = online(Bench.node("Locked"), Bench.node("Nowhere"))) {
            assertThat(write(bench, 0, new Value.Signed(1)))
                    .isEqualTo(new WriteResult.Failed(
                            new Status(Quality.BAD, CodeSpace.OPCUA, (int) StatusCodes.Bad_UserAccessDenied),
                            "the server refuses the value (Bad_UserAccessDenied)"));
            assertThat(write(bench, 1, new Value.Signed(1)))
                    .isEqualTo(new WriteResult.Failed(
                            new Status(Quality.BAD, CodeSpace.OPCUA, (int) StatusCodes.Bad_NodeIdUnknown),
                            "nothing was sent (Bad_NodeIdUnknown)"));
        }
    }

    @Test
    void saysThatNothingWasSentWhileTheServerIsAway() throws Exception {
        int port = MiloServer.freePort();
        try (Bench bench = new Bench(Bench.plan("opc.tcp://127.0.0.1:" + port, Bench.node("Count")), state)) {
            await().until(() -> bench.sink.lastState().startsWith("offline"));
            Status away = Status.bad(SluiceCode.DEVICE_UNREACHABLE);
            assertThat(read(bench, 0)).containsExactly(new Sample(0, null, away, Sample.NO_TIME));
            assertThat(write(bench, 0, new Value.Signed(1)))
                    .isEqualTo(new WriteResult.Failed(
                            away, "not connected to opc.tcp://127.0.0.1:" + port + ", nothing was sent"));
        }
    }

    @Test
    void doesNotKnowWhetherAWriteTookEffectThatGotNoAnswer() throws Exception {
        server.add("Count", NodeIds.Int32, Variant.ofInt32(5)).writable("Count");
        Timings patient = new Timings(
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(30),
                Duration.ofSeconds(60),
                Duration.ofSeconds(30),
                Duration.ofMillis(50),
                Duration.ofMillis(300),
                Duration.ofSeconds(2));
        try (TcpProxy proxy = new TcpProxy(server.port());
                Bench bench = new Bench(Bench.plan(proxy.endpoint(), Bench.node("Count")), state, patient)) {
            await().until(() -> bench.sink.lastValue(0) != null);
            assertThat(write(bench, 0, new Value.Signed(6))).isEqualTo(new WriteResult.Written());
            proxy.blackHole();
            assertThat(write(bench, 0, new Value.Signed(7)))
                    .isEqualTo(new WriteResult.Unknown("no answer from " + proxy.endpoint() + " (timed out)"));
        }
    }

    @Test
    void knowsItsDevicesAndTheirTagsOnly() throws Exception {
        server.add("Count", NodeIds.Int32, Variant.ofInt32(5));
        try (Bench bench = online(Bench.node("Count"))) {
            assertThatThrownBy(() -> bench.adapter.read("press-9", List.of(0)))
                    .isInstanceOf(IllegalArgumentException.class);
            assertThatThrownBy(() -> bench.adapter.write("press-2", 1, new Value.Signed(1)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private Bench online(OpcUaPlan.Item... items) {
        Bench bench = new Bench(Bench.plan(server.endpoint(), items), state);
        await().until(() -> bench.sink.last(0) != null);
        return bench;
    }
}

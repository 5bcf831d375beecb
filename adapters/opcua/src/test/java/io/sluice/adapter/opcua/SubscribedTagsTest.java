package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.TagDescriptor.Detail;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.Value;
import io.sluice.telemetry.ValueType;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.sdk.server.OpcUaServerConfigLimits;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.structured.EUInformation;
import org.eclipse.milo.opcua.stack.core.types.structured.Range;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SubscribedTagsTest {

    private static final int KILONEWTON = 'B' << 16 | '4' << 8 | '7';

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

    @Test
    void deliversEveryChangeInOrderWithTheSourcesTime() {
        server.add("Count", NodeIds.Int32, Variant.ofInt32(0));
        try (Bench bench = new Bench(Bench.plan(server.endpoint(), Bench.node("Count")), state)) {
            await().until(() -> bench.sink.lastValue(0) != null);
            long second = 1_800_000_000L;
            for (int i = 1; i <= 20; i++) {
                DateTime time = new DateTime(java.time.Instant.ofEpochSecond(second, i * 100L));
                server.set("Count", new DataValue(Variant.ofInt32(i), StatusCode.GOOD, time));
                Value expected = new Value.Signed(i);
                await().pollInterval(Duration.ofMillis(5)).until(() -> expected.equals(bench.sink.lastValue(0)));
            }
            assertThat(bench.sink.values(0))
                    .startsWith(new Value.Signed(0), new Value.Signed(1))
                    .endsWith(new Value.Signed(19), new Value.Signed(20))
                    .hasSize(21);
            assertThat(only(bench.sink.last(0)).time()).isEqualTo(second * 1_000_000_000L + 2_000);
            assertThat(bench.sink.threads).containsExactly("opcua-press-2");
            assertThat(bench.bugs).isEmpty();
        }
    }

    @Test
    void findsTagsByBrowsePathAndReadsPartsOfArrays() {
        server.add("Level", NodeIds.Double, Variant.ofDouble(81.5));
        server.add("Zones", NodeIds.Double, Variant.of(new Double[] {1.0, 2.0, 3.0, 4.0}));
        OpcUaPlan.Item level = Bench.item(
                "level",
                new TagAddress.Path(List.of(
                        new TagAddress.Step(TagAddress.STANDARD_NAMESPACE, "Objects"),
                        new TagAddress.Step(MiloServer.NAMESPACE, "Test"),
                        new TagAddress.Step(MiloServer.NAMESPACE, "Level"))));
        OpcUaPlan.Item whole = Bench.node("Zones");
        OpcUaPlan.Item part =
                ItemBuilder.of("part", whole.address()).indexRange("1:2").item();
        try (Bench bench = new Bench(Bench.plan(server.endpoint(), level, whole, part), state)) {
            await().until(() -> bench.sink.samples.size() >= 3);
            assertThat(bench.sink.lastValue(0)).isEqualTo(new Value.Float64(81.5));
            assertThat(bench.sink.lastValue(1))
                    .isEqualTo(new Value.Elements(List.of(
                            new Value.Float64(1), new Value.Float64(2), new Value.Float64(3), new Value.Float64(4))));
            assertThat(bench.sink.lastValue(2))
                    .isEqualTo(new Value.Elements(List.of(new Value.Float64(2), new Value.Float64(3))));
        }
    }

    @Test
    void tellsTheTypeOfItsValuesWhereDataTypeAndValueRankSayIt() throws Exception {
        server.addEnumeration("State", 1, "stopped", "running")
                .addStructure("Job", "axle", 7)
                .add("Zones", NodeIds.Double, Variant.of(new Double[] {1.0, 2.0}))
                .ofRank("Zones", 1)
                .add("Perhaps", NodeIds.Double, Variant.ofDouble(1))
                .ofRank("Perhaps", -2)
                .add("Since", NodeIds.UtcTime, Variant.ofDateTime(DateTime.now()))
                .add("Any", NodeIds.Number, Variant.ofInt32(3))
                .add("Whatever", NodeIds.BaseDataType, Variant.ofInt32(3));
        List<Optional<ValueType>> expected = List.of(
                Optional.of(ValueType.SIGNED),
                Optional.of(ValueType.STRUCTURE),
                Optional.of(ValueType.STRUCTURE),
                Optional.empty(),
                Optional.of(ValueType.STRING),
                Optional.empty(),
                Optional.empty());
        OpcUaPlan.Item[] items = Stream.of("State", "Job", "Zones", "Perhaps", "Since", "Any", "Whatever")
                .map(Bench::node)
                .toArray(OpcUaPlan.Item[]::new);
        try (Bench bench = new Bench(Bench.plan(server.endpoint(), items), state)) {
            await().until(() -> bench.sink.samples.size() >= items.length);
            for (int tag = 0; tag < items.length; tag++) {
                assertThat(Objects.requireNonNull(bench.sink.meanings.get(tag)).type())
                        .as(items[tag].name())
                        .isEqualTo(expected.get(tag));
                expected.get(tag)
                        .ifPresent(type -> assertThat(bench.sink.samples)
                                .anyMatch(sample ->
                                        sample.value() != null && sample.value().type() == type));
            }
        }
    }

    @Test
    void tellsUnitsRangesAndNamesOfEnumerationsBeforeTheFirstSample() {
        LocalizedText shown = LocalizedText.english("kN");
        server.addAnalog("Force", 12.5, new EUInformation("", KILONEWTON, shown, shown), new Range(0.0, 4000.0))
                .described("Force", "Pressing force", "Force at the ram", new Range(-50.0, 4500.0), 1);
        server.addEnumeration("State", 1, "stopped", "running");
        try (Bench bench = new Bench(Bench.plan(server.endpoint(), Bench.node("Force"), Bench.node("State")), state)) {
            await().until(() -> bench.sink.samples.size() >= 2);
            assertThat(bench.sink.meanings)
                    .containsEntry(
                            0,
                            new TagMeaning(
                                    "kN",
                                    "Force at the ram",
                                    List.of(),
                                    OptionalDouble.of(0),
                                    OptionalDouble.of(4000),
                                    new Detail(
                                            "Pressing force",
                                            "",
                                            OptionalDouble.of(-50),
                                            OptionalDouble.of(4500),
                                            OptionalDouble.of(1)),
                                    Optional.of(ValueType.FLOAT64)))
                    .containsEntry(
                            1,
                            new TagMeaning(
                                    "",
                                    "",
                                    List.of(new EnumValue(0, "stopped"), new EnumValue(1, "running")),
                                    OptionalDouble.empty(),
                                    OptionalDouble.empty(),
                                    named("State"),
                                    Optional.of(ValueType.SIGNED)));
            assertThat(bench.sink.lastValue(1)).isEqualTo(new Value.Signed(1));
        }
    }

    @Test
    void theNamesOfTheBitsOfAnOptionSetAreNoNamesOfItsNumbers() {
        server.addOptionSet("Faults", 3, "overload", "overheated", "door-open");
        try (Bench bench = new Bench(Bench.plan(server.endpoint(), Bench.node("Faults")), state)) {
            await().until(() -> bench.sink.lastValue(0) != null);
            assertThat(bench.sink.lastValue(0)).isEqualTo(new Value.Unsigned(3));
            assertThat(Objects.requireNonNull(bench.sink.meanings.get(0)).enumeration())
                    .isEmpty();
        }
    }

    @Test
    void aNumberOfAnotherSystemOfUnitsIsNoCodeOfUnece() {
        LocalizedText shown = LocalizedText.english("stroke");
        server.addAnalog(
                "Force", 1, new EUInformation("urn:vendor:units", KILONEWTON, shown, shown), new Range(0.0, 9.0));
        try (Bench bench = new Bench(Bench.plan(server.endpoint(), Bench.node("Force")), state)) {
            await().until(() -> bench.sink.lastValue(0) != null);
            assertThat(Objects.requireNonNull(bench.sink.meanings.get(0)).unit())
                    .isEqualTo("stroke");
        }
    }

    @Test
    void anArrayOfStructuresThatAreNotDescribedKeepsEveryElement() {
        ExtensionObject first = undescribed((byte) 1);
        ExtensionObject second = undescribed((byte) 2);
        server.add("Jobs", NodeIds.Structure, Variant.of(new ExtensionObject[] {first, second}));
        try (Bench bench = new Bench(Bench.plan(server.endpoint(), Bench.node("Jobs")), state)) {
            await().until(() -> bench.sink.lastValue(0) != null);
            assertThat(bench.sink.lastValue(0))
                    .isEqualTo(new Value.Elements(
                            List.of(new Value.Bytes(new byte[] {1}), new Value.Bytes(new byte[] {2}))));
            assertThat(only(bench.sink.last(0)).status()).isEqualTo(Status.uncertain(SluiceCode.UNDECODABLE));
        }
    }

    private static ExtensionObject undescribed(byte content) {
        return ExtensionObject.of(ByteString.of(new byte[] {content}), new NodeId(1, "nobody knows"));
    }

    @Test
    void aNodeThatComesLaterIsDescribedBeforeItsFirstValue() {
        LocalizedText shown = LocalizedText.english("kN");
        try (Bench bench = new Bench(
                Bench.plan(server.endpoint(), Bench.node("Late"), Bench.polled("Late", Duration.ofMillis(50))),
                state)) {
            await().until(() -> bench.sink.samples.size() >= 2);
            server.addAnalog("Late", 12.5, new EUInformation("", KILONEWTON, shown, shown), new Range(0.0, 4000.0));
            await().until(() -> new Value.Float64(12.5).equals(bench.sink.lastValue(0)));
            assertThat(Objects.requireNonNull(bench.sink.meanings.get(0)).unit())
                    .isEqualTo("kN");
            await().until(() ->
                    Objects.requireNonNull(bench.sink.meanings.get(1)).unit().equals("kN"));
        }
    }

    private static Detail named(String displayName) {
        return new Detail(displayName, "", OptionalDouble.empty(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    @Test
    void decodesStructuresIntoNamedFields() throws Exception {
        server.addStructure("Job", "axle", 42);
        try (Bench bench = new Bench(Bench.plan(server.endpoint(), Bench.node("Job")), state)) {
            await().until(() -> bench.sink.lastValue(0) != null);
            assertThat(bench.sink.lastValue(0))
                    .isEqualTo(new Value.Structure(List.of(
                            new Value.Structure.Field("text", new Value.Text("axle")),
                            new Value.Structure.Field("number", new Value.Signed(42)))));
        }
    }

    @Test
    void keepsTheWholeStatusCode() {
        server.add("Sensor", NodeIds.Double, Variant.ofDouble(1));
        try (Bench bench = new Bench(Bench.plan(server.endpoint(), Bench.node("Sensor")), state)) {
            await().until(() -> bench.sink.lastValue(0) != null);
            server.set(
                    "Sensor",
                    new DataValue(Variant.ofDouble(2), new StatusCode(StatusCodes.Uncertain_LastUsableValue)));
            await().until(() -> new Value.Float64(2).equals(bench.sink.lastValue(0)));
            assertThat(only(bench.sink.last(0)).status())
                    .isEqualTo(new Status(Status.Quality.UNCERTAIN, Status.CodeSpace.OPCUA, (int)
                            StatusCodes.Uncertain_LastUsableValue));
        }
    }

    @Test
    void aTagThatTheServerDoesNotHaveIsBadAloneAndComesWhenItAppears() {
        server.add("There", NodeIds.Int32, Variant.ofInt32(7));
        try (Bench bench = new Bench(Bench.plan(server.endpoint(), Bench.node("Late"), Bench.node("There")), state)) {
            await().until(() -> bench.sink.last(0) != null && bench.sink.last(1) != null);
            assertThat(bench.sink.last(0))
                    .isEqualTo(new Sample(
                            0,
                            null,
                            new Status(Status.Quality.BAD, Status.CodeSpace.OPCUA, (int) StatusCodes.Bad_NodeIdUnknown),
                            Sample.NO_TIME));
            assertThat(bench.sink.lastValue(1)).isEqualTo(new Value.Signed(7));
            server.add("Late", NodeIds.String, Variant.ofString("here"));
            await().until(() -> new Value.Text("here").equals(bench.sink.lastValue(0)));
        }
    }

    @Test
    void aTagWithAnIntervalIsReadCyclically() {
        server.add("Steady", NodeIds.UInt32, Variant.of(UInteger.valueOf(3)));
        try (Bench bench =
                new Bench(Bench.plan(server.endpoint(), Bench.polled("Steady", Duration.ofMillis(50))), state)) {
            await().until(() -> bench.sink.values(0).size() >= 5);
            assertThat(bench.sink.values(0)).containsOnly(new Value.Unsigned(3));
        }
    }

    @Test
    void serversWithSmallLimitsDeliverEveryTag() throws Exception {
        server.close();
        server = MiloServer.start(new OpcUaServerConfigLimits() {
            @Override
            public UInteger getMaxMonitoredItemsPerCall() {
                return UInteger.valueOf(10);
            }

            @Override
            public UInteger getMaxNodesPerRead() {
                return UInteger.valueOf(10);
            }

            @Override
            public UInteger getMaxNodesPerTranslateBrowsePathsToNodeIds() {
                return UInteger.valueOf(10);
            }
        });
        OpcUaPlan.Item[] items = new OpcUaPlan.Item[205];
        for (int i = 0; i < items.length; i++) {
            server.add("Tag" + i, NodeIds.Int32, Variant.ofInt32(i));
            items[i] = Bench.node("Tag" + i);
        }
        try (Bench bench = new Bench(Bench.plan(server.endpoint(), items), state)) {
            await().until(() -> bench.sink.samples.size() >= items.length);
            for (int i = 0; i < items.length; i++) {
                assertThat(bench.sink.values(i)).containsExactly(new Value.Signed(i));
            }
        }
    }

    private static Sample only(@Nullable Sample sample) {
        return Objects.requireNonNull(sample);
    }
}

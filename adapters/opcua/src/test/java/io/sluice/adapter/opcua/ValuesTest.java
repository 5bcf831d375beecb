package io.sluice.adapter.opcua;

import static io.sluice.adapter.opcua.MiloTypes.field;
import static io.sluice.adapter.opcua.MiloTypes.optional;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.adapter.Sample;
import io.sluice.adapter.TagMeaning;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.Value;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExtensionObject;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.Matrix;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.Variant;
import org.eclipse.milo.opcua.stack.core.types.builtin.XmlElement;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.eclipse.milo.opcua.stack.core.types.enumerated.StructureType;
import org.eclipse.milo.opcua.stack.core.types.structured.EUInformation;
import org.eclipse.milo.opcua.stack.core.types.structured.Range;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What values become that few servers send. */
class ValuesTest {

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

    /** Until each of them has told something; a tag is its place. */
    private Bench bench(String... names) {
        Bench bench = new Bench(
                Bench.plan(server.endpoint(), Stream.of(names).map(Bench::node).toArray(OpcUaPlan.Item[]::new)), state);
        await().until(() ->
                bench.sink.samples.stream().map(Sample::tag).distinct().count() == names.length);
        assertThat(bench.bugs).isEmpty();
        return bench;
    }

    private static Sample last(Bench bench, int tag) {
        return Objects.requireNonNull(bench.sink.last(tag));
    }

    private static TagMeaning meaning(Bench bench, int tag) {
        return Objects.requireNonNull(bench.sink.meanings.get(tag));
    }

    private static Value.Elements elements(@Nullable Value... values) {
        return new Value.Elements(Arrays.asList(values));
    }

    private static Value.Structure structure(Object... namesAndValues) {
        return new Value.Structure(Stream.iterate(0, i -> i < namesAndValues.length, i -> i + 2)
                .map(i -> new Value.Structure.Field((String) namesAndValues[i], (Value) namesAndValues[i + 1]))
                .toList());
    }

    private static Value.Text text(String text) {
        return new Value.Text(text);
    }

    @Test
    void identifiersNameTheirNamespaceByUriAlsoWhereTheServerNumbersItAnew() throws Exception {
        for (boolean anew : new boolean[] {false, true}) {
            if (anew) {
                server.close();
                server = MiloServer.startWithAnotherNamespaceFirst(MiloServer.freePort());
            }
            UShort index = server.namespaceIndex();
            server.add("Node", NodeIds.NodeId, Variant.ofNodeId(new NodeId(index, "Press;1")));
            server.add(
                    "Expanded",
                    NodeIds.ExpandedNodeId,
                    Variant.ofExpandedNodeId(ExpandedNodeId.of(index, UInteger.valueOf(7))));
            server.add("Name", NodeIds.QualifiedName, Variant.ofQualifiedName(new QualifiedName(index, "Level:1")));
            server.add("Standard", NodeIds.NodeId, Variant.ofNodeId(NodeIds.Server));
            server.add("Nobodys", NodeIds.NodeId, Variant.ofNodeId(new NodeId(77, 1)));
            try (Bench bench = bench("Node", "Expanded", "Name", "Standard", "Nobodys")) {
                assertThat(bench.sink.lastValue(0)).isEqualTo(text("nsu=urn:sluice:test;s=Press;1"));
                assertThat(bench.sink.lastValue(1)).isEqualTo(text("nsu=urn:sluice:test;i=7"));
                assertThat(bench.sink.lastValue(2)).isEqualTo(text("nsu=urn:sluice:test;Level:1"));
                assertThat(bench.sink.lastValue(3)).isEqualTo(text("i=2253"));
                assertThat(bench.sink.lastValue(4)).isEqualTo(text("ns=77;i=1"));
            }
        }
    }

    @Test
    void picosecondsBeyondTheirRangeCountAsTheLast() {
        DateTime time = new DateTime(java.time.Instant.parse("2026-11-20T09:14:03Z"));
        server.add("Near", NodeIds.Int32, Variant.ofInt32(1)).add("Far", NodeIds.Int32, Variant.ofInt32(1));
        server.set("Near", precise(time, 4_200));
        server.set("Far", precise(time, 65_535));
        try (Bench bench = bench("Near", "Far")) {
            long whole = Translation.time(time);
            assertThat(last(bench, 0).time()).isEqualTo(whole + 42);
            assertThat(last(bench, 1).time()).isEqualTo(whole + 99);
        }
    }

    private static DataValue precise(DateTime time, int picoseconds) {
        return new DataValue(
                Variant.ofInt32(1), StatusCode.GOOD, time, UShort.valueOf(picoseconds), time, UShort.valueOf(0));
    }

    @Test
    void datesAreExactAndStayInTheYearsThatCanBeWritten() {
        server.add("Null", NodeIds.DateTime, Variant.ofDateTime(DateTime.MIN_VALUE))
                .add("Before", NodeIds.DateTime, Variant.ofDateTime(new DateTime(Translation.EPOCH_TICKS - 5_000_000)))
                .add("Fine", NodeIds.DateTime, Variant.ofDateTime(new DateTime(Translation.EPOCH_TICKS + 1)))
                .add("Never", NodeIds.DateTime, Variant.ofDateTime(new DateTime(Long.MAX_VALUE)))
                .add("Negative", NodeIds.DateTime, Variant.ofDateTime(new DateTime(-1)));
        try (Bench bench = bench("Null", "Before", "Fine", "Never", "Negative")) {
            assertThat(bench.sink.lastValue(0)).isEqualTo(text("1601-01-01T00:00:00Z"));
            assertThat(bench.sink.lastValue(1)).isEqualTo(text("1969-12-31T23:59:59.500Z"));
            assertThat(bench.sink.lastValue(2)).isEqualTo(text("1970-01-01T00:00:00.000000100Z"));
            assertThat(bench.sink.lastValue(3)).isEqualTo(text("9999-12-31T23:59:59Z"));
            assertThat(bench.sink.lastValue(4)).isEqualTo(text("1601-01-01T00:00:00Z"));
        }
    }

    @Test
    void anElementThatIsNullStaysNull() {
        server.add("Texts", NodeIds.String, Variant.of(new String[] {"a", null}))
                .ofRank("Texts", 1)
                .add("Bytes", NodeIds.ByteString, Variant.of(new ByteString[] {ByteString.NULL_VALUE}))
                .ofRank("Bytes", 1)
                .add("Guid", NodeIds.Guid, Variant.ofGuid(new UUID(1, 2)))
                .add("Xml", NodeIds.XmlElement, Variant.ofXmlElement(new XmlElement("<a/>")))
                .add("Locale", NodeIds.LocalizedText, Variant.ofLocalizedText(new LocalizedText("de", null)));
        try (Bench bench = bench("Texts", "Bytes", "Guid", "Xml", "Locale")) {
            assertThat(bench.sink.lastValue(0)).isEqualTo(elements(text("a"), null));
            assertThat(bench.sink.lastValue(1)).isEqualTo(elements((Value) null));
            assertThat(bench.sink.lastValue(2)).isEqualTo(text("00000000-0000-0001-0000-000000000002"));
            assertThat(bench.sink.lastValue(3)).isEqualTo(text("<a/>"));
            assertThat(last(bench, 4)).satisfies(sample -> {
                assertThat(sample.value()).isNull();
                assertThat(sample.status().quality()).isEqualTo(Status.Quality.GOOD);
            });
        }
    }

    @Test
    void valuesWithAStatusInsideAnArrayKeepIt() {
        DateTime time = new DateTime(java.time.Instant.parse("2026-11-20T09:14:03Z"));
        server.add("Record", NodeIds.DataValue, Variant.of(new DataValue[] {
            new DataValue(Variant.ofInt32(7), new StatusCode(StatusCodes.Uncertain_LastUsableValue), time, null),
            DataValue.valueOnly(Variant.ofInt32(8))
        }));
        try (Bench bench = bench("Record")) {
            assertThat(bench.sink.lastValue(0))
                    .isEqualTo(elements(
                            structure(
                                    "Value",
                                    new Value.Signed(7),
                                    "Status",
                                    new Value.Unsigned(StatusCodes.Uncertain_LastUsableValue),
                                    "SourceTimestamp",
                                    text("2026-11-20T09:14:03Z")),
                            structure("Value", new Value.Signed(8))));
        }
    }

    @Test
    void aMatrixIsAnArrayOfArraysUnlessItsDimensionsDoNotFitItsElements() {
        Integer[] six = {1, 2, 3, 4, 5, 6};
        server.add("Fits", NodeIds.Int32, Variant.ofMatrix(new Matrix(six, new int[] {2, 3}, OpcUaDataType.Int32)))
                .add("Misfits", NodeIds.Int32, Variant.ofMatrix(new Matrix(six, new int[] {4, 3}, OpcUaDataType.Int32)))
                .add(
                        "Empty",
                        NodeIds.Int32,
                        Variant.ofMatrix(new Matrix(new Integer[0], new int[] {0, 3}, OpcUaDataType.Int32)))
                .add("Neighbour", NodeIds.Int32, Variant.ofInt32(1));
        try (Bench bench = bench("Fits", "Misfits", "Empty", "Neighbour")) {
            Value[] n = Stream.of(six).map(Value.Signed::new).toArray(Value[]::new);
            assertThat(bench.sink.lastValue(0))
                    .isEqualTo(elements(elements(n[0], n[1], n[2]), elements(n[3], n[4], n[5])));
            assertThat(bench.sink.lastValue(1)).isEqualTo(elements(n));
            assertThat(last(bench, 1).status()).isEqualTo(Status.uncertain(SluiceCode.UNDECODABLE));
            assertThat(bench.sink.lastValue(2)).isEqualTo(elements());
            assertThat(bench.sink.lastValue(3)).isEqualTo(n[0]);
        }
    }

    @Test
    void whatIsNestedDeeperThanAMessageTakesIsCutThere() {
        Variant nested = Variant.ofInt32(1);
        for (int i = 0; i < 50; i++) {
            nested = Variant.of(new Variant[] {nested});
        }
        server.add("Deep", NodeIds.BaseDataType, nested);
        try (Bench bench = bench("Deep")) {
            assertThat(last(bench, 0).status()).isEqualTo(Status.uncertain(SluiceCode.UNDECODABLE));
            int depth = 0;
            @Nullable Value at = last(bench, 0).value();
            while (at instanceof Value.Elements array) {
                depth++;
                at = array.values().getFirst();
            }
            assertThat(depth).isEqualTo(Value.MAX_DEPTH);
        }
    }

    private static byte[] bytes(Object... parts) {
        ByteBuffer buffer = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        for (Object part : parts) {
            switch (part) {
                case Integer number -> buffer.putInt(number);
                case Double number -> buffer.putDouble(number);
                case String text -> buffer.putInt(text.length()).put(text.getBytes(StandardCharsets.US_ASCII));
                default -> throw new IllegalArgumentException(part.toString());
            }
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    @Test
    void structuresHaveTheFieldsThatTheyHave() {
        MiloTypes types = server.types();
        MiloTypes.Described inner = types.structure(
                "Inner",
                StructureType.StructureWithOptionalFields,
                optional("first", NodeIds.Int32),
                field("always", NodeIds.Int32),
                optional("second", NodeIds.Double));
        MiloTypes.Described either = types.structure(
                "Either", StructureType.Union, field("number", NodeIds.Int32), field("text", NodeIds.String));
        MiloTypes.Described outer = types.structure(
                "Outer", StructureType.Structure, field("inner", inner.type()), field("either", either.type()));
        server.add("Both", outer.type(), Variant.ofExtensionObject(outer.of(bytes(2, 5, 1.5, 2, "axle"))))
                .add("Neither", outer.type(), Variant.ofExtensionObject(outer.of(bytes(0, 5, 0))));
        try (Bench bench = bench("Both", "Neither")) {
            assertThat(bench.sink.lastValue(0))
                    .isEqualTo(structure(
                            "inner",
                            structure("always", new Value.Signed(5), "second", new Value.Float64(1.5)),
                            "either",
                            structure("text", text("axle"))));
            assertThat(bench.sink.lastValue(1))
                    .isEqualTo(structure("inner", structure("always", new Value.Signed(5)), "either", structure()));
        }
    }

    @Test
    void aStructureThatIsNotAsTheServerSaysStaysBytesAndItsNeighboursCome() {
        MiloTypes types = server.types();
        NodeId mode = types.enumeration("Mode", "idle", "running");
        MiloTypes.Described job =
                types.structure("Job", StructureType.Structure, field("mode", mode), field("count", NodeIds.Int32));
        byte[] unnamed = bytes(7, 1);
        byte[] tooShort = {1, 0};
        server.add("Good", job.type(), Variant.ofExtensionObject(job.of(bytes(1, 1))))
                .add("Unnamed", job.type(), Variant.ofExtensionObject(job.of(unnamed)))
                .add("Short", job.type(), Variant.ofExtensionObject(job.of(tooShort)))
                .add("Neighbour", NodeIds.Int32, Variant.ofInt32(1));
        try (Bench bench = bench("Good", "Unnamed", "Short", "Neighbour")) {
            assertThat(bench.sink.lastValue(0))
                    .isEqualTo(structure("mode", new Value.Signed(1), "count", new Value.Signed(1)));
            for (int tag = 1; tag <= 2; tag++) {
                assertThat(bench.sink.lastValue(tag)).isEqualTo(new Value.Bytes(tag == 1 ? unnamed : tooShort));
                assertThat(last(bench, tag).status()).isEqualTo(Status.uncertain(SluiceCode.UNDECODABLE));
            }
            assertThat(bench.sink.lastValue(3)).isEqualTo(new Value.Signed(1));
        }
    }

    @Test
    void aVariableOfAnyStructureHasTheFieldsOfTheOneThatItHolds() {
        MiloTypes.Described job =
                server.types().structure("Job", StructureType.Structure, field("count", NodeIds.Int32));
        server.add("Any", NodeIds.Structure, Variant.ofExtensionObject(job.of(bytes(5))))
                .add("Many", NodeIds.Structure, Variant.of(new ExtensionObject[] {
                    job.of(bytes(6)), ExtensionObject.of(ByteString.of(new byte[] {9}), new NodeId(1, "nobody knows"))
                }));
        try (Bench bench = bench("Any", "Many")) {
            assertThat(bench.sink.lastValue(0)).isEqualTo(structure("count", new Value.Signed(5)));
            assertThat(bench.sink.lastValue(1))
                    .isEqualTo(elements(structure("count", new Value.Signed(6)), new Value.Bytes(new byte[] {9})));
        }
    }

    @Test
    void theBitsOfAnOptionSetHaveTheirNamesWhateverItRestsOn() {
        MiloTypes types = server.types();
        String[] names = {"overload", "overheated"};
        MiloTypes.Described structured = types.optionSet("Structured", names);
        server.addOptionSet("Number", 3, names)
                .add(
                        "Abstract",
                        types.named("AbstractType", NodeIds.UInteger, names),
                        Variant.ofUInt32(UInteger.valueOf(2)))
                .add("Bytes", structured.type(), Variant.ofExtensionObject(structured.of(bytes("\u0001", "\u0003"))));
        try (Bench bench = bench("Number", "Abstract", "Bytes")) {
            for (int tag = 0; tag < 3; tag++) {
                assertThat(meaning(bench, tag).enumeration()).isEmpty();
                assertThat(meaning(bench, tag).detail().bits())
                        .containsExactly(new EnumValue(0, "overload"), new EnumValue(1, "overheated"));
            }
            assertThat(bench.sink.lastValue(0)).isEqualTo(new Value.Unsigned(3));
            assertThat(bench.sink.lastValue(1)).isEqualTo(new Value.Unsigned(2));
            assertThat(bench.sink.lastValue(2))
                    .isEqualTo(structure(
                            "Value", new Value.Bytes(new byte[] {1}), "ValidBits", new Value.Bytes(new byte[] {3})));
        }
    }

    @Test
    void aRangeWithoutAnEndHasTheOtherAndOneThatSaysNothingHasNone() {
        Range[] ranges = {
            new Range(Double.NEGATIVE_INFINITY, 100.0),
            new Range(-Double.MAX_VALUE, Double.MAX_VALUE),
            new Range(Double.NaN, 1.0),
            new Range(10.0, -10.0)
        };
        LocalizedText none = LocalizedText.NULL_VALUE;
        for (int i = 0; i < ranges.length; i++) {
            server.addAnalog("R" + i, 1, new EUInformation(null, -1, none, none), ranges[i]);
        }
        try (Bench bench = bench("R0", "R1", "R2", "R3")) {
            assertThat(meaning(bench, 0).low()).isEmpty();
            assertThat(meaning(bench, 0).high()).isEqualTo(OptionalDouble.of(100));
            for (int tag = 1; tag < ranges.length; tag++) {
                assertThat(meaning(bench, tag).low()).isEmpty();
                assertThat(meaning(bench, tag).high()).isEmpty();
            }
        }
    }
}

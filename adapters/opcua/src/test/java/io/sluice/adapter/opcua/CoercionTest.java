package io.sluice.adapter.opcua;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.Value;
import java.util.List;
import java.util.OptionalDouble;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.milo.opcua.stack.core.NamespaceTable;
import org.eclipse.milo.opcua.stack.core.NodeIds;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;
import org.eclipse.milo.opcua.stack.core.types.builtin.ByteString;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.ExpandedNodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.LocalizedText;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.QualifiedName;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UByte;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.ULong;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CoercionTest {

    private static final NamespaceTable NAMESPACES = new NamespaceTable("urn:sluice:other", "urn:sluice:press;1");

    private static Target scalar(OpcUaDataType type) {
        return new Target(type, false, List.of(), OptionalDouble.empty(), OptionalDouble.empty());
    }

    private static Arguments row(OpcUaDataType type, Value written, Object sent) {
        return Arguments.of(type, written, sent);
    }

    static Stream<Arguments> fitting() {
        return Stream.of(
                row(OpcUaDataType.Boolean, new Value.Bool(true), true),
                row(OpcUaDataType.Boolean, new Value.Signed(0), false),
                row(OpcUaDataType.Boolean, new Value.Text("True"), true),
                row(OpcUaDataType.SByte, new Value.Signed(-128), (byte) -128),
                row(OpcUaDataType.Byte, new Value.Signed(255), UByte.valueOf(255)),
                row(OpcUaDataType.Int16, new Value.Float64(-3.0), (short) -3),
                row(OpcUaDataType.UInt16, new Value.Text("65535"), UShort.valueOf(65_535)),
                row(OpcUaDataType.Int32, new Value.Text("1e3"), 1_000),
                row(OpcUaDataType.UInt32, new Value.Unsigned(4_000_000_000L), UInteger.valueOf(4_000_000_000L)),
                row(OpcUaDataType.Int64, new Value.Signed(Long.MIN_VALUE), Long.MIN_VALUE),
                row(OpcUaDataType.UInt64, new Value.Unsigned(-1), ULong.valueOf(ULong.MAX_VALUE)),
                row(OpcUaDataType.Float, new Value.Float64(0.1), 0.1f),
                row(OpcUaDataType.Float, new Value.Text("21.5"), 21.5f),
                row(OpcUaDataType.Double, new Value.Signed(7), 7.0),
                row(OpcUaDataType.String, new Value.Text("grüße"), "grüße"),
                row(OpcUaDataType.LocalizedText, new Value.Text("on"), new LocalizedText(null, "on")),
                row(
                        OpcUaDataType.DateTime,
                        new Value.Text("1970-01-01T00:00:01Z"),
                        new DateTime(116_444_736_010_000_000L)),
                row(
                        OpcUaDataType.Guid,
                        new Value.Text("09087e75-8e5e-499b-954f-f2a9603db28a"),
                        UUID.fromString("09087e75-8e5e-499b-954f-f2a9603db28a")),
                row(
                        OpcUaDataType.NodeId,
                        new Value.Text("nsu=urn:sluice:press%3B1;s=Press;1"),
                        new NodeId(2, "Press;1")),
                row(OpcUaDataType.NodeId, new Value.Text("i=2253"), NodeIds.Server),
                row(
                        OpcUaDataType.ExpandedNodeId,
                        new Value.Text("svu=urn:another;nsu=urn:its;i=7"),
                        ExpandedNodeId.parse("svu=urn:another;nsu=urn:its;i=7")),
                row(
                        OpcUaDataType.QualifiedName,
                        new Value.Text("nsu=urn:sluice:other;Level:1"),
                        new QualifiedName(1, "Level:1")),
                row(OpcUaDataType.QualifiedName, new Value.Text("Level"), new QualifiedName(0, "Level")),
                row(OpcUaDataType.ByteString, new Value.Text("AQL/"), ByteString.of(new byte[] {1, 2, -1})));
    }

    @ParameterizedTest
    @MethodSource("fitting")
    void turnsWhatFitsIntoTheTypeOfTheVariable(OpcUaDataType type, Value written, Object sent) throws Exception {
        assertThat(Coercion.coerce(written, scalar(type), NAMESPACES).value()).isEqualTo(sent);
    }

    static Stream<Arguments> misfits() {
        return Stream.of(
                row(OpcUaDataType.SByte, new Value.Signed(128), "128 is outside the range of SByte, -128 to 127"),
                row(OpcUaDataType.Byte, new Value.Signed(-1), "-1 is outside the range of Byte, 0 to 255"),
                row(OpcUaDataType.Int64, new Value.Unsigned(-1), "18446744073709551615 is outside the range of Int64"),
                row(OpcUaDataType.Int32, new Value.Float64(1.5), "1.5 is not a whole number"),
                row(OpcUaDataType.Int32, new Value.Float64(Double.NaN), "NaN is not a number"),
                row(OpcUaDataType.Int32, new Value.Text("ten"), "'ten' is not a number"),
                row(OpcUaDataType.Int64, new Value.Text("1e999999999"), "'1e999999999' is not a number"),
                row(OpcUaDataType.Int32, new Value.Bool(true), "true is not a number"),
                row(OpcUaDataType.Float, new Value.Float64(1e39), "1.0E39 does not fit a variable of type Float"),
                row(OpcUaDataType.Boolean, new Value.Signed(2), "2 does not fit a variable of type Boolean"),
                row(OpcUaDataType.String, new Value.Signed(2), "2 does not fit a variable of type String"),
                row(OpcUaDataType.DateTime, new Value.Text("today"), "'today' is not a time"),
                row(
                        OpcUaDataType.DateTime,
                        new Value.Text("1600-12-31T23:59:59Z"),
                        "is outside the times of OPC UA, 1601-01-01T00:00:00Z to 9999-12-31T23:59:59Z"),
                row(OpcUaDataType.DateTime, new Value.Text("+12026-11-20T09:14:03Z"), "is outside the times of OPC UA"),
                row(
                        OpcUaDataType.DateTime,
                        new Value.Text("2026-11-20T09:14:03.000000050Z"),
                        "is finer than the 100 ns of OPC UA"),
                row(OpcUaDataType.Double, new Value.Text("1e350"), "'1e350' does not fit a variable of type Double"),
                row(
                        OpcUaDataType.NodeId,
                        new Value.Text("nsu=urn:nobody;i=7"),
                        "'nsu=urn:nobody;i=7' is no NodeId such as nsu=http://vendor.example/press;s=Press.State,"
                                + " or of a namespace that the server does not have"),
                row(OpcUaDataType.ExpandedNodeId, new Value.Text("Press"), "'Press' is no ExpandedNodeId"),
                row(OpcUaDataType.Guid, new Value.Text("1-2-3-4-5"), "'1-2-3-4-5' is not a Guid"),
                row(OpcUaDataType.ByteString, new Value.Text("?"), "'?' is not base64"),
                row(OpcUaDataType.ExtensionObject, new Value.Signed(1), "cannot be written"),
                row(
                        OpcUaDataType.Int32,
                        new Value.Elements(List.of(new Value.Signed(1))),
                        "an array does not fit, the variable is a scalar Int32"));
    }

    @ParameterizedTest
    @MethodSource("misfits")
    void saysWhyAValueDoesNotFit(OpcUaDataType type, Value written, String why) {
        assertThatThrownBy(() -> Coercion.coerce(written, scalar(type), NAMESPACES))
                .isInstanceOf(Coercion.Misfit.class)
                .hasMessageContaining(why);
    }

    @Test
    void takesTheNamesOfTheTwoStatesOfABoolean() throws Exception {
        Target door = new Target(
                OpcUaDataType.Boolean,
                false,
                List.of(new EnumValue(0, "closed"), new EnumValue(1, "open")),
                OptionalDouble.empty(),
                OptionalDouble.empty());
        assertThat(Coercion.coerce(new Value.Text("open"), door, NAMESPACES).value())
                .isEqualTo(true);
        assertThat(Coercion.coerce(new Value.Text("closed"), door, NAMESPACES).value())
                .isEqualTo(false);
    }

    @Test
    void holdsTheRangeThatTheServerNames() throws Exception {
        Target speed = new Target(OpcUaDataType.Double, false, List.of(), OptionalDouble.of(0), OptionalDouble.of(60));
        assertThat(Coercion.coerce(new Value.Signed(60), speed, NAMESPACES).value())
                .isEqualTo(60.0);
        for (Value outside :
                List.of(new Value.Float64(60.5), new Value.Signed(-1), new Value.Float64(Double.POSITIVE_INFINITY))) {
            assertThatThrownBy(() -> Coercion.coerce(outside, speed, NAMESPACES))
                    .hasMessageContaining("is outside the range that the server names for it, 0.0 to 60.0");
        }
    }

    @Test
    void anEnumerationTakesItsNamesAndItsNumbersOnly() throws Exception {
        Target state = new Target(
                OpcUaDataType.Int32,
                false,
                List.of(new EnumValue(0, "stopped"), new EnumValue(3, "running")),
                OptionalDouble.empty(),
                OptionalDouble.empty());
        assertThat(Coercion.coerce(new Value.Text("running"), state, NAMESPACES).value())
                .isEqualTo(3);
        assertThat(Coercion.coerce(new Value.Signed(0), state, NAMESPACES).value())
                .isEqualTo(0);
        for (Value other : List.of(new Value.Signed(1), new Value.Text("idle"))) {
            assertThatThrownBy(() -> Coercion.coerce(other, state, NAMESPACES))
                    .hasMessageContaining("is none of the variable's values: 0 (stopped), 3 (running)");
        }
    }

    @Test
    void anArrayTakesElementsOfItsType() throws Exception {
        Target zones = new Target(OpcUaDataType.Float, true, List.of(), OptionalDouble.empty(), OptionalDouble.empty());
        Value.Elements two = new Value.Elements(List.of(new Value.Signed(1), new Value.Text("2.5")));
        assertThat(Coercion.coerce(two, zones, NAMESPACES).value()).isEqualTo(new Float[] {1f, 2.5f});
        assertThat(Coercion.coerce(new Value.Signed(4), zones, NAMESPACES).value())
                .isEqualTo(new Float[] {4f});
    }
}

package io.sluice.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import io.sluice.telemetry.proto.AliasTable;
import io.sluice.telemetry.proto.Batch;
import io.sluice.telemetry.proto.Birth;
import io.sluice.telemetry.proto.Epoch;
import io.sluice.telemetry.proto.FloatColumn;
import io.sluice.telemetry.proto.Heartbeat;
import io.sluice.telemetry.proto.PtpTimestamp;
import io.sluice.telemetry.proto.StatusRun;
import io.sluice.telemetry.proto.StructureColumn;
import io.sluice.telemetry.proto.Tag;
import io.sluice.telemetry.proto.Tree;
import org.junit.jupiter.api.Test;

class ProtobufCodecTest {

    private static io.sluice.telemetry.proto.Message.Builder message() {
        return io.sluice.telemetry.proto.Message.newBuilder()
                .setSchema(1)
                .setGateway("g")
                .setDevice("d")
                .setEpoch(Epoch.newBuilder().setOrder(1).setRandom(2))
                .setSequence(3);
    }

    private static FloatColumn.Builder floats() {
        return FloatColumn.newBuilder()
                .addAlias(1)
                .addAlias(2)
                .addTimeDelta(0)
                .addTimeDelta(-5)
                .addValue(1)
                .addValue(2);
    }

    private static io.sluice.telemetry.proto.Message.Builder with(FloatColumn.Builder floats) {
        PtpTimestamp base = PtpTimestamp.newBuilder().setSeconds(10).build();
        return message().setBatch(Batch.newBuilder().setBase(base).setFloats(floats));
    }

    private static Message decode(io.sluice.telemetry.proto.Message.Builder message) throws MalformedMessage {
        return ProtobufCodec.decode(message.build().toByteArray());
    }

    private static void refuses(io.sluice.telemetry.proto.Message.Builder message, String... because) {
        assertThatThrownBy(() -> decode(message))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContainingAll(because);
    }

    @Test
    void refusesColumnsWhoseLengthsDisagree() {
        refuses(with(floats().addAlias(3)), "FLOAT32", "3 aliases, 2 times and 2 values");
        refuses(with(floats().addTimeDelta(3)), "2 aliases, 3 times");
        refuses(with(floats().addValue(3)), "3 values");
    }

    @Test
    void refusesStatusAndAbsentIndicesOutsideTheColumn() {
        refuses(with(floats().addStatus(StatusRun.newBuilder().setCount(1))), "status of 1 readings", "column of 2");
        refuses(with(floats().addStatus(StatusRun.newBuilder().setCount(-1))), "status of 4294967295");
        refuses(with(floats().addAbsent(2)), "index 2", "column of 2");
        refuses(with(floats().addAbsent(-1)), "index 4294967295");
    }

    @Test
    void refusesNumbersOutsideTheirRange() {
        refuses(with(floats().setAlias(0, 0)), "alias 0");
        refuses(with(floats().setTimeDelta(0, Long.MIN_VALUE)), "BATCH");
        refuses(with(floats().setTimeDelta(0, -11_000_000_000L)), "seconds outside");
        refuses(message().setHeartbeat(Heartbeat.newBuilder().setLast(-1)), "heartbeat.last", "18446744073709551615");
        refuses(with(floats()).setSequence(-1), "sequence");
        Batch.Builder batch =
                Batch.newBuilder().setBase(PtpTimestamp.newBuilder().setNanoseconds(1_000_000_000));
        refuses(message().setBatch(batch), "nanoseconds outside", "1000000000");
    }

    @Test
    void refusesAMessageWithoutWhatNamesItsStream() {
        refuses(with(floats()).clearGateway(), "no gateway");
        refuses(with(floats()).clearDevice(), "no device");
        refuses(with(floats()).clearEpoch(), "no epoch");
        refuses(with(floats()).clearSchema(), "schema is 0");
        refuses(message(), "no body");
    }

    @Test
    void refusesAStructureThatIsNone() {
        StructureColumn.Builder column =
                StructureColumn.newBuilder().addAlias(1).addTimeDelta(0);
        Tree number = Tree.newBuilder().setSigned(1).build();
        Tree names = Tree.newBuilder()
                .setFields(Tree.Fields.newBuilder().addName("a"))
                .build();
        Tree twoForms = Tree.newBuilder()
                .setElements(Tree.Elements.newBuilder().addSigned(1).addFloat32(1))
                .build();

        refuses(
                message()
                        .setBatch(
                                Batch.newBuilder().setStructures(column.clone().addValue(number))),
                "neither");
        refuses(
                message()
                        .setBatch(
                                Batch.newBuilder().setStructures(column.clone().addValue(names))),
                "1 names");
        refuses(
                message()
                        .setBatch(
                                Batch.newBuilder().setStructures(column.clone().addValue(twoForms))),
                "2 forms");
    }

    @Test
    void refusesBytesThatAreNoProtobuf() {
        assertThatThrownBy(() -> ProtobufCodec.decode(new byte[] {8, 1, 18, 100}))
                .isInstanceOf(MalformedMessage.class)
                .hasMessageContaining("4 bytes are no sluice.v1.Message");
        assertThatThrownBy(() -> ProtobufCodec.decode(new byte[0])).isInstanceOf(MalformedMessage.class);
    }

    @Test
    void takesAnUnknownEnumNumberForNotSaid() throws MalformedMessage {
        StatusRun.Builder run = StatusRun.newBuilder()
                .setCount(2)
                .setQualityValue(99)
                .setSpaceValue(99)
                .setCode(5);
        Message message = decode(with(floats().addStatus(run)).setLaneValue(99));

        assertThat(message.lane()).isEqualTo(Message.Lane.UNSPECIFIED);
        assertThat(((Message.Batch) message.body()).readings().getFirst().status())
                .isEqualTo(new Status(Status.Quality.UNCERTAIN, Status.CodeSpace.UNSPECIFIED, 5));
    }

    @Test
    void ignoresFieldsItDoesNotKnow() throws MalformedMessage {
        var later = UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFromUtf8("later"))
                .build();
        io.sluice.telemetry.proto.Message.Builder message = with(floats())
                .setUnknownFields(
                        UnknownFieldSet.newBuilder().addField(1000, later).build());

        assertThat(decode(message)).isEqualTo(decode(with(floats())));
    }

    @Test
    void readsAHigherSchemaAsFarAsItCanAndKeepsItsNumber() throws MalformedMessage {
        assertThat(decode(message().setSchema(2)).body()).isEqualTo(new Message.Unknown());
        assertThat(decode(message().setSchema(2)).schema()).isEqualTo(2);
        assertThat(decode(with(floats()).setSchema(7)).body()).isInstanceOf(Message.Batch.class);
    }

    @Test
    void leavesOutATagOfATypeItDoesNotKnow() throws MalformedMessage {
        AliasTable.Builder table = AliasTable.newBuilder()
                .addTags(Tag.newBuilder()
                        .setAlias(1)
                        .setName("a")
                        .setType(io.sluice.telemetry.proto.ValueType.VALUE_TYPE_FLOAT32))
                .addTags(Tag.newBuilder().setAlias(2).setName("b").setTypeValue(99));
        Message message =
                decode(message().setBirth(Birth.newBuilder().setParts(1).addTables(table)));

        assertThat(((Message.Birth) message.body()).tables().getFirst().tags()).containsOnlyKeys(1);
    }
}

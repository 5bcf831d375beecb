package io.sluice.telemetry;

import com.google.protobuf.CodedOutputStream;
import io.sluice.telemetry.proto.AliasTable;
import io.sluice.telemetry.proto.Birth;
import io.sluice.telemetry.proto.ClockStep;
import io.sluice.telemetry.proto.EnumValue;
import io.sluice.telemetry.proto.EpochEnd;
import io.sluice.telemetry.proto.Heartbeat;
import io.sluice.telemetry.proto.Loss;
import io.sluice.telemetry.proto.LossCount;
import io.sluice.telemetry.proto.LossRange;
import io.sluice.telemetry.proto.LossReason;
import io.sluice.telemetry.proto.Start;
import io.sluice.telemetry.proto.State;
import io.sluice.telemetry.proto.Status;
import io.sluice.telemetry.proto.Tag;
import io.sluice.telemetry.proto.ValueType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Bodies as bytes: {@code sluice.v1.Message} with nothing but its body. Equal bodies give equal bytes. */
final class ProtobufWriter {

    private ProtobufWriter() {}

    static byte[] body(Message.Body body) {
        return switch (body) {
            case Message.Batch batch -> batch(batch);
            case Message.Start start -> bytes(message().setStart(start(start)).build());
            case Message.Loss loss -> bytes(message().setLoss(loss(loss)).build());
            case Message.ClockStep step ->
                bytes(message().setClockStep(clockStep(step)).build());
            case Message.EpochEnd end ->
                bytes(message().setEpochEnd(epochEnd(end)).build());
            case Message.LossRange range ->
                bytes(message().setLossRange(lossRange(range)).build());
            case Message.Heartbeat heartbeat ->
                bytes(message().setHeartbeat(heartbeat(heartbeat)).build());
            case Message.Birth birth -> bytes(message().setBirth(birth(birth)).build());
            case Message.DeviceStatus status ->
                bytes(message().setStatus(status(status)).build());
            case Message.Unknown _ -> new byte[0];
        };
    }

    private static io.sluice.telemetry.proto.Message.Builder message() {
        return io.sluice.telemetry.proto.Message.newBuilder();
    }

    /** Entries of a map in the order of their keys. */
    private static byte[] bytes(com.google.protobuf.Message message) {
        byte[] bytes = new byte[message.getSerializedSize()];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        out.useDeterministicSerialization();
        try {
            message.writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException("an array of the computed size did not hold the body", e);
        }
        return bytes;
    }

    private static byte[] batch(Message.Batch batch) {
        Columns columns = new Columns();
        for (Message.Reading reading : batch.readings()) {
            columns.add(
                    reading.alias(),
                    reading.type(),
                    reading.value(),
                    reading.status(),
                    nanosFromBase(batch.base(), reading.time()));
        }
        return columns.encode(batch.base(), 0, Clocks.encode(batch.clock()).toByteArray(), batch.origin());
    }

    private static long nanosFromBase(PtpTimestamp base, PtpTimestamp time) {
        try {
            long nanos = Clocks.nanosBetween(base, time);
            if (Math.abs(nanos) > Long.MAX_VALUE / 2) {
                throw new IllegalArgumentException("time " + time + " is over 146 years from the base " + base);
            }
            return nanos;
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("time " + time + " is over 146 years from the base " + base, e);
        }
    }

    static io.sluice.telemetry.proto.Epoch epoch(Epoch epoch) {
        return io.sluice.telemetry.proto.Epoch.newBuilder()
                .setOrder(epoch.order())
                .setRandom(epoch.random())
                .build();
    }

    private static Start start(Message.Start start) {
        Start.Builder builder = Start.newBuilder()
                .setPreviousLast(start.previousLast())
                .setPreviousClean(start.previousClean())
                .setBootId(start.bootId())
                .setStarted(Clocks.encode(start.started()))
                .setSoftware(start.software());
        start.previousEpoch().ifPresent(epoch -> builder.setPreviousEpoch(epoch(epoch)));
        start.lastReading().ifPresent(time -> builder.setLastReading(Clocks.encode(time)));
        return builder.build();
    }

    private static Loss loss(Message.Loss loss) {
        return Loss.newBuilder()
                .addAllCounts(counts(loss.counts()))
                .setFirst(Clocks.encode(loss.first()))
                .setLast(Clocks.encode(loss.last()))
                .build();
    }

    private static List<LossCount> counts(List<Message.LossCount> counts) {
        return counts.stream().map(ProtobufWriter::count).toList();
    }

    private static LossCount count(Message.LossCount count) {
        return LossCount.newBuilder()
                .setReason(LossReason.forNumber(EnumNumbers.of(count.reason())))
                .setMessages(count.messages())
                .setReadings(count.readings())
                .build();
    }

    private static LossRange lossRange(Message.LossRange range) {
        return LossRange.newBuilder()
                .setFirstEpoch(epoch(range.firstEpoch()))
                .setFirst(range.first())
                .setLastEpoch(epoch(range.lastEpoch()))
                .setLast(range.last())
                .addAllCounts(counts(range.counts()))
                .setVersion(range.version())
                .build();
    }

    private static ClockStep clockStep(Message.ClockStep step) {
        return ClockStep.newBuilder()
                .setShift(step.shift())
                .setMonotonic(step.monotonic())
                .setClock(Clocks.encode(step.clock()))
                .setTime(Clocks.encode(step.time()))
                .build();
    }

    private static EpochEnd epochEnd(Message.EpochEnd end) {
        return EpochEnd.newBuilder()
                .setEpoch(epoch(end.epoch()))
                .setLast(end.last())
                .build();
    }

    private static Heartbeat heartbeat(Message.Heartbeat heartbeat) {
        return Heartbeat.newBuilder()
                .setLast(heartbeat.last())
                .setConnection(heartbeat.connection())
                .setOpening(heartbeat.opening())
                .setClosing(heartbeat.closing())
                .build();
    }

    private static Birth birth(Message.Birth birth) {
        return Birth.newBuilder()
                .setId(birth.id())
                .setPart(birth.part())
                .setParts(birth.parts())
                .addAllTables(birth.tables().stream().map(ProtobufWriter::table).toList())
                .build();
    }

    private static AliasTable table(Message.AliasTable table) {
        AliasTable.Builder builder = AliasTable.newBuilder().setEpoch(epoch(table.epoch()));
        for (Map.Entry<Integer, TagDescriptor> tag : table.tags().entrySet()) {
            builder.addTags(tag(tag.getKey(), tag.getValue()));
        }
        return builder.build();
    }

    /**
     * @param alias 0 where the tag stands alone
     */
    static Tag tag(int alias, TagDescriptor descriptor) {
        Tag.Builder tag = Tag.newBuilder()
                .setAlias(alias)
                .setName(descriptor.name())
                .setType(ValueType.forNumber(EnumNumbers.of(descriptor.type())))
                .setUnit(descriptor.unit())
                .setDescription(descriptor.description())
                .setSource(descriptor.source())
                .setKindValue(EnumNumbers.of(descriptor.kind()));
        descriptor.enumeration().forEach(name -> tag.addEnumeration(name(name)));
        descriptor.low().ifPresent(tag::setLow);
        descriptor.high().ifPresent(tag::setHigh);
        detail(tag, descriptor.detail());
        return tag.build();
    }

    private static void detail(Tag.Builder tag, TagDescriptor.Detail detail) {
        tag.setDisplayName(detail.displayName()).setTypeDefinition(detail.typeDefinition());
        detail.instrumentLow().ifPresent(tag::setInstrumentLow);
        detail.instrumentHigh().ifPresent(tag::setInstrumentHigh);
        detail.valuePrecision().ifPresent(tag::setValuePrecision);
        detail.bits().forEach(name -> tag.addBits(name(name)));
    }

    private static EnumValue.Builder name(TagDescriptor.EnumValue name) {
        return EnumValue.newBuilder().setValue(name.value()).setName(name.name());
    }

    private static Status status(Message.DeviceStatus status) {
        return Status.newBuilder()
                .setState(State.forNumber(EnumNumbers.of(status.state())))
                .setConnection(status.connection())
                .setClean(status.clean())
                .setError(status.error())
                .setSince(Clocks.encode(status.since()))
                .putAllCounters(status.counters())
                .build();
    }
}

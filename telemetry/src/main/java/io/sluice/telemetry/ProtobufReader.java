package io.sluice.telemetry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sluice.telemetry.proto.AliasTable;
import io.sluice.telemetry.proto.Birth;
import io.sluice.telemetry.proto.ClockStep;
import io.sluice.telemetry.proto.EnumValue;
import io.sluice.telemetry.proto.EpochEnd;
import io.sluice.telemetry.proto.Heartbeat;
import io.sluice.telemetry.proto.Loss;
import io.sluice.telemetry.proto.LossCount;
import io.sluice.telemetry.proto.LossRange;
import io.sluice.telemetry.proto.Start;
import io.sluice.telemetry.proto.Status;
import io.sluice.telemetry.proto.Tag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Bytes to messages. What a constructor of our records refuses is malformed; the text gets the field in front. */
final class ProtobufReader {

    private ProtobufReader() {}

    static Message message(byte[] bytes) throws MalformedMessage {
        io.sluice.telemetry.proto.Message message = parse(bytes);
        try {
            return new Message(
                    schema(message.getSchema()),
                    id(message.getGateway(), "gateway"),
                    id(message.getDevice(), "device"),
                    envelopeEpoch(message),
                    number(message.getSequence(), "sequence"),
                    number(message.getSettled(), "settled"),
                    EnumNumbers.lane(message.getLaneValue()),
                    body(message));
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new MalformedMessage(message.getBodyCase() + ": " + e.getMessage(), e);
        }
    }

    private static io.sluice.telemetry.proto.Message parse(byte[] bytes) throws MalformedMessage {
        try {
            return io.sluice.telemetry.proto.Message.parseFrom(bytes);
        } catch (InvalidProtocolBufferException e) {
            throw new MalformedMessage(bytes.length + " bytes are no sluice.v1.Message: " + e.getMessage(), e);
        }
    }

    private static int schema(int schema) throws MalformedMessage {
        if (schema < 1) {
            throw new MalformedMessage("schema is " + Integer.toUnsignedString(schema) + ", expected 1 or more");
        }
        return schema;
    }

    private static String id(String id, String field) throws MalformedMessage {
        if (id.isEmpty()) {
            throw new MalformedMessage("the message has no " + field);
        }
        return id;
    }

    private static long number(long number, String field) throws MalformedMessage {
        if (number < 0) {
            throw new MalformedMessage(field + " is above 2^63 - 1: " + Long.toUnsignedString(number));
        }
        return number;
    }

    private static Epoch envelopeEpoch(io.sluice.telemetry.proto.Message message) throws MalformedMessage {
        if (!message.hasEpoch()) {
            throw new MalformedMessage("the message has no epoch");
        }
        return epoch(message.getEpoch());
    }

    private static Epoch epoch(io.sluice.telemetry.proto.Epoch epoch) {
        return new Epoch(epoch.getOrder(), epoch.getRandom());
    }

    private static Message.Body body(io.sluice.telemetry.proto.Message message) throws MalformedMessage {
        return switch (message.getBodyCase()) {
            case BATCH -> BatchReader.batch(message.getBatch());
            case START -> start(message.getStart());
            case LOSS -> loss(message.getLoss());
            case CLOCK_STEP -> clockStep(message.getClockStep());
            case EPOCH_END -> epochEnd(message.getEpochEnd());
            case LOSS_RANGE -> lossRange(message.getLossRange());
            case HEARTBEAT -> heartbeat(message.getHeartbeat());
            case BIRTH -> birth(message.getBirth());
            case STATUS -> status(message.getStatus());
            case BODY_NOT_SET -> unknown(message.getSchema());
        };
    }

    private static Message.Body unknown(int schema) throws MalformedMessage {
        if (schema <= Message.SCHEMA) {
            throw new MalformedMessage("the message of schema " + schema + " has no body");
        }
        return new Message.Unknown();
    }

    private static Message.Body start(Start start) throws MalformedMessage {
        return new Message.Start(
                start.hasPreviousEpoch() ? Optional.of(epoch(start.getPreviousEpoch())) : Optional.empty(),
                number(start.getPreviousLast(), "start.previous_last"),
                start.getPreviousClean(),
                start.hasLastReading() ? Optional.of(Clocks.decode(start.getLastReading())) : Optional.empty(),
                start.getBootId(),
                Clocks.decode(start.getStarted()),
                start.getSoftware());
    }

    private static Message.Body loss(Loss loss) throws MalformedMessage {
        return new Message.Loss(
                counts(loss.getCountsList()), Clocks.decode(loss.getFirst()), Clocks.decode(loss.getLast()));
    }

    private static List<Message.LossCount> counts(List<LossCount> counts) throws MalformedMessage {
        List<Message.LossCount> list = new ArrayList<>(counts.size());
        for (LossCount count : counts) {
            list.add(new Message.LossCount(
                    EnumNumbers.lossReason(count.getReasonValue()),
                    number(count.getMessages(), "counts.messages"),
                    number(count.getReadings(), "counts.readings")));
        }
        return list;
    }

    private static Message.Body clockStep(ClockStep step) {
        return new Message.ClockStep(
                step.getShift(), step.getMonotonic(), Clocks.decode(step.getClock()), Clocks.decode(step.getTime()));
    }

    private static Message.Body epochEnd(EpochEnd end) throws MalformedMessage {
        if (!end.hasEpoch()) {
            throw new MalformedMessage("epoch_end names no epoch");
        }
        return new Message.EpochEnd(epoch(end.getEpoch()), number(end.getLast(), "epoch_end.last"));
    }

    private static Message.Body lossRange(LossRange range) throws MalformedMessage {
        if (!range.hasFirstEpoch() || !range.hasLastEpoch()) {
            throw new MalformedMessage("loss_range names no epoch");
        }
        return new Message.LossRange(
                epoch(range.getFirstEpoch()),
                number(range.getFirst(), "loss_range.first"),
                epoch(range.getLastEpoch()),
                number(range.getLast(), "loss_range.last"),
                counts(range.getCountsList()),
                number(range.getVersion(), "loss_range.version"));
    }

    private static Message.Body heartbeat(Heartbeat heartbeat) throws MalformedMessage {
        return new Message.Heartbeat(
                number(heartbeat.getLast(), "heartbeat.last"),
                number(heartbeat.getConnection(), "heartbeat.connection"),
                heartbeat.getOpening(),
                heartbeat.getClosing());
    }

    private static Message.Body birth(Birth birth) throws MalformedMessage {
        List<Message.AliasTable> tables = new ArrayList<>(birth.getTablesCount());
        for (AliasTable table : birth.getTablesList()) {
            tables.add(table(table));
        }
        return new Message.Birth(birth.getId(), birth.getPart(), birth.getParts(), tables);
    }

    private static Message.AliasTable table(AliasTable table) throws MalformedMessage {
        Map<Integer, TagDescriptor> tags = new TreeMap<>();
        for (Tag tag : table.getTagsList()) {
            if (!EnumNumbers.knowsValueType(tag.getTypeValue())) {
                continue;
            }
            if (tag.getAlias() < 1) {
                throw new MalformedMessage(
                        "tag " + tag.getName() + " has the alias " + Integer.toUnsignedString(tag.getAlias()));
            }
            tags.put(tag.getAlias(), descriptor(tag));
        }
        return new Message.AliasTable(epoch(table.getEpoch()), tags);
    }

    static TagDescriptor descriptor(byte[] key) {
        try {
            return descriptor(Tag.parseFrom(key));
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalArgumentException(key.length + " bytes are no key of a tag: " + e.getMessage(), e);
        }
    }

    private static TagDescriptor descriptor(Tag tag) {
        return new TagDescriptor(
                tag.getName(),
                EnumNumbers.valueType(tag.getTypeValue()),
                tag.getUnit(),
                tag.getDescription(),
                names(tag.getEnumerationList()),
                optional(tag.hasLow(), tag.getLow()),
                optional(tag.hasHigh(), tag.getHigh()),
                tag.getSource(),
                EnumNumbers.kind(tag.getKindValue()),
                new TagDescriptor.Detail(
                        tag.getDisplayName(),
                        tag.getTypeDefinition(),
                        optional(tag.hasInstrumentLow(), tag.getInstrumentLow()),
                        optional(tag.hasInstrumentHigh(), tag.getInstrumentHigh()),
                        optional(tag.hasValuePrecision(), tag.getValuePrecision()),
                        names(tag.getBitsList())));
    }

    private static List<TagDescriptor.EnumValue> names(List<EnumValue> names) {
        return names.stream()
                .map(name -> new TagDescriptor.EnumValue(name.getValue(), name.getName()))
                .toList();
    }

    private static OptionalDouble optional(boolean present, double value) {
        return present ? OptionalDouble.of(value) : OptionalDouble.empty();
    }

    private static Message.Body status(Status status) throws MalformedMessage {
        return new Message.DeviceStatus(
                EnumNumbers.state(status.getStateValue()),
                number(status.getConnection(), "status.connection"),
                status.getClean(),
                status.getError(),
                Clocks.decode(status.getSince()),
                status.getCountersMap());
    }
}

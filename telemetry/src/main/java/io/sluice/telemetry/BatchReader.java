package io.sluice.telemetry;

import io.sluice.telemetry.proto.Batch;
import io.sluice.telemetry.proto.StatusRun;
import io.sluice.telemetry.proto.Tree;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The columns of a batch, back to readings. */
final class BatchReader {

    private final PtpTimestamp base;
    private final List<Message.Reading> readings = new ArrayList<>();

    private BatchReader(PtpTimestamp base) {
        this.base = base;
    }

    static Message.Batch batch(Batch batch) throws MalformedMessage {
        BatchReader reader = new BatchReader(Clocks.decode(batch.getBase()));
        reader.floats(batch);
        reader.integers(batch);
        reader.others(batch);
        return new Message.Batch(
                Clocks.decode(batch.getClock()),
                EnumNumbers.origin(batch.getOriginValue()),
                reader.base,
                reader.readings);
    }

    private void floats(Batch batch) throws MalformedMessage {
        var floats = batch.getFloats();
        column(
                ValueType.FLOAT32,
                new Shape(
                        floats.getAliasList(),
                        floats.getTimeDeltaList(),
                        floats.getStatusList(),
                        floats.getAbsentList()),
                floats.getValueCount(),
                i -> new Value.Float32(floats.getValue(i)));
        var doubles = batch.getDoubles();
        column(
                ValueType.FLOAT64,
                new Shape(
                        doubles.getAliasList(),
                        doubles.getTimeDeltaList(),
                        doubles.getStatusList(),
                        doubles.getAbsentList()),
                doubles.getValueCount(),
                i -> new Value.Float64(doubles.getValue(i)));
    }

    private void integers(Batch batch) throws MalformedMessage {
        var signed = batch.getSigned();
        column(
                ValueType.SIGNED,
                new Shape(
                        signed.getAliasList(),
                        signed.getTimeDeltaList(),
                        signed.getStatusList(),
                        signed.getAbsentList()),
                signed.getValueCount(),
                i -> new Value.Signed(signed.getValue(i)));
        var unsigned = batch.getUnsigned();
        column(
                ValueType.UNSIGNED,
                new Shape(
                        unsigned.getAliasList(),
                        unsigned.getTimeDeltaList(),
                        unsigned.getStatusList(),
                        unsigned.getAbsentList()),
                unsigned.getValueCount(),
                i -> new Value.Unsigned(unsigned.getValue(i)));
    }

    private void others(Batch batch) throws MalformedMessage {
        var bools = batch.getBools();
        column(
                ValueType.BOOL,
                new Shape(bools.getAliasList(), bools.getTimeDeltaList(), bools.getStatusList(), bools.getAbsentList()),
                bools.getValueCount(),
                i -> new Value.Bool(bools.getValue(i)));
        var strings = batch.getStrings();
        column(
                ValueType.STRING,
                new Shape(
                        strings.getAliasList(),
                        strings.getTimeDeltaList(),
                        strings.getStatusList(),
                        strings.getAbsentList()),
                strings.getValueCount(),
                i -> new Value.Text(strings.getValue(i)));
        var bytes = batch.getBytes();
        column(
                ValueType.BYTES,
                new Shape(bytes.getAliasList(), bytes.getTimeDeltaList(), bytes.getStatusList(), bytes.getAbsentList()),
                bytes.getValueCount(),
                i -> new Value.Bytes(bytes.getValue(i).toByteArray()));
        var structures = batch.getStructures();
        column(
                ValueType.STRUCTURE,
                new Shape(
                        structures.getAliasList(),
                        structures.getTimeDeltaList(),
                        structures.getStatusList(),
                        structures.getAbsentList()),
                structures.getValueCount(),
                i -> structure(structures.getValue(i)));
    }

    private static Value structure(Tree tree) throws MalformedMessage {
        Value value = Trees.decode(tree);
        if (value == null || value.type() != ValueType.STRUCTURE) {
            throw new MalformedMessage("STRUCTURE column: a value is neither a structure nor an array");
        }
        return value;
    }

    /** What all columns have. */
    private record Shape(List<Integer> aliases, List<Long> deltas, List<StatusRun> status, List<Integer> absent) {}

    private interface Values {
        Value at(int index) throws MalformedMessage;
    }

    private void column(ValueType type, Shape column, int values, Values source) throws MalformedMessage {
        int count = column.aliases.size();
        if (column.deltas.size() != count || values != count) {
            throw new MalformedMessage("%s column: %d aliases, %d times and %d values; expected the same number of each"
                    .formatted(type, count, column.deltas.size(), values));
        }
        BitSet absent = absent(type, column.absent, count);
        StatusCursor status = new StatusCursor(type, column.status, count);
        long sinceBase = 0;
        for (int i = 0; i < count; i++) {
            sinceBase = Math.addExact(sinceBase, column.deltas.get(i));
            add(type, column.aliases.get(i), sinceBase, absent.get(i) ? null : source.at(i), status.next());
        }
    }

    private void add(ValueType type, int alias, long sinceBase, @Nullable Value value, Status status)
            throws MalformedMessage {
        if (alias < 1) {
            throw new MalformedMessage(
                    type + " column: alias " + Integer.toUnsignedString(alias) + ", expected 1 to 2^31 - 1");
        }
        readings.add(
                new Message.Reading(alias, Optional.empty(), type, Clocks.plusNanos(base, sinceBase), value, status));
    }

    private static BitSet absent(ValueType type, List<Integer> indices, int count) throws MalformedMessage {
        BitSet absent = new BitSet();
        for (int index : indices) {
            if (Integer.compareUnsigned(index, count) >= 0) {
                throw new MalformedMessage("%s column: index %s among the absent, in a column of %d"
                        .formatted(type, Integer.toUnsignedString(index), count));
            }
            absent.set(index);
        }
        return absent;
    }

    /** Walks over the runs; without any, everything is good. */
    private static final class StatusCursor {
        private final List<StatusRun> runs;
        private int run = -1;
        private int left;
        private Status status = Status.GOOD;

        StatusCursor(ValueType type, List<StatusRun> runs, int count) throws MalformedMessage {
            this.runs = runs;
            long sum = 0;
            for (StatusRun run : runs) {
                sum += Integer.toUnsignedLong(run.getCount());
            }
            if (!runs.isEmpty() && sum != count) {
                throw new MalformedMessage(
                        "%s column: status of %d readings, in a column of %d".formatted(type, sum, count));
            }
        }

        Status next() {
            if (runs.isEmpty()) {
                return status;
            }
            while (left == 0) {
                advance(runs.get(++run));
            }
            left--;
            return status;
        }

        private void advance(StatusRun next) {
            left = next.getCount();
            status = new Status(
                    EnumNumbers.quality(next.getQualityValue()),
                    EnumNumbers.codeSpace(next.getSpaceValue()),
                    next.getCode());
        }
    }
}

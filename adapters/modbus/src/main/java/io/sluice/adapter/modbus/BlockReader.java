package io.sluice.adapter.modbus;

import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.Sample;
import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import io.sluice.adapter.modbus.ReadPlanner.Span;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** One planned block with what is needed to turn its reply into samples. Confined to its bus's thread. */
final class BlockReader {

    private static final Status UNDECODABLE = Status.bad(SluiceCode.UNDECODABLE);
    private static final Status NOT_AVAILABLE = Status.bad(SluiceCode.NOT_AVAILABLE);
    private static final Value TRUE = new Value.Bool(true);
    private static final Value FALSE = new Value.Bool(false);

    private final Block block;
    private final ScaleFactors factors;

    // the tags, by their order in the block
    private final int[] tags;
    private final int[] places;
    private final RegisterDecoder[] decoders;
    private final Sentinels[] sentinels;
    private final int[] scaledBy;

    // the scale factors, by their order in the block
    private final int[] factorIndices;
    private final int[] factorPlaces;

    /** Monotonic nanoseconds before which splitting is pointless, since the device refused every part. */
    private long splitAgainAt = Long.MIN_VALUE;

    /**
     * @param block spans beyond the points are scale factors
     */
    BlockReader(Block block, List<ModbusPlan.Point> points, ScaleFactors factors) {
        this.block = block;
        this.factors = factors;
        List<Span> ofTags = block.spans().stream()
                .filter(span -> span.tag() < points.size())
                .toList();
        List<Span> ofFactors = block.spans().stream()
                .filter(span -> span.tag() >= points.size())
                .toList();
        this.tags = ofTags.stream().mapToInt(Span::tag).toArray();
        this.places = places(ofTags);
        this.decoders = new RegisterDecoder[tags.length];
        this.sentinels = new Sentinels[tags.length];
        this.scaledBy = new int[tags.length];
        for (int i = 0; i < tags.length; i++) {
            ModbusPlan.Point point = points.get(tags[i]);
            decoders[i] = point.decoder();
            sentinels[i] = point.sentinels();
            scaledBy[i] = factors.indexFor(point);
        }
        this.factorIndices =
                ofFactors.stream().mapToInt(span -> span.tag() - points.size()).toArray();
        this.factorPlaces = places(ofFactors);
    }

    /**
     * What reads these tags as far as their places are known; blocks with scale factors first, so that they are known when
     * they are needed.
     */
    static List<BlockReader> forTags(
            List<Integer> tags, List<ModbusPlan.Point> points, ReadPlanner.Limits limits, ScaleFactors factors) {
        SortedSet<Integer> ofFactors = new TreeSet<>();
        List<Span> spans = new ArrayList<>();
        for (int tag : new TreeSet<>(tags)) {
            ModbusPlan.Point point = points.get(tag);
            if (point.place().known()) {
                spans.add(new Span(tag, point.place(), point.count()));
            }
            if (point.scaledByRegister()) {
                ofFactors.add(factors.indexFor(point));
            }
        }
        for (int index : ofFactors) {
            spans.add(new Span(points.size() + index, factors.place(index), 1));
        }
        return ReadPlanner.plan(spans, limits).stream()
                .map(block -> new BlockReader(block, points, factors))
                .sorted(Comparator.comparing(reader -> !reader.holdsFactors()))
                .toList();
    }

    private int[] places(List<Span> spans) {
        return spans.stream().mapToInt(span -> span.address() - block.address()).toArray();
    }

    Block block() {
        return block;
    }

    boolean holdsFactors() {
        return factorIndices.length > 0;
    }

    boolean mayBeSplit(long nowNanos) {
        return block.spans().size() > 1 && nowNanos >= splitAgainAt;
    }

    void keepWholeUntil(long nanos) {
        splitAgainAt = nanos;
    }

    /**
     * @param time nanoseconds since 1970-01-01 UTC when the reply was complete
     */
    void deliver(Reply.Data data, long time, DeviceSink sink) throws InterruptedException {
        readFactors(data);
        for (int i = 0; i < tags.length; i++) {
            sink.accept(sample(data, i, time));
        }
    }

    /** Every tag of the block is bad, with the exception code that the device gave. */
    void refuse(int code, long time, DeviceSink sink) throws InterruptedException {
        Status status = refused(code);
        for (int tag : tags) {
            sink.accept(new Sample(tag, null, status, time));
        }
    }

    static Status refused(int code) {
        return new Status(Quality.BAD, CodeSpace.MODBUS, code);
    }

    /** What {@link #deliver} would, for somebody who asked. */
    void samples(Reply.Data data, long time, List<Sample> into) {
        readFactors(data);
        for (int i = 0; i < tags.length; i++) {
            into.add(sample(data, i, time));
        }
    }

    /** What {@link #refuse} would, for somebody who asked. */
    void refused(int code, long time, List<Sample> into) {
        for (int tag : tags) {
            into.add(new Sample(tag, null, refused(code), time));
        }
    }

    private void readFactors(Reply.Data data) {
        for (int i = 0; i < factorIndices.length; i++) {
            factors.set(factorIndices[i], Request.word(data.bytes(), data.offset() + 2 * factorPlaces[i]));
        }
    }

    private Sample sample(Reply.Data data, int i, long time) {
        return block.table().bits() ? bit(data, i, time) : registers(data, i, time);
    }

    private Sample registers(Reply.Data data, int i, long time) {
        int offset = data.offset() + 2 * places[i];
        RegisterDecoder decoder = decoders[i];
        if (!sentinels[i].none() && sentinels[i].match(decoder.type(), decoder.bits(data.bytes(), offset))) {
            return new Sample(tags[i], null, NOT_AVAILABLE, time);
        }
        @Nullable Value value = decoder.decode(data.bytes(), offset);
        if (value == null) {
            return new Sample(tags[i], null, UNDECODABLE, time);
        }
        if (scaledBy[i] >= 0) {
            value = factors.scale(scaledBy[i], value);
            return new Sample(tags[i], value, value == null ? NOT_AVAILABLE : Status.GOOD, time);
        }
        return new Sample(tags[i], value, Status.GOOD, time);
    }

    private Sample bit(Reply.Data data, int i, long time) {
        int place = places[i];
        boolean set = (data.bytes()[data.offset() + place / 8] >> place % 8 & 1) == 1;
        return new Sample(tags[i], set ? TRUE : FALSE, Status.GOOD, time);
    }
}

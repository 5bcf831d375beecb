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
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One planned block with what is needed to turn its reply into samples. Confined to its bus's thread. */
final class BlockReader {

    private static final Status UNDECODABLE = Status.bad(SluiceCode.UNDECODABLE);
    private static final Status NOT_AVAILABLE = Status.bad(SluiceCode.NOT_AVAILABLE);
    private static final Value TRUE = new Value.Bool(true);
    private static final Value FALSE = new Value.Bool(false);

    private final Block block;
    private final int[] tags;
    private final int[] places;
    private final RegisterDecoder[] decoders;
    private final Sentinels[] sentinels;

    /** Monotonic nanoseconds before which splitting is pointless, since the device refused every part. */
    private long splitAgainAt = Long.MIN_VALUE;

    BlockReader(Block block, List<ModbusPlan.Point> points) {
        this.block = block;
        int count = block.spans().size();
        this.tags = new int[count];
        this.places = new int[count];
        this.decoders = new RegisterDecoder[count];
        this.sentinels = new Sentinels[count];
        for (int i = 0; i < count; i++) {
            Span span = block.spans().get(i);
            tags[i] = span.tag();
            places[i] = span.address() - block.address();
            decoders[i] = points.get(span.tag()).decoder();
            sentinels[i] = points.get(span.tag()).sentinels();
        }
    }

    Block block() {
        return block;
    }

    boolean mayBeSplit(long nowNanos) {
        return tags.length > 1 && nowNanos >= splitAgainAt;
    }

    void keepWholeUntil(long nanos) {
        splitAgainAt = nanos;
    }

    /**
     * @param time nanoseconds since 1970-01-01 UTC when the reply was complete
     */
    void deliver(Reply.Data data, long time, DeviceSink sink) throws InterruptedException {
        for (int i = 0; i < tags.length; i++) {
            sink.accept(block.table().bits() ? bit(data, i, time) : registers(data, i, time));
        }
    }

    private Sample registers(Reply.Data data, int i, long time) {
        int offset = data.offset() + 2 * places[i];
        RegisterDecoder decoder = decoders[i];
        if (!sentinels[i].none() && sentinels[i].match(decoder.type(), decoder.bits(data.bytes(), offset))) {
            return new Sample(tags[i], null, NOT_AVAILABLE, time);
        }
        @Nullable Value value = decoder.decode(data.bytes(), offset);
        return new Sample(tags[i], value, value == null ? UNDECODABLE : Status.GOOD, time);
    }

    private Sample bit(Reply.Data data, int i, long time) {
        int place = places[i];
        boolean set = (data.bytes()[data.offset() + place / 8] >> place % 8 & 1) == 1;
        return new Sample(tags[i], set ? TRUE : FALSE, Status.GOOD, time);
    }

    /** Every tag of the block is bad, with the exception code that the device gave. */
    void refuse(int code, long time, DeviceSink sink) throws InterruptedException {
        Status status = new Status(Quality.BAD, CodeSpace.MODBUS, code);
        for (int tag : tags) {
            sink.accept(new Sample(tag, null, status, time));
        }
    }
}

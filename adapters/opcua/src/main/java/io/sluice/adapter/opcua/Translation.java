package io.sluice.adapter.opcua;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import io.sluice.telemetry.Status.SluiceCode;
import io.sluice.telemetry.Value;
import org.eclipse.milo.opcua.stack.core.encoding.EncodingContext;
import org.eclipse.milo.opcua.stack.core.types.builtin.DataValue;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.StatusCode;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UShort;
import org.jspecify.annotations.Nullable;

/** Turns what the server sends into samples. May be called on any thread. */
final class Translation {

    /** 1601-01-01 to 1970-01-01 in intervals of 100 ns. */
    static final long EPOCH_TICKS = 116_444_736_000_000_000L;

    private static final long MAX_TICKS = Long.MAX_VALUE / 100;

    private static final int MAX_PICOSECONDS = 9_999;

    private static final Status PLAIN_GOOD = new Status(Quality.GOOD, CodeSpace.OPCUA, 0);

    private final EncodingContext structures;

    /**
     * @param structures knows the server's own structures, as far as they could be read
     */
    Translation(EncodingContext structures) {
        this.structures = structures;
    }

    Sample sample(int tag, DataValue data) {
        Status status = status(data.statusCode());
        long time = time(data);
        ValueDecoder decoder = new ValueDecoder(structures);
        @Nullable Value value = decoder.decode(data.value().value());
        return new Sample(tag, value, decoder.isWhole() ? status : worse(status), time);
    }

    /** A tag for which the server has no value at all. */
    static Sample refused(int tag, StatusCode code) {
        return new Sample(tag, null, status(code), Sample.NO_TIME);
    }

    /** Part 4 §7.39: the two highest bits are the severity; every bit is kept. */
    static Status status(StatusCode code) {
        int bits = (int) code.value();
        if (bits == 0) {
            return PLAIN_GOOD;
        }
        Quality quality = switch (bits >>> 30) {
            case 0 -> Quality.GOOD;
            case 1 -> Quality.UNCERTAIN;
            default -> Quality.BAD;
        };
        return new Status(quality, CodeSpace.OPCUA, bits);
    }

    /** Bit Overflow of the info bits of a data value (Part 4 §7.39). */
    static boolean isOverflow(DataValue value) {
        return (value.statusCode().value() & 0x0C80) == 0x0480;
    }

    /** 0 if there is no ServerTimestamp. */
    static long serverTicks(DataValue value) {
        @Nullable DateTime time = value.serverTime();
        return time == null ? 0 : time.utcTime();
    }

    private static Status worse(Status status) {
        return status.quality() == Quality.GOOD ? Status.uncertain(SluiceCode.UNDECODABLE) : status;
    }

    /** UTC nanoseconds, or {@link Sample#NO_TIME}. */
    static long time(DateTime time) {
        return usable(time) ? nanos(time, null) : Sample.NO_TIME;
    }

    private static long time(DataValue data) {
        @Nullable DateTime source = data.sourceTime();
        if (usable(source)) {
            return nanos(source, data.sourcePicoseconds());
        }
        @Nullable DateTime server = data.serverTime();
        return usable(server) ? nanos(server, data.serverPicoseconds()) : Sample.NO_TIME;
    }

    /** The same the other way round. */
    static DateTime dateTime(long nanos) {
        return new DateTime(nanos / 100 + EPOCH_TICKS);
    }

    @org.jspecify.annotations.NullUnmarked
    private static boolean usable(DateTime time) {
        return time != null && time.utcTime() >= EPOCH_TICKS && time.utcTime() - EPOCH_TICKS < MAX_TICKS;
    }

    /**
     * @param picoseconds in intervals of 10 ps; more than there are in 100 ns count as the last (Part 6 §5.2.2.17)
     */
    @org.jspecify.annotations.NullUnmarked
    private static long nanos(DateTime time, UShort picoseconds) {
        long fraction = picoseconds == null ? 0 : Math.min(picoseconds.intValue(), MAX_PICOSECONDS) / 100;
        return (time.utcTime() - EPOCH_TICKS) * 100 + fraction;
    }
}

package io.sluice.outbox;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * How the outbox's own events lie in the body column: fixed fields in the order below. They are rare and are turned into
 * the wire format only when they are sent.
 *
 * <pre>
 * start      previous? (order:int random:long) previousLast:long previousClean:bool lastReading?:long bootId:utf started:long
 * loss       n:int n*(reason:utf readings:long) first:long last:long
 * epoch end  order:int random:long last:long
 * </pre>
 */
final class EventCodec {

    private EventCodec() {}

    static byte[] encode(Outgoing.Start start) {
        return write(out -> {
            out.writeBoolean(start.previous().isPresent());
            if (start.previous().isPresent()) {
                writeEpoch(out, start.previous().get());
            }
            out.writeLong(start.previousLast());
            out.writeBoolean(start.previousClean());
            out.writeBoolean(start.lastReadingNanos().isPresent());
            if (start.lastReadingNanos().isPresent()) {
                out.writeLong(start.lastReadingNanos().get());
            }
            out.writeUTF(start.bootId());
            out.writeLong(start.startedNanos());
        });
    }

    static Outgoing.Start start(byte[] body) {
        return read(
                body,
                in -> new Outgoing.Start(
                        in.readBoolean() ? Optional.of(readEpoch(in)) : Optional.empty(),
                        in.readLong(),
                        in.readBoolean(),
                        in.readBoolean() ? Optional.of(in.readLong()) : Optional.empty(),
                        in.readUTF(),
                        in.readLong()));
    }

    static byte[] encode(Outgoing.Loss loss) {
        return write(out -> {
            out.writeInt(loss.readings().size());
            for (Map.Entry<LossReason, Long> count : loss.readings().entrySet()) {
                out.writeUTF(count.getKey().name());
                out.writeLong(count.getValue());
            }
            out.writeLong(loss.firstNanos());
            out.writeLong(loss.lastNanos());
        });
    }

    static Outgoing.Loss loss(byte[] body) {
        return read(body, in -> {
            Map<LossReason, Long> readings = new EnumMap<>(LossReason.class);
            for (int left = in.readInt(); left > 0; left--) {
                readings.put(LossReason.valueOf(in.readUTF()), in.readLong());
            }
            return new Outgoing.Loss(readings, in.readLong(), in.readLong());
        });
    }

    static byte[] encode(Outgoing.EpochEnd end) {
        return write(out -> {
            writeEpoch(out, end.epoch());
            out.writeLong(end.last());
        });
    }

    static Outgoing.EpochEnd epochEnd(byte[] body) {
        return read(body, in -> new Outgoing.EpochEnd(readEpoch(in), in.readLong()));
    }

    private static void writeEpoch(DataOutputStream out, RunEpoch epoch) throws IOException {
        out.writeInt(epoch.order());
        out.writeLong(epoch.random());
    }

    private static RunEpoch readEpoch(DataInputStream in) throws IOException {
        return new RunEpoch(in.readInt(), in.readLong());
    }

    private interface Writing {
        void to(DataOutputStream out) throws IOException;
    }

    private interface Reading<T> {
        T from(DataInputStream in) throws IOException;
    }

    private static byte[] write(Writing fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(64);
        try (DataOutputStream out = new DataOutputStream(bytes)) {
            fields.to(out);
        } catch (IOException e) {
            throw new UncheckedIOException("cannot happen in memory", e);
        }
        return bytes.toByteArray();
    }

    private static <T> T read(byte[] body, Reading<T> fields) {
        try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(body))) {
            return fields.from(in);
        } catch (IOException e) {
            throw new UncheckedIOException("an event of the outbox is cut off after " + body.length + " bytes", e);
        }
    }
}

package io.sluice.telemetry;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** The columns of a batch, and the batch around them. Times are nanoseconds since a moment that the user chooses. */
final class Columns {

    private static final int MESSAGE_BATCH = 16;
    private static final int BASE = 1;
    private static final int CLOCK = 2;
    private static final int ORIGIN = 3;

    /** Field of the column of value type 1; those of the others follow. */
    private static final int FIRST_COLUMN = 4;

    /** Tag and length of batch, base and clock; seconds and nanoseconds of base; origin. */
    private static final int MAX_HEADERS = (2 + 5) + (2 + 8 + 6) + (1 + 5) + 2;

    /** Tag and length of a column. */
    private static final int MAX_COLUMN_HEADER = 1 + 5;

    /** By number of the value type, from 1 on. */
    private final @Nullable Column[] byType = new @Nullable Column[ValueType.values().length];

    private int count;

    void add(int alias, ValueType type, @Nullable Value value, Status status, long time) {
        if (alias < 1) {
            throw new IllegalArgumentException("alias below 1: " + alias);
        }
        if (value != null && value.type() != type) {
            throw new IllegalArgumentException("a value of type " + value.type() + " in a column of " + type);
        }
        column(type).add(alias, value, status, time);
        count++;
    }

    private Column column(ValueType type) {
        int index = EnumNumbers.of(type) - 1;
        Column column = byType[index];
        if (column == null) {
            column = new Column(type);
            byType[index] = column;
        }
        return column;
    }

    int count() {
        return count;
    }

    int maxEncodedSize(int clockBytes) {
        int size = MAX_HEADERS + clockBytes;
        for (Column column : byType) {
            if (column != null && column.count() > 0) {
                size += MAX_COLUMN_HEADER + column.maxEncodedSize();
            }
        }
        return size;
    }

    /**
     * Encodes the body and empties the columns.
     *
     * @param base written as the batch's base
     * @param baseTime the same moment as the times that were added say it
     */
    byte[] encode(PtpTimestamp base, long baseTime, byte[] clock, Message.Origin origin) {
        int size = batchSize(base, baseTime, clock, origin);
        byte[] bytes = new byte
                [CodedOutputStream.computeTagSize(MESSAGE_BATCH)
                        + CodedOutputStream.computeUInt32SizeNoTag(size)
                        + size];
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            header(out, MESSAGE_BATCH, size);
            writeBatch(out, base, baseTime, clock, origin);
            out.checkNoSpaceLeft();
        } catch (IOException e) {
            throw new UncheckedIOException("an array of the computed size did not hold the batch", e);
        }
        clear();
        return bytes;
    }

    private int batchSize(PtpTimestamp base, long baseTime, byte[] clock, Message.Origin origin) {
        int size = sizeWithHeader(BASE, baseSize(base)) + sizeWithHeader(CLOCK, clock.length);
        if (EnumNumbers.of(origin) != 0) {
            size += CodedOutputStream.computeEnumSize(ORIGIN, EnumNumbers.of(origin));
        }
        for (int i = 0; i < byType.length; i++) {
            Column column = byType[i];
            if (column != null && column.count() > 0) {
                size += sizeWithHeader(FIRST_COLUMN + i, column.encodedSize(baseTime));
            }
        }
        return size;
    }

    private void writeBatch(
            CodedOutputStream out, PtpTimestamp base, long baseTime, byte[] clock, Message.Origin origin)
            throws IOException {
        header(out, BASE, baseSize(base));
        writeBase(out, base);
        out.writeByteArray(CLOCK, clock);
        if (EnumNumbers.of(origin) != 0) {
            out.writeEnum(ORIGIN, EnumNumbers.of(origin));
        }
        for (int i = 0; i < byType.length; i++) {
            Column column = byType[i];
            if (column != null && column.count() > 0) {
                header(out, FIRST_COLUMN + i, column.encodedSize(baseTime));
                column.write(out, baseTime);
            }
        }
    }

    private static int baseSize(PtpTimestamp base) {
        return (base.seconds() == 0 ? 0 : CodedOutputStream.computeUInt64Size(1, base.seconds()))
                + (base.nanoseconds() == 0 ? 0 : CodedOutputStream.computeUInt32Size(2, base.nanoseconds()));
    }

    private static void writeBase(CodedOutputStream out, PtpTimestamp base) throws IOException {
        if (base.seconds() != 0) {
            out.writeUInt64(1, base.seconds());
        }
        if (base.nanoseconds() != 0) {
            out.writeUInt32(2, base.nanoseconds());
        }
    }

    private static int sizeWithHeader(int field, int size) {
        return CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt32SizeNoTag(size) + size;
    }

    private static void header(CodedOutputStream out, int field, int size) throws IOException {
        out.writeTag(field, 2);
        out.writeUInt32NoTag(size);
    }

    void clear() {
        count = 0;
        for (Column column : byType) {
            if (column != null) {
                column.clear();
            }
        }
    }
}

package io.sluice.telemetry;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The readings of one value type in a batch that is being built: primitive arrays that grow, no object per reading. The
 * fields of the columns in the .proto have the same numbers, so one class writes them all.
 */
final class Column {

    private static final int ALIAS = 1;
    private static final int TIME_DELTA = 2;
    private static final int STATUS = 3;
    private static final int ABSENT = 4;
    private static final int VALUE = 5;

    private static final byte[] EMPTY = {};

    /** Tag and length of the packed fields alias, time_delta, absent and value, at most. */
    private static final int MAX_HEADERS = 4 * 6;

    private static final int MAX_VARINT = 10;

    private final ValueType type;
    private final boolean blobs;

    private int count;
    private int[] aliases = new int[16];
    private int aliasBytes;

    /** Distance to the reading before; of the first: its time. */
    private long[] deltas = new long[16];

    private int deltaBytes;
    private long lastTime;

    private long[] numbers;
    private byte[][] blobValues;
    private int valueBytes;

    private int[] absent = new int[4];
    private int absentCount;
    private int absentBytes;

    private final StatusRuns status = new StatusRuns();

    Column(ValueType type) {
        this.type = type;
        this.blobs = switch (type) {
            case FLOAT32, FLOAT64, SIGNED, UNSIGNED, BOOL -> false;
            case STRING, BYTES, STRUCTURE -> true;
        };
        this.numbers = new long[blobs ? 0 : 16];
        this.blobValues = new byte[blobs ? 16 : 0][];
    }

    int count() {
        return count;
    }

    /**
     * @throws ArithmeticException if two times in a row are over 292 years apart
     */
    void add(int alias, @Nullable Value value, Status readingStatus, long time) {
        long delta = count == 0 ? time : Math.subtractExact(time, lastTime);
        if (count == aliases.length) {
            grow();
        }
        if (blobs) {
            addBlob(value == null ? EMPTY : blob(value));
        } else {
            addNumber(value == null ? 0 : number(value));
        }
        if (value == null) {
            addAbsent();
        }
        aliases[count] = alias;
        aliasBytes += CodedOutputStream.computeUInt32SizeNoTag(alias);
        deltas[count] = delta;
        deltaBytes += count == 0 ? 0 : CodedOutputStream.computeSInt64SizeNoTag(delta);
        lastTime = time;
        status.add(readingStatus);
        count++;
    }

    private void grow() {
        int length = count * 2;
        aliases = Arrays.copyOf(aliases, length);
        deltas = Arrays.copyOf(deltas, length);
        if (blobs) {
            blobValues = Arrays.copyOf(blobValues, length);
        } else {
            numbers = Arrays.copyOf(numbers, length);
        }
    }

    private void addNumber(long number) {
        numbers[count] = number;
        valueBytes += numberSize(number);
    }

    private void addBlob(byte[] blob) {
        blobValues[count] = blob;
        valueBytes += 1 + CodedOutputStream.computeByteArraySizeNoTag(blob);
    }

    private void addAbsent() {
        if (absentCount == absent.length) {
            absent = Arrays.copyOf(absent, absentCount * 2);
        }
        absent[absentCount++] = count;
        absentBytes += CodedOutputStream.computeUInt32SizeNoTag(count);
    }

    private static long number(Value value) {
        return switch (value) {
            case Value.Float32(float number) -> Float.floatToRawIntBits(number);
            case Value.Float64(double number) -> Double.doubleToRawLongBits(number);
            case Value.Signed(long number) -> number;
            case Value.Unsigned(long number) -> number;
            case Value.Bool(boolean set) -> set ? 1 : 0;
            case Value.Text _, Value.Bytes _, Value.Structure _, Value.Elements _ ->
                throw new IllegalArgumentException("not a number: " + value);
        };
    }

    static byte[] blob(Value value) {
        return switch (value) {
            case Value.Text(String text) -> text.getBytes(StandardCharsets.UTF_8);
            case Value.Bytes(byte[] bytes) -> bytes;
            case Value.Structure _, Value.Elements _ -> Trees.encode(value).toByteArray();
            case Value.Float32 _, Value.Float64 _, Value.Signed _, Value.Unsigned _, Value.Bool _ ->
                throw new IllegalArgumentException("not a text, bytes or structure: " + value);
        };
    }

    private int numberSize(long number) {
        return switch (type) {
            case FLOAT32 -> 4;
            case FLOAT64 -> 8;
            case SIGNED -> CodedOutputStream.computeSInt64SizeNoTag(number);
            case UNSIGNED -> CodedOutputStream.computeUInt64SizeNoTag(number);
            case BOOL -> 1;
            case STRING, BYTES, STRUCTURE -> 0;
        };
    }

    /** An upper bound of {@link #encodedSize}, whatever the base. */
    int maxEncodedSize() {
        return MAX_HEADERS + MAX_VARINT + aliasBytes + deltaBytes + status.maxEncodedSize() + absentBytes + valueBytes;
    }

    /** Size without tag and length of the column itself. */
    int encodedSize(long base) {
        return packedSize(aliasBytes)
                + packedSize(deltaBytes + firstDeltaSize(base))
                + status.encodedSize(STATUS)
                + (absentCount == 0 ? 0 : packedSize(absentBytes))
                + (blobs ? valueBytes : packedSize(valueBytes));
    }

    private static int packedSize(int bytes) {
        return 1 + CodedOutputStream.computeUInt32SizeNoTag(bytes) + bytes;
    }

    private int firstDeltaSize(long base) {
        return CodedOutputStream.computeSInt64SizeNoTag(Math.subtractExact(deltas[0], base));
    }

    void write(CodedOutputStream out, long base) throws IOException {
        header(out, ALIAS, aliasBytes);
        for (int i = 0; i < count; i++) {
            out.writeUInt32NoTag(aliases[i]);
        }
        header(out, TIME_DELTA, deltaBytes + firstDeltaSize(base));
        out.writeSInt64NoTag(deltas[0] - base);
        for (int i = 1; i < count; i++) {
            out.writeSInt64NoTag(deltas[i]);
        }
        status.write(out, STATUS);
        writeAbsent(out);
        writeValues(out);
    }

    private static void header(CodedOutputStream out, int field, int bytes) throws IOException {
        out.writeTag(field, 2);
        out.writeUInt32NoTag(bytes);
    }

    private void writeAbsent(CodedOutputStream out) throws IOException {
        if (absentCount == 0) {
            return;
        }
        header(out, ABSENT, absentBytes);
        for (int i = 0; i < absentCount; i++) {
            out.writeUInt32NoTag(absent[i]);
        }
    }

    private void writeValues(CodedOutputStream out) throws IOException {
        switch (type) {
            case STRING, BYTES, STRUCTURE -> {
                for (int i = 0; i < count; i++) {
                    out.writeByteArray(VALUE, blobValues[i]);
                }
            }
            case FLOAT32, FLOAT64, SIGNED, UNSIGNED, BOOL -> {
                header(out, VALUE, valueBytes);
                writeNumbers(out);
            }
        }
    }

    private void writeNumbers(CodedOutputStream out) throws IOException {
        for (int i = 0; i < count; i++) {
            switch (type) {
                case FLOAT32 -> out.writeFixed32NoTag((int) numbers[i]);
                case FLOAT64 -> out.writeFixed64NoTag(numbers[i]);
                case SIGNED -> out.writeSInt64NoTag(numbers[i]);
                case UNSIGNED, BOOL -> out.writeUInt64NoTag(numbers[i]);
                case STRING, BYTES, STRUCTURE -> throw new IllegalStateException("not a column of numbers: " + type);
            }
        }
    }

    void clear() {
        Arrays.fill(blobValues, null);
        count = 0;
        aliasBytes = 0;
        deltaBytes = 0;
        valueBytes = 0;
        absentCount = 0;
        absentBytes = 0;
        status.clear();
    }
}

package io.sluice.telemetry;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.util.Arrays;

/** The status of the readings of one column, as run lengths. */
final class StatusRuns {

    /** Tag and length of the run; tag and value of count, quality, space and code. */
    private static final int MAX_RUN = 2 + 6 + 2 + 2 + 5;

    private Status[] statuses = new Status[4];
    private int[] counts = new int[4];
    private int runs;

    void add(Status status) {
        if (runs > 0 && statuses[runs - 1].equals(status)) {
            counts[runs - 1]++;
            return;
        }
        if (runs == counts.length) {
            statuses = Arrays.copyOf(statuses, runs * 2);
            counts = Arrays.copyOf(counts, runs * 2);
        }
        statuses[runs] = status;
        counts[runs++] = 1;
    }

    void clear() {
        runs = 0;
    }

    int maxEncodedSize() {
        return allGood() ? 0 : runs * MAX_RUN;
    }

    int encodedSize(int field) {
        int size = 0;
        for (int i = 0; !allGood() && i < runs; i++) {
            int run = runSize(i);
            size += CodedOutputStream.computeTagSize(field) + CodedOutputStream.computeUInt32SizeNoTag(run) + run;
        }
        return size;
    }

    void write(CodedOutputStream out, int field) throws IOException {
        for (int i = 0; !allGood() && i < runs; i++) {
            out.writeTag(field, 2);
            out.writeUInt32NoTag(runSize(i));
            out.writeUInt32(1, counts[i]);
            out.writeEnum(2, EnumNumbers.of(statuses[i].quality()));
            if (statuses[i].code() != 0) {
                writeCode(out, statuses[i]);
            }
        }
    }

    private static void writeCode(CodedOutputStream out, Status status) throws IOException {
        int space = EnumNumbers.of(status.space());
        if (space != 0) {
            out.writeEnum(3, space);
        }
        out.writeFixed32(4, status.code());
    }

    private int runSize(int i) {
        int size = CodedOutputStream.computeUInt32Size(1, counts[i])
                + CodedOutputStream.computeEnumSize(2, EnumNumbers.of(statuses[i].quality()));
        if (statuses[i].code() == 0) {
            return size;
        }
        int space = EnumNumbers.of(statuses[i].space());
        return size
                + (space == 0 ? 0 : CodedOutputStream.computeEnumSize(3, space))
                + CodedOutputStream.computeFixed32Size(4, statuses[i].code());
    }

    /** Good with nothing to say is what a column without runs means. */
    private boolean allGood() {
        return runs == 0 || (runs == 1 && statuses[0].equals(Status.GOOD));
    }
}

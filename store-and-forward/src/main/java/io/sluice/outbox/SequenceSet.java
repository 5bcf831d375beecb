package io.sluice.outbox;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A set of sequence numbers from 1, kept as runs: cheap as long as what is in it lies in few pieces. Used for the numbers
 * of a stream that no longer wait as a row, so that the lowest that does is known without looking at the rows. Not
 * thread-safe.
 */
final class SequenceSet {

    /** Run i is {@code runs[2i]..runs[2i+1]}, ascending, never touching. */
    private long[] runs = new long[4];

    private int used;

    /** The lowest number from 1 that is not in the set. */
    long lowestAbsent() {
        return used > 0 && runs[0] == 1 ? runs[1] + 1 : 1;
    }

    /** Whether all of {@code 1..last} is in the set. */
    boolean coversTo(long last) {
        return lowestAbsent() > last;
    }

    boolean contains(long sequence) {
        int after = firstRunEndingFrom(sequence);
        return after < used && runs[after] <= sequence;
    }

    /** Whether all of {@code first..last} is in the set; true for an empty span. */
    boolean containsAll(long first, long last) {
        if (first > last) {
            return true;
        }
        int after = firstRunEndingFrom(first);
        return after < used && runs[after] <= first && runs[after + 1] >= last;
    }

    /** How many numbers are in the set. */
    long size() {
        long total = 0;
        for (int i = 0; i < used; i += 2) {
            total += runs[i + 1] - runs[i] + 1;
        }
        return total;
    }

    /** How many numbers of {@code first..last} are not in the set; 0 for an empty span. */
    long absentIn(long first, long last) {
        long absent = Math.max(0, last - first + 1);
        for (int i = 0; i < used && runs[i] <= last; i += 2) {
            absent -= Math.max(0, Math.min(runs[i + 1], last) - Math.max(runs[i], first) + 1);
        }
        return absent;
    }

    /** The highest number in the set; 0 if it is empty. */
    long highest() {
        return used == 0 ? 0 : runs[used - 1];
    }

    void add(long sequence) {
        addAll(sequence, sequence);
    }

    void addAll(long first, long last) {
        if (first < 1 || last < first) {
            throw new IllegalArgumentException("not a span of sequences: " + first + ".." + last);
        }
        int begin = firstRunEndingFrom(first - 1);
        int end = begin;
        long low = first;
        long high = last;
        while (end < used && runs[end] <= last + 1) {
            low = Math.min(low, runs[end]);
            high = Math.max(high, runs[end + 1]);
            end += 2;
        }
        replace(begin, end, low, high);
    }

    private void replace(int begin, int end, long low, long high) {
        int shift = begin + 2 - end;
        if (used + shift > runs.length) {
            runs = Arrays.copyOf(runs, runs.length * 2);
        }
        System.arraycopy(runs, end, runs, begin + 2, used - end);
        runs[begin] = low;
        runs[begin + 1] = high;
        used += shift;
    }

    /** Index of the first run whose end is at or above {@code sequence}; {@code used} if there is none. */
    private int firstRunEndingFrom(long sequence) {
        if (used > 0 && runs[used - 1] < sequence) {
            return used;
        }
        int low = 0;
        int high = used / 2;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (runs[2 * middle + 1] < sequence) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return 2 * low;
    }

    SequenceSet copy() {
        SequenceSet copy = new SequenceSet();
        copy.runs = runs.clone();
        copy.used = used;
        return copy;
    }

    /** Gaps and lengths in turn, as varints; an empty array for an empty set. */
    byte[] encoded() {
        ByteBuffer out = ByteBuffer.allocate(used * 10);
        long before = 0;
        for (int i = 0; i < used; i++) {
            putVarint(out, runs[i] - before);
            before = runs[i];
        }
        return Arrays.copyOf(out.array(), out.position());
    }

    /** @throws IllegalArgumentException if the bytes are not what {@link #encoded} writes */
    static SequenceSet decoded(byte[] bytes) {
        SequenceSet set = new SequenceSet();
        ByteBuffer in = ByteBuffer.wrap(bytes);
        long before = 0;
        while (in.hasRemaining()) {
            long first = before + varint(in);
            long last = first + varint(in);
            set.addAll(first, last);
            before = last;
        }
        return set;
    }

    private static void putVarint(ByteBuffer out, long value) {
        long rest = value;
        while (rest > 0x7f) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < 63 && in.hasRemaining(); shift += 7) {
            byte next = in.get();
            value |= (long) (next & 0x7f) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("cut off in the middle of a number");
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < used; i += 2) {
            text.append(i == 0 ? "" : ",").append(runs[i]).append('-').append(runs[i + 1]);
        }
        return text.toString();
    }
}

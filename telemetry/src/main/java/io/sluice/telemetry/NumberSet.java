package io.sluice.telemetry;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A set of sequence numbers as runs of neighbours, in ascending order. What counts is the number of gaps, not of numbers:
 * a stream received whole is one run.
 */
final class NumberSet {

    /** Numbers from {@code first} to {@code last}, both included. */
    record Run(long first, long last) {
        long size() {
            return last - first + 1;
        }
    }

    private long[] firsts = new long[4];
    private long[] lasts = new long[4];
    private int runs;

    int runs() {
        return runs;
    }

    boolean contains(long number) {
        int run = runAtOrBelow(number);
        return run >= 0 && lasts[run] >= number;
    }

    /** Index of the last run that begins at or below the number; -1 if there is none. */
    private int runAtOrBelow(long number) {
        if (runs > 0 && firsts[runs - 1] <= number) {
            return runs - 1;
        }
        int index = Arrays.binarySearch(firsts, 0, runs, number);
        return index >= 0 ? index : -index - 2;
    }

    void add(long number) {
        add(number, number);
    }

    /** Adds all numbers from {@code first} to {@code last}; none if {@code last} is below {@code first}. */
    void add(long first, long last) {
        if (last < first) {
            return;
        }
        int low = runAtOrBelow(first);
        if (low < 0 || lasts[low] < first - 1) {
            low++;
        }
        int high = low;
        while (high < runs && firsts[high] - 1 <= last) {
            high++;
        }
        replace(low, high, first, last);
    }

    /** Puts one run in the place of those from {@code low} to before {@code high}, which it touches. */
    private void replace(int low, int high, long first, long last) {
        long newFirst = high > low ? Math.min(first, firsts[low]) : first;
        long newLast = high > low ? Math.max(last, lasts[high - 1]) : last;
        if (high == low) {
            makeRoom(low);
        } else {
            close(low + 1, high);
        }
        firsts[low] = newFirst;
        lasts[low] = newLast;
    }

    private void makeRoom(int index) {
        if (runs == firsts.length) {
            firsts = Arrays.copyOf(firsts, runs * 2);
            lasts = Arrays.copyOf(lasts, runs * 2);
        }
        System.arraycopy(firsts, index, firsts, index + 1, runs - index);
        System.arraycopy(lasts, index, lasts, index + 1, runs - index);
        runs++;
    }

    private void close(int from, int to) {
        System.arraycopy(firsts, to, firsts, from, runs - to);
        System.arraycopy(lasts, to, lasts, from, runs - to);
        runs -= to - from;
    }

    /** Fills the lowest gap between two runs, and says which it was. */
    Run fillLowestGap() {
        Run gap = new Run(lasts[0] + 1, firsts[1] - 1);
        add(gap.first(), gap.last());
        return gap;
    }

    /** The greatest number; 0 if there is none. */
    long greatest() {
        return runs == 0 ? 0 : lasts[runs - 1];
    }

    /** How many of the numbers from {@code first} to {@code last} are in the set. */
    long count(long first, long last) {
        long count = 0;
        for (int i = Math.max(0, runAtOrBelow(first)); i < runs && firsts[i] <= last; i++) {
            count += Math.max(0, Math.min(last, lasts[i]) - Math.max(first, firsts[i]) + 1);
        }
        return count;
    }

    /** The numbers from {@code first} to {@code last} that are not in the set. */
    List<Run> gaps(long first, long last) {
        List<Run> gaps = new ArrayList<>();
        long next = first;
        for (int i = Math.max(0, runAtOrBelow(first)); i < runs && firsts[i] <= last; i++) {
            addUnlessEmpty(gaps, next, firsts[i] - 1);
            next = Math.max(next, lasts[i] + 1);
        }
        addUnlessEmpty(gaps, next, last);
        return gaps;
    }

    private static void addUnlessEmpty(List<Run> runs, long first, long last) {
        if (first <= last) {
            runs.add(new Run(first, last));
        }
    }
}

package io.sluice.telemetry;

import io.sluice.telemetry.Message.LossCount;
import io.sluice.telemetry.Message.LossRange;
import io.sluice.telemetry.NumberSet.Run;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;

/**
 * The loss ranges of one device. A range that says it lost all its numbers is exact: they are added up and stay. A merged
 * one says only how many of the numbers it spans are lost, and which they are is not known; it answers for as many unseen
 * numbers, the lowest first, beyond those that exact ranges inside it have answered for.
 */
final class LossLedger {

    /**
     * @param credit unseen numbers that it answers for beyond the exact ranges; meaningless for an exact range
     */
    private record Kept(LossRange range, boolean exact, long credit) {}

    /** Ranges that are known when they come again. */
    private static final int MAX_ARRIVED = 1024;

    private final LinkedHashSet<LossRange> arrived = new LinkedHashSet<>();
    private final List<Kept> ranges = new ArrayList<>();
    private final Map<Epoch, NumberSet> exact = new HashMap<>();

    void add(LossRange range) {
        if (!remembers(range)) {
            return;
        }
        long messages = range.counts().stream().mapToLong(LossCount::messages).sum();
        boolean isExact = isExact(range, messages);
        long credit = messages == 0 ? Long.MAX_VALUE : messages - exactInside(range);
        ranges.removeIf(kept -> covers(range, kept.range));
        if (isExact) {
            exact.computeIfAbsent(range.firstEpoch(), _ -> new NumberSet()).add(range.first(), range.last());
        }
        ranges.add(new Kept(range, isExact, Math.max(0, credit)));
        ranges.sort(
                Comparator.comparing((Kept kept) -> kept.range.lastEpoch()).thenComparingLong(kept -> end(kept.range)));
    }

    /** Whether it is new: QoS 1 may repeat a range after one that has taken it in. */
    private boolean remembers(LossRange range) {
        if (!arrived.add(range)) {
            return false;
        }
        if (arrived.size() > MAX_ARRIVED) {
            arrived.removeFirst();
        }
        return true;
    }

    private static boolean isExact(LossRange range, long messages) {
        return range.firstEpoch().equals(range.lastEpoch())
                && range.last() != 0
                && messages >= range.last() - range.first() + 1;
    }

    private static long end(LossRange range) {
        return range.last() == 0 ? Long.MAX_VALUE : range.last();
    }

    private static boolean covers(LossRange outer, LossRange inner) {
        int begin = outer.firstEpoch().compareTo(inner.firstEpoch());
        int end = outer.lastEpoch().compareTo(inner.lastEpoch());
        return (begin < 0 || (begin == 0 && outer.first() <= inner.first()))
                && (end > 0 || (end == 0 && end(outer) >= end(inner)));
    }

    private long exactInside(LossRange range) {
        long inside = 0;
        for (Map.Entry<Epoch, NumberSet> entry : exact.entrySet()) {
            Run span = span(range, entry.getKey());
            inside += entry.getValue().count(span.first(), span.last());
        }
        return inside;
    }

    /** The part of the range that lies in the epoch; empty if none does. */
    private static Run span(LossRange range, Epoch epoch) {
        int toFirst = epoch.compareTo(range.firstEpoch());
        int toLast = epoch.compareTo(range.lastEpoch());
        if (toFirst < 0 || toLast > 0) {
            return new Run(1, 0);
        }
        return new Run(toFirst == 0 ? range.first() : 1, toLast == 0 ? end(range) : Long.MAX_VALUE);
    }

    /** The epoch's highest number in a range; 0 if no range says one. */
    long last(Epoch epoch) {
        long last = 0;
        for (Kept kept : ranges) {
            boolean ends = kept.range.lastEpoch().equals(epoch);
            boolean begins = kept.range.firstEpoch().equals(epoch);
            last = Math.max(last, ends ? kept.range.last() : begins ? kept.range.first() : 0);
        }
        return last;
    }

    /** What the ranges make of unseen, settled numbers; epochs have to be asked in ascending order. */
    final class Settlement {

        private final Map<Kept, Long> creditLeft = new HashMap<>();
        private final Map<Kept, Boolean> reported = new HashMap<>();

        /**
         * @param lost how many of the unseen are lost
         * @param missing the others
         * @param counts of the ranges that were found here first
         */
        record Share(long lost, List<Run> missing, List<LossCount> counts) {}

        Share settle(Epoch epoch, List<Run> unseen) {
            List<LossCount> counts = new ArrayList<>();
            List<Run> left = Runs.without(unseen, exact.getOrDefault(epoch, new NumberSet()));
            for (Kept kept : ranges) {
                Run span = span(kept.range, epoch);
                boolean answers = kept.exact && overlaps(unseen, span);
                if (!kept.exact) {
                    long before = Runs.size(left);
                    left = take(kept, span, left);
                    answers = Runs.size(left) < before || overlapsExact(epoch, unseen, span);
                }
                if (answers && reported.put(kept, true) == null) {
                    counts.addAll(kept.range.counts());
                }
            }
            return new Share(Runs.size(unseen) - Runs.size(left), left, counts);
        }

        private boolean overlapsExact(Epoch epoch, List<Run> unseen, Run span) {
            NumberSet set = exact.getOrDefault(epoch, new NumberSet());
            return unseen.stream()
                    .anyMatch(run ->
                            set.count(Math.max(run.first(), span.first()), Math.min(run.last(), span.last())) > 0);
        }

        private static boolean overlaps(List<Run> unseen, Run span) {
            return unseen.stream().anyMatch(run -> run.first() <= span.last() && run.last() >= span.first());
        }

        private List<Run> take(Kept kept, Run span, List<Run> unseen) {
            List<Run> left = new ArrayList<>();
            for (Run run : unseen) {
                long first = Math.max(run.first(), span.first());
                long last = Math.min(run.last(), span.last());
                long taken = first > last ? 0 : spend(kept, last - first + 1);
                addUnlessEmpty(left, run.first(), taken == 0 ? run.last() : first - 1);
                if (taken > 0) {
                    addUnlessEmpty(left, first + taken, run.last());
                }
            }
            return left;
        }

        private long spend(Kept kept, long wanted) {
            long credit = creditLeft.getOrDefault(kept, kept.credit);
            long spent = Math.min(credit, wanted);
            creditLeft.put(kept, credit - spent);
            return spent;
        }

        private static void addUnlessEmpty(List<Run> runs, long first, long last) {
            if (first <= last) {
                runs.add(new Run(first, last));
            }
        }
    }
}

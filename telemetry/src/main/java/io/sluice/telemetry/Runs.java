package io.sluice.telemetry;

import io.sluice.telemetry.NumberSet.Run;
import java.util.ArrayList;
import java.util.List;

/** Lists of runs in ascending order. */
final class Runs {

    private Runs() {}

    static long size(List<Run> runs) {
        return runs.stream().mapToLong(Run::size).sum();
    }

    /** What of the runs is not in the set. */
    static List<Run> without(List<Run> runs, NumberSet set) {
        if (set.runs() == 0) {
            return runs;
        }
        List<Run> left = new ArrayList<>();
        for (Run run : runs) {
            left.addAll(set.gaps(run.first(), run.last()));
        }
        return left;
    }

    /** The first numbers of the runs. */
    static List<Long> numbers(List<Run> runs, int limit) {
        List<Long> numbers = new ArrayList<>();
        for (Run run : runs) {
            for (long number = run.first(); number <= run.last() && numbers.size() < limit; number++) {
                numbers.add(number);
            }
        }
        return numbers;
    }
}

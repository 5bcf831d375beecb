package io.sluice.profiles;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects everything that is wrong, so that it can be told at once. Confined to one thread. */
public final class Problems {

    public enum Severity {
        ERROR,
        WARNING
    }

    /** One problem. {@code message} says what was wrong and what was expected, without position. */
    public record Problem(Mark mark, Severity severity, String message) {

        /** {@code FILE:LINE:COLUMN: error: message}. */
        @Override
        public String toString() {
            return mark + ": " + (severity == Severity.ERROR ? "error" : "warning") + ": " + message;
        }
    }

    private final List<Problem> found = new ArrayList<>();

    public void error(Mark mark, String message) {
        found.add(new Problem(mark, Severity.ERROR, message));
    }

    public void warning(Mark mark, String message) {
        found.add(new Problem(mark, Severity.WARNING, message));
    }

    public boolean hasErrors() {
        return found.stream().anyMatch(p -> p.severity() == Severity.ERROR);
    }

    /** How many errors were reported so far; the same one twice counts twice. */
    public int errors() {
        return (int) found.stream().filter(p -> p.severity() == Severity.ERROR).count();
    }

    /** In order of file (first mention), line and column. */
    public List<Problem> sorted() {
        List<String> files = found.stream().map(p -> p.mark().file()).distinct().toList();
        return found.stream()
                .distinct()
                .sorted(Comparator.comparingInt(
                                (Problem p) -> files.indexOf(p.mark().file()))
                        .thenComparingInt(p -> p.mark().line())
                        .thenComparingInt(p -> p.mark().column()))
                .toList();
    }
}

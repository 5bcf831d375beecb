package io.sluice.gateway.control;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Rows of a table as lines, each column as wide as its widest cell; the last one as long as it is. */
final class Columns {

    private static final String GAP = "  ";

    private Columns() {}

    /** @param rows all of the same length, at least one */
    static List<String> align(List<List<String>> rows) {
        int[] widths = IntStream.range(0, rows.getFirst().size())
                .map(column -> rows.stream()
                        .mapToInt(row -> row.get(column).length())
                        .max()
                        .orElse(0))
                .toArray();
        return rows.stream().map(row -> line(row, widths)).toList();
    }

    private static String line(List<String> row, int[] widths) {
        return IntStream.range(0, widths.length)
                .mapToObj(column -> row.get(column)
                        + " ".repeat(widths[column] - row.get(column).length()))
                .collect(Collectors.joining(GAP))
                .stripTrailing();
    }
}

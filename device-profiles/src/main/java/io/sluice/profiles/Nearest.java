package io.sluice.profiles;

import java.util.Collection;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;

/** Finds the known name that a mistyped one was probably meant to be. */
public final class Nearest {

    private Nearest() {}

    /** {@code " (did you mean 'unit-id'?)"}, or nothing if no known name is near. */
    public static String didYouMean(String written, Collection<String> known) {
        return find(written, known)
                .map(name -> " (did you mean '" + name + "'?)")
                .orElse("");
    }

    /** The known name that is nearest, if one is near enough: few edits, or one contains the other. */
    public static Optional<String> find(String written, Collection<String> known) {
        String lower = written.toLowerCase(Locale.ROOT);
        return known.stream()
                .filter(name -> cost(lower, name) <= limit(lower))
                .min(Comparator.comparingInt((String name) -> cost(lower, name))
                        .thenComparing(Comparator.naturalOrder()));
    }

    private static int limit(String written) {
        return written.length() < 3 ? 0 : Math.max(1, written.length() / 3);
    }

    /** Edits; one contained in the other counts as one edit, whatever their lengths. */
    private static int cost(String written, String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean contained =
                written.length() > 2 && lower.contains(written) || lower.length() > 2 && written.contains(lower);
        int edits = edits(written, lower);
        return contained ? Math.min(1, edits) : edits;
    }

    /** Damerau-Levenshtein distance (optimal string alignment): insert, delete, replace, swap neighbours. */
    static int edits(String a, String b) {
        int[][] distance = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                distance[i][j] = i == 0 || j == 0 ? i + j : step(a, b, i, j, distance);
            }
        }
        return distance[a.length()][b.length()];
    }

    private static int step(String a, String b, int i, int j, int[][] distance) {
        int replaced = distance[i - 1][j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        int best = Math.min(replaced, 1 + Math.min(distance[i - 1][j], distance[i][j - 1]));
        boolean swapped = i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1);
        return swapped ? Math.min(best, distance[i - 2][j - 2] + 1) : best;
    }
}

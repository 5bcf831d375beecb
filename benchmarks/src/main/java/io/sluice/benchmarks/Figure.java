package io.sluice.benchmarks;

import java.util.Locale;

/**
 * One figure at the end of a run.
 *
 * @param ratio ours to the peer's
 * @param must the ratio that has to be reached, as a text such as {@code 0.6}
 * @param aim the ratio that is wanted
 */
public record Figure(String name, double value, String unit, double ratio, String peer, String must, String aim) {

    public static Figure of(
            String name, String unit, double ours, String peer, double theirs, String must, String aim) {
        return new Figure(name, ours, unit, ours / theirs, peer, must, aim);
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "figure %s %s %s ratio %.3f vs %s (must %s, aim %s)",
                name,
                value(value),
                unit,
                ratio,
                peer,
                must,
                aim);
    }

    private static String value(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.3f", value);
    }
}

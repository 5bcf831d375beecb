package io.sluice.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What every round gave, by name of the value and contender. Confined to one thread. */
public final class Rounds {
    private final Map<String, List<Double>> values = new LinkedHashMap<>();

    public void add(String name, String contender, double value) {
        values.computeIfAbsent(name + "," + contender, _ -> new ArrayList<>()).add(value);
        System.err.println(String.format(Locale.ROOT, "  %-28s %-12s %.3f", name, contender, value));
    }

    /** Whether anything was measured. */
    public boolean has(String name, String contender) {
        return values.containsKey(name + "," + contender);
    }

    /**
     * The middle value, or the mean of the two in the middle.
     *
     * @throws IllegalArgumentException if there is none
     */
    public double median(String name, String contender) {
        List<Double> sorted = values.getOrDefault(name + "," + contender, List.of()).stream()
                .sorted()
                .toList();
        if (sorted.isEmpty()) {
            throw new IllegalArgumentException("nothing was measured for " + name + " of " + contender);
        }
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    /** One line per value: name, contender, round, value. */
    public void write(Path file) throws IOException {
        List<String> lines = new ArrayList<>(List.of("name,contender,round,value"));
        values.forEach((key, list) -> {
            for (int round = 0; round < list.size(); round++) {
                lines.add(key + "," + (round + 1) + "," + list.get(round));
            }
        });
        Files.write(file, lines);
    }
}

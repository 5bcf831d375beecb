package io.sluice.adapter.modbus;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** What is known of SunSpec's information models. Immutable. */
final class SunSpec {

    /**
     * A model as a device has it.
     *
     * @param address of the register with its number
     * @param length registers behind number and length
     */
    record Model(int number, int address, int length) {}

    /**
     * A value of a model.
     *
     * @param offset from the register with the model's number
     * @param unit UCUM, empty if none
     * @param scaleOffset of its scale factor, -1 if none
     * @param length in bytes, 0 if the type says it
     */
    record Point(int offset, String name, String type, String unit, int scaleOffset, int length) {

        DataType dataType() {
            return Arrays.stream(DataType.values())
                    .filter(each -> each.key().equals(type))
                    .findFirst()
                    .orElseThrow();
        }

        boolean scaled() {
            return scaleOffset >= 0;
        }

        /** The value by which SunSpec says that there is none; empty for texts. */
        String notAvailable() {
            return switch (type) {
                case "int16" -> "0x8000";
                case "uint16" -> "0xFFFF";
                case "uint32" -> "0xFFFFFFFF";
                case "float32" -> "nan";
                default -> "";
            };
        }
    }

    private final Map<Integer, String> titles = new HashMap<>();
    private final Map<Integer, List<Point>> points = new HashMap<>();

    private SunSpec() {}

    static SunSpec load() {
        SunSpec models = new SunSpec();
        InputStream file = Objects.requireNonNull(SunSpec.class.getResourceAsStream("sunspec-models.txt"));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(file, StandardCharsets.UTF_8))) {
            lines.lines().filter(line -> !line.startsWith("#")).forEach(models::read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return models;
    }

    private void read(String line) {
        String[] words = line.split(" ", 3);
        if (words[0].equals("model")) {
            titles.put(Integer.parseInt(words[1]), words[2]);
        } else {
            Point point = point(words[2].split(" ", -1));
            numbers(words[1])
                    .forEach(number -> points.computeIfAbsent(number, _ -> new ArrayList<>())
                            .add(point));
        }
    }

    private static IntStream numbers(String range) {
        String[] ends = range.split("-", -1);
        return IntStream.rangeClosed(Integer.parseInt(ends[0]), Integer.parseInt(ends[ends.length - 1]));
    }

    private static Point point(String[] words) {
        Map<String, String> options = new HashMap<>();
        for (int i = 3; i < words.length; i++) {
            String[] option = words[i].split("=", 2);
            options.put(option[0], option[1]);
        }
        return new Point(
                Integer.parseInt(words[0]),
                words[1],
                words[2],
                options.getOrDefault("unit", ""),
                Integer.parseInt(options.getOrDefault("sf", "-1")),
                Integer.parseInt(options.getOrDefault("length", "0")));
    }

    /**
     * Where a point stands in each of the models that have it.
     *
     * @return by model number; empty if none of them has a point of that name
     */
    SortedMap<Integer, Point> find(SunSpecName name) {
        SortedMap<Integer, Point> found = new TreeMap<>();
        for (int number = name.firstModel(); number <= name.lastModel(); number++) {
            for (Point point : points.getOrDefault(number, List.of())) {
                if (point.name().equals(name.point())) {
                    found.put(number, point);
                }
            }
        }
        return found;
    }

    /** Names of all points of these models. */
    Set<String> pointNames(SunSpecName name) {
        Set<String> names = new TreeSet<>();
        for (int number = name.firstModel(); number <= name.lastModel(); number++) {
            points.getOrDefault(number, List.of()).forEach(point -> names.add(point.name()));
        }
        return names;
    }

    /** What the model is, for people. */
    String title(int model) {
        return titles.getOrDefault(model, "not known here");
    }

    /** The values that lie within the model as the device has it; none for a model that is known by its title only. */
    List<Point> points(Model model) {
        return points.getOrDefault(model.number(), List.of()).stream()
                .filter(point -> point.offset() < model.length() + 2)
                .toList();
    }
}

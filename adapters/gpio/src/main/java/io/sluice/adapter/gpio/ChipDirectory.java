package io.sluice.adapter.gpio;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The GPIO chips of the machine, by name and label. Names count in the order in which drivers came up, so they may change
 * with a kernel; labels do not.
 *
 * @param labels by name: gpiochip0 → pinctrl-bcm2711
 */
record ChipDirectory(Map<String, String> labels) {

    private static final Path DEVICES = Path.of("/dev");

    ChipDirectory {
        labels = new TreeMap<>(labels);
    }

    static ChipDirectory ofMachine() throws ChipUnavailable {
        Map<String, String> labels = new TreeMap<>();
        List<String> refused = new ArrayList<>();
        try (DirectoryStream<Path> chips = Files.newDirectoryStream(DEVICES, "gpiochip*")) {
            for (Path chip : chips) {
                if (Files.isReadable(chip) && Files.isWritable(chip)) {
                    labels.put(chip.getFileName().toString(), ChipInfo.label(chip));
                } else {
                    refused.add(chip.toString());
                }
            }
        } catch (IOException e) {
            throw new ChipUnavailable("the GPIO chips in " + DEVICES + " cannot be listed: " + e.getMessage(), e);
        }
        if (labels.isEmpty() && !refused.isEmpty()) {
            throw new ChipUnavailable(refused + " may not be opened by this user: add it to the group gpio");
        }
        return new ChipDirectory(labels);
    }

    /**
     * The name of the chip.
     *
     * @param chip name or label
     */
    String resolve(String chip) throws ChipUnavailable {
        if (labels.containsKey(chip)) {
            return chip;
        }
        List<String> names = labels.entrySet().stream()
                .filter(entry -> entry.getValue().equals(chip))
                .map(Map.Entry::getKey)
                .toList();
        if (names.size() == 1) {
            return names.getFirst();
        }
        throw new ChipUnavailable(
                names.isEmpty()
                        ? "there is no GPIO chip " + chip + "; this machine has " + described()
                        : "several GPIO chips are labelled " + chip + ": " + names + "; write one of these names");
    }

    private String described() {
        return labels.isEmpty()
                ? "none (no /dev/gpiochip*; chip: mock simulates one)"
                : String.join(
                        ", ",
                        labels.entrySet().stream()
                                .map(entry -> entry.getValue() + " (" + entry.getKey() + ")")
                                .toList());
    }
}

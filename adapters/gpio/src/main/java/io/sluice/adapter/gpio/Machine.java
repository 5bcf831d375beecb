package io.sluice.adapter.gpio;

import java.util.Set;

/** What Pi4J's native library was built for. */
final class Machine {

    private static final Set<String> ARM = Set.of("aarch64", "arm", "arm64");

    private Machine() {}

    static void requireNatives(String chip) throws ChipUnavailable {
        requireNatives(chip, System.getProperty("os.arch"));
    }

    static void requireNatives(String chip, String architecture) throws ChipUnavailable {
        if (!ARM.contains(architecture)) {
            throw new ChipUnavailable(
                    "chip " + chip + ": GPIO works on ARM machines such as the Raspberry Pi only, since"
                            + " Pi4J brings no native library for " + architecture
                            + "; connect the signals through a Modbus or OPC UA I/O module, or use chip: mock to try without");
        }
    }
}

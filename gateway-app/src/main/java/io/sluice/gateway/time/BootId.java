package io.sluice.gateway.time;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/** Names this boot of the machine: monotonic times of two boots cannot be compared. */
public final class BootId {

    private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");

    private BootId() {}

    /** Empty where the kernel does not tell. */
    public static Optional<UUID> current() {
        return read(FILE);
    }

    static Optional<UUID> read(Path file) {
        try {
            return Optional.of(UUID.fromString(Files.readString(file).strip()));
        } catch (IOException | IllegalArgumentException unknown) {
            return Optional.empty();
        }
    }
}

package io.sluice.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * How much is to be measured.
 *
 * @param root of the source tree
 * @param brief shows that a benchmark works; its figures say little
 */
public record Plan(Path root, int rounds, boolean brief) {

    public Plan {
        if (rounds < 1) {
            throw new IllegalArgumentException("rounds must be 1 or more, not " + rounds);
        }
    }

    public Duration warmUp() {
        return Duration.ofSeconds(brief ? 4 : 30);
    }

    public Duration measured() {
        return Duration.ofSeconds(brief ? 4 : 20);
    }

    /** Where raw rounds go; not kept in the repository. */
    public Path results() throws IOException {
        return Files.createDirectories(root.resolve("benchmarks/results"));
    }
}

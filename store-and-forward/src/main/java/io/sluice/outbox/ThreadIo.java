package io.sluice.outbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.stream.Stream;

/** What the kernel counts for the calling thread (proc(5), {@code io}). */
final class ThreadIo {

    private static final Path COUNTERS = Path.of("/proc/thread-self/io");
    private static final String WRITTEN = "write_bytes: ";

    private ThreadIo() {}

    /** Bytes that this thread caused to be sent to the medium, in whole pages; empty where that is not counted. */
    static OptionalLong writtenBytes() {
        try (Stream<String> lines = Files.lines(COUNTERS)) {
            return lines.filter(line -> line.startsWith(WRITTEN))
                    .mapToLong(line -> Long.parseLong(line.substring(WRITTEN.length())))
                    .findFirst();
        } catch (IOException e) {
            return OptionalLong.empty(); // another system, or not for this user
        }
    }
}

package io.sluice.outbox;

import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How large the outbox and its WAL may become, by the space that the file system has left. Where that is less than {@code
 * min-free}, the file does not grow any more: its own pages are used again. Whatever {@code min-free} says, so much is left as
 * the outbox needs itself: a row leaves through the WAL, and the WAL is emptied into the file, so an outbox without any room
 * could not even get smaller. Confined to thread {@code outbox-writer}.
 */
final class SpaceGuard {

    private static final Logger LOG = LoggerFactory.getLogger(SpaceGuard.class);
    private static final long MOST_WAL_BYTES = 8L << 20; // half of the limit, so that a slow reader does not break it
    private static final long LEAST_WAL_BYTES = 64L << 10;
    private static final long SMALLEST_LIMIT_BYTES = 1L << 20;

    private final Path directory;
    private final long maxBytes;
    private final long minFreeBytes;
    private long walBytes = LEAST_WAL_BYTES;
    private boolean scarce;
    private long scarceLimitBytes;
    private long fileBytesSeen;

    SpaceGuard(OutboxSettings settings) {
        this.directory = settings.directory();
        this.maxBytes = settings.maxBytes();
        this.minFreeBytes = settings.minFreeBytes();
    }

    /** Rows may take so many bytes. */
    long limitBytes() {
        return scarce ? Math.min(maxBytes, scarceLimitBytes) : maxBytes;
    }

    /** A WAL of that size is to be emptied. */
    long checkpointBytes() {
        return walBytes;
    }

    /**
     * Looks at what is free now.
     *
     * @param fileBytes of the database
     */
    void look(long fileBytes) {
        try {
            FileStore disk = Files.getFileStore(directory);
            look(fileBytes, disk.getUsableSpace(), disk.getTotalSpace());
        } catch (IOException e) {
            LOG.debug("free space of {} is not known", directory, e);
        }
    }

    void look(long fileBytes, long freeBytes, long totalBytes) {
        walBytes = Math.clamp(freeBytes / 8, LEAST_WAL_BYTES, MOST_WAL_BYTES);
        boolean now = freeBytes < Math.max(minFreeBytes, Math.min(2 * MOST_WAL_BYTES, totalBytes / 4));
        long smallest = Math.min(SMALLEST_LIMIT_BYTES, totalBytes / 4);
        if (now && !scarce) {
            scarceLimitBytes = Math.max(smallest, fileBytes / 5 * 4);
        } else if (now) {
            // It grew nevertheless: rows take more room than is counted for them.
            scarceLimitBytes = Math.max(smallest, scarceLimitBytes - Math.max(0, fileBytes - fileBytesSeen));
        }
        fileBytesSeen = fileBytes;
        if (now != scarce) {
            scarce = now;
            LOG.warn(
                    now
                            ? "{} bytes free in {}, less than min-free or than it needs itself: the outbox does not grow"
                                    + " any more"
                            : "{} bytes free in {}: the outbox may grow again",
                    freeBytes,
                    directory);
        }
    }
}

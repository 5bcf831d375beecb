package io.sluice.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Space taken in advance: a file of zeros beside the database that is given back when the disk is full, so that the WAL can
 * be emptied, rows that a broker has can leave, and losses can be recorded. It does not keep other programs from
 * filling the disk. Confined to thread {@code outbox-writer}.
 */
final class Reserve {

    /** Twice what starts a checkpoint. */
    private static final long LARGEST_BYTES = 16L << 20;

    private static final int STEP_BYTES = 4 << 20;

    private final Path file;
    private long bytes;

    Reserve(Path directory) {
        this.file = directory.resolve("reserve");
        try {
            this.bytes = Files.exists(file) ? Files.size(file) : 0;
        } catch (IOException e) {
            this.bytes = 0;
        }
    }

    /** What is missing to what the database may have to grow by when its WAL is emptied: at most its whole size. */
    long missingBytes(long databaseBytes) {
        return Math.max(0, Math.min(databaseBytes, LARGEST_BYTES) - bytes);
    }

    /** Takes a part of what is missing: a slow medium is not to be held up for long. */
    void grow(long missingBytes) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(STEP_BYTES, missingBytes));
            while (zeros.hasRemaining()) {
                bytes += channel.write(zeros, bytes);
            }
        }
    }

    /** Gives everything back. */
    void release() throws IOException {
        bytes = 0;
        Files.deleteIfExists(file);
    }
}

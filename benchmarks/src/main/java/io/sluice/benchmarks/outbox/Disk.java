package io.sluice.benchmarks.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** Who else writes to this disk: {@code fdatasync} on a preallocated file, and Python's {@code sqlite3}. */
final class Disk {

    private static final int PAGE_BYTES = 4096;
    private static final int FILE_BYTES = 8 << 20;

    /** The same columns, a statement for each row, WAL and {@code synchronous=FULL}. */
    private static final String PYTHON = """
            import os, sqlite3, sys, time
            directory, rows, seconds = sys.argv[1], int(sys.argv[2]), float(sys.argv[3])
            c = sqlite3.connect(directory + '/peer.db', isolation_level=None)
            c.execute('PRAGMA journal_mode=WAL')
            c.execute('PRAGMA synchronous=FULL')
            c.execute('CREATE TABLE message (position INTEGER PRIMARY KEY, destination INTEGER, stream INTEGER,'
                      ' sequence INTEGER, kind INTEGER, readings INTEGER, age_ms INTEGER, last_reading_ns INTEGER,'
                      ' body BLOB)')
            sql = 'INSERT INTO message VALUES (?,0,1,?,0,1,5,?,?)'
            body = os.urandom(256)
            n = 0
            begin = time.monotonic()
            while time.monotonic() - begin < seconds:
                if rows == 1:
                    c.execute(sql, (n + 1, n, 1700000000000000000 + n, body))
                else:
                    c.execute('BEGIN')
                    c.executemany(sql, [(n + i + 1, n + i, 1700000000000000000 + n, body) for i in range(rows)])
                    c.execute('COMMIT')
                n += rows
            print(n / (time.monotonic() - begin))
            """;

    private Disk() {}

    /** Pages of 4 KiB per second, each synchronised. */
    static double fdatasyncsPerSecond(double seconds) throws IOException {
        Path file = Files.createTempFile("sluice-raw", "");
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.allocate(FILE_BYTES));
            channel.force(true);
            ByteBuffer page = ByteBuffer.allocateDirect(PAGE_BYTES);
            long begin = System.nanoTime();
            long count = 0;
            while (System.nanoTime() - begin < seconds * 1e9) {
                channel.write(page.clear(), count % (FILE_BYTES / PAGE_BYTES) * PAGE_BYTES);
                channel.force(false);
                count++;
            }
            return count * 1e9 / (System.nanoTime() - begin);
        } finally {
            Files.delete(file);
        }
    }

    static double pythonRowsPerSecond(int rowsPerCommit, double seconds) throws IOException {
        Path directory = Files.createTempDirectory("sluice-python");
        try {
            Process python = new ProcessBuilder(List.of(
                            "python3",
                            "-c",
                            PYTHON,
                            directory.toString(),
                            Integer.toString(rowsPerCommit),
                            Double.toString(seconds)))
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            String printed = new String(python.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
            if (printed.isBlank()) {
                throw new IOException("python3 with its sqlite3 module is needed as a peer: apt-get install python3");
            }
            return Double.parseDouble(printed.strip());
        } finally {
            Rig.delete(directory);
        }
    }

    /** Bytes that this process has caused to be sent to the medium, as the kernel counts them. */
    static long writtenBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/io")).stream()
                .filter(line -> line.startsWith("write_bytes: "))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
                .sum();
    }
}

package io.sluice.outbox;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.List;

/**
 * The file that takes the place of a database which cannot be read any more. It is filled under a name of its own and moved
 * only when it is complete, so that a kill or a full disk at any instant leaves the old file, or a complete new one, or
 * something that {@link #finish} brings to its end. Confined to the thread that has the database.
 */
final class Successor {

    private static final List<String> PARTS = List.of("", "-wal", "-shm");

    private final Path file;
    private final Path building;
    private final Path complete;

    /** @param file whose successor this is */
    Successor(Path file) {
        this.file = file;
        this.building = file.resolveSibling(file.getFileName() + "-building");
        this.complete = file.resolveSibling(file.getFileName() + "-next");
    }

    /** Fills an empty database. */
    @FunctionalInterface
    interface Contents<T> {
        T fill(Database empty) throws SQLException;
    }

    /**
     * Makes the file anew from the contents and says when it is complete and on disk; may be done again if it fails.
     *
     * @return what the contents return
     */
    <T> T build(Contents<T> contents) throws SQLException {
        discard();
        T result;
        try (Database database = Database.open(building)) {
            result = contents.fill(database);
            database.checkpoint(true);
        }
        try {
            Files.move(building, complete);
            synchroniseDirectory();
        } catch (IOException e) {
            throw new SQLException("cannot keep the successor of " + file + ": " + e, e);
        }
        return result;
    }

    private void discard() throws SQLException {
        try {
            for (String part : PARTS) {
                Files.deleteIfExists(building.resolveSibling(building.getFileName() + part));
            }
        } catch (IOException e) {
            throw new SQLException("cannot make room for the successor of " + file + ": " + e, e);
        }
    }

    /** Whether it is complete and not yet in its place. */
    boolean isComplete() {
        return Files.exists(complete);
    }

    /**
     * Sets the old file aside and takes its place; may be done again if it fails.
     *
     * @param suffix of the names under which the old file's parts are kept
     */
    void finish(String suffix) throws SQLException {
        try {
            for (String part : PARTS) {
                Path old = file.resolveSibling(file.getFileName() + part);
                if (Files.exists(old)) {
                    Files.move(old, file.resolveSibling(file.getFileName() + suffix + part));
                }
            }
            synchroniseDirectory(); // the new file must not find the old one's log beside it
            Files.move(complete, file);
        } catch (IOException e) {
            throw new SQLException("cannot set " + file + " aside for its successor: " + e, e);
        }
    }

    private void synchroniseDirectory() throws IOException {
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }
}

package io.sluice.outbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.sqlite.SQLiteConfig;

/** A database file that is looked into and left as it is, with the log and its index beside it. */
final class UntouchedFile {

    private final Path file;
    private final boolean running;

    /** @param running whether this process has the file open for writing */
    UntouchedFile(Path file, boolean running) {
        this.file = file;
        this.running = running;
    }

    /** What is asked in one transaction. */
    @FunctionalInterface
    interface Query<T> {
        T ask(Connection opened) throws SQLException;
    }

    /** In one transaction over a connection of its own, so that a view holds nothing between two calls. */
    <T> T query(Query<T> query) {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(1_000);
        try (Connection opened = config.createConnection("jdbc:sqlite:" + uri())) {
            opened.setAutoCommit(false);
            Schema.require(opened, file);
            return query.ask(opened);
        } catch (SQLException e) {
            throw new OutboxException(
                    "cannot read the outbox %s: %s; check that this user may read it, and the disk"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private String uri() {
        String path = "file:" + file.toAbsolutePath().toUri().getRawPath();
        return running ? path : path + withoutTouching();
    }

    /**
     * Without a log the database file is all there is, and is read as a file that does not change. With one, its index is
     * read but not written; only where the index is missing (files that were copied without it) SQLite makes one.
     */
    private String withoutTouching() {
        if (Files.exists(sibling("-shm"))) {
            return "?readonly_shm=1";
        }
        return logBytes() > 0 ? "" : "?immutable=1";
    }

    long databaseBytes() {
        return size(file);
    }

    /** 0 where there is no log. */
    long logBytes() {
        return size(sibling("-wal"));
    }

    private Path sibling(String suffix) {
        return file.resolveSibling(file.getFileName() + suffix);
    }

    private static long size(Path path) {
        try {
            return Files.size(path);
        } catch (IOException e) {
            return 0; // not there
        }
    }
}

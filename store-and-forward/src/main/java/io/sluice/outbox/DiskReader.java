package io.sluice.outbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * Reads committed rows: from the {@link Tail} while they are fresh, else over a read-only connection of its own, in
 * transactions that end with the call. Confined to one thread.
 */
final class DiskReader implements ForwardingOutbox.RowReader {

    private static final Logger LOG = LoggerFactory.getLogger(DiskReader.class);
    private static final long READ_BYTES = 1L << 20;
    private static final long SCAN_POSITIONS = 10_000;
    private static final String COLUMNS = "SELECT position, stream, sequence, kind, readings, body FROM message";

    private final Path file;
    private final Tail tail;
    private final IntFunction<@Nullable StreamKey> streams;
    private final IntSupplier generation;
    private final Lock reading;
    private final Consumer<Group.Damage> damaged;
    private int openedGeneration;
    private @Nullable Connection connection;
    private @Nullable PreparedStatement all;
    private @Nullable PreparedStatement ofStream;

    /**
     * @param generation changes when the file was replaced
     * @param reading held while the file is opened or read
     * @param damaged told when the file proves unreadable for good
     */
    DiskReader(
            Path file,
            Tail tail,
            IntFunction<@Nullable StreamKey> streams,
            IntSupplier generation,
            Lock reading,
            Consumer<Group.Damage> damaged) {
        this.file = file;
        this.tail = tail;
        this.streams = streams;
        this.generation = generation;
        this.reading = reading;
        this.damaged = damaged;
    }

    @Override
    public List<Row> read(long from, long to, int limit) {
        List<Row> fresh = tail.takeFrom(from, to, limit);
        if (!fresh.isEmpty()) {
            return fresh;
        }
        return query(() -> {
            if (all == null) {
                all = connection()
                        .prepareStatement(COLUMNS + " WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?");
            }
            all.setLong(1, from);
            all.setLong(2, to);
            all.setInt(3, limit);
            return all;
        });
    }

    @Override
    public List<Row> read(long from, long to, int stream, int limit) {
        return query(() -> {
            if (ofStream == null) {
                ofStream = connection()
                        .prepareStatement(
                                COLUMNS + " WHERE position BETWEEN ? AND ? AND stream=? ORDER BY position LIMIT ?");
            }
            ofStream.setLong(1, from);
            ofStream.setLong(2, Math.min(to, from + SCAN_POSITIONS - 1));
            ofStream.setInt(3, stream);
            ofStream.setInt(4, limit);
            return ofStream;
        });
    }

    private interface Query {
        PreparedStatement prepare() throws SQLException;
    }

    private List<Row> query(Query query) {
        if (generation.getAsInt() == Store.BEING_REPLACED) {
            close();
            throw beingReplaced();
        }
        reading.lock();
        try {
            return queryUndisturbed(query);
        } finally {
            reading.unlock();
        }
    }

    private List<Row> queryUndisturbed(Query query) {
        int now = generation.getAsInt();
        if (now != openedGeneration) {
            close();
            openedGeneration = now;
        }
        List<Row> rows = now == Store.BEING_REPLACED ? List.of() : fetch(query, now);
        if (now == Store.BEING_REPLACED || now != generation.getAsInt()) {
            throw beingReplaced();
        }
        return rows;
    }

    private ForwardingOutbox.StoreUnreadable beingReplaced() {
        return new ForwardingOutbox.StoreUnreadable("the outbox " + file + " is being replaced", null);
    }

    private List<Row> fetch(Query query, int now) {
        try (ResultSet result = query.prepare().executeQuery()) {
            List<Row> rows = new ArrayList<>();
            long bytes = 0;
            while (bytes < READ_BYTES && result.next()) {
                StreamKey key = streams.apply(result.getInt(2));
                if (key == null) {
                    continue; // its stream ended with a commit after this one
                }
                Row row = new Row(
                        result.getLong(1),
                        key,
                        result.getLong(3),
                        Row.Kind.of(result.getInt(4)),
                        result.getInt(5),
                        Row.NO_READING,
                        result.getBytes(6));
                bytes += row.bytes();
                rows.add(row);
            }
            return rows;
        } catch (SQLException e) {
            close();
            if (Database.isDamage(e)) {
                damaged.accept(new Group.Damage(e, now));
            }
            throw new ForwardingOutbox.StoreUnreadable(
                    "cannot read the outbox %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private Connection connection() throws SQLException {
        if (connection == null) {
            SQLiteConfig config = new SQLiteConfig();
            config.setReadOnly(true);
            config.setBusyTimeout(1_000);
            connection = config.createConnection("jdbc:sqlite:" + file);
        }
        return connection;
    }

    @Override
    public void close() {
        try {
            if (connection != null) {
                connection.close();
            }
        } catch (SQLException e) {
            LOG.debug("closing a reading connection", e);
        }
        connection = null;
        all = null;
        ofStream = null;
    }
}

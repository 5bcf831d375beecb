package io.sluice.outbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteException;

/**
 * The writing connection and its statements. Confined to thread {@code outbox-writer}. Every statement is prepared once
 * and used again.
 */
final class Database implements AutoCloseable {

    /** A row without its body. */
    record Head(long position, int stream, long sequence, int readings, long bytes, long ageMillis) {}

    private static final int ROWS_PER_INSERT = 16;
    private static final String ROW_COLUMNS =
            "INSERT INTO message (position, destination, stream, sequence, kind, readings, age_ms, body) VALUES ";

    private final Connection connection;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final String insertOne = ROW_COLUMNS + "(?,0,?,?,?,?,?,?)";
    private final String insertMany = insertOne + ",(?,0,?,?,?,?,?,?)".repeat(ROWS_PER_INSERT - 1);

    private Database(Connection connection) {
        this.connection = connection;
    }

    /**
     * Opens the file, makes it if there is none.
     *
     * @throws OutboxException if it was written by a newer version
     */
    static Database open(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setPageSize(4096);
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTransactionMode(SQLiteConfig.TransactionMode.DEFERRED); // the driver begins right after a commit
        config.setBusyTimeout(1_000);
        config.setPragma(SQLiteConfig.Pragma.CACHE_SIZE, "-4096");
        Database database = new Database(config.createConnection("jdbc:sqlite:" + file));
        try {
            database.execute("PRAGMA wal_autocheckpoint=0");
            database.connection.setAutoCommit(false);
            Schema.prepare(database.connection, file);
            return database;
        } catch (SQLException | RuntimeException e) {
            database.close();
            throw e;
        }
    }

    /** Whether the file itself is damaged, so that trying again cannot help. */
    static boolean isDamage(SQLException e) {
        int code = e instanceof SQLiteException sqlite ? sqlite.getResultCode().code & 0xff : 0;
        return code == 11 || code == 26; // SQLITE_CORRUPT, SQLITE_NOTADB
    }

    /** Whether the medium did not give the bytes. */
    static boolean isReadError(SQLException e) {
        return e instanceof SQLiteException sqlite && (sqlite.getResultCode().code & 0xff) == 10; // SQLITE_IOERR
    }

    /** For reading all of it when it is given up. */
    Connection connection() {
        return connection;
    }

    private PreparedStatement statement(String sql) throws SQLException {
        PreparedStatement known = prepared.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            prepared.put(sql, known);
        }
        return known;
    }

    /** Runs one statement with its parameters: Integer, Long, String or byte[]. */
    int run(String sql, Object... parameters) throws SQLException {
        PreparedStatement statement = statement(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement.executeUpdate();
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    void commit() throws SQLException {
        connection.commit();
    }

    void rollback() throws SQLException {
        connection.rollback();
    }

    void insert(List<Row> rows, long ageMillis) throws SQLException {
        int next = 0;
        while (rows.size() - next >= ROWS_PER_INSERT) {
            insert(statement(insertMany), rows, next, next + ROWS_PER_INSERT, ageMillis);
            next += ROWS_PER_INSERT;
        }
        for (; next < rows.size(); next++) {
            insert(statement(insertOne), rows, next, next + 1, ageMillis);
        }
    }

    private static void insert(PreparedStatement statement, List<Row> rows, int from, int to, long ageMillis)
            throws SQLException {
        int parameter = 1;
        for (int i = from; i < to; i++) {
            Row row = rows.get(i);
            statement.setLong(parameter++, row.position());
            statement.setInt(parameter++, row.stream().id());
            statement.setLong(parameter++, row.sequence());
            statement.setInt(parameter++, row.kind().ordinal());
            statement.setInt(parameter++, row.readings());
            statement.setLong(parameter++, ageMillis);
            statement.setBytes(parameter++, row.body());
        }
        statement.executeUpdate();
    }

    void delete(long firstPosition, long lastPosition) throws SQLException {
        PreparedStatement statement = statement("DELETE FROM message WHERE position BETWEEN ? AND ?");
        statement.setLong(1, firstPosition);
        statement.setLong(2, lastPosition);
        statement.executeUpdate();
    }

    /** The oldest rows from a position on, without their bodies. */
    List<Head> heads(long fromPosition, long toPosition, int limit) throws SQLException {
        PreparedStatement statement = statement("SELECT position, stream, sequence, readings, length(body), age_ms"
                + " FROM message WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?");
        statement.setLong(1, fromPosition);
        statement.setLong(2, toPosition);
        statement.setInt(3, limit);
        List<Head> heads = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                heads.add(new Head(
                        row.getLong(1),
                        row.getInt(2),
                        row.getLong(3),
                        row.getInt(4),
                        row.getLong(5) + Row.OVERHEAD_BYTES,
                        row.getLong(6)));
            }
        }
        return heads;
    }

    void save(State.StreamState stream, int device) throws SQLException {
        PreparedStatement statement = statement("INSERT OR REPLACE INTO stream"
                + " (id, device, run, last, gone, last_reading_ns, opened, waiting_readings, waiting_bytes)"
                + " VALUES (?,?,?,?,?,?,?,?,?)");
        statement.setInt(1, stream.key.id());
        statement.setInt(2, device);
        statement.setInt(3, stream.run);
        statement.setLong(4, stream.last);
        statement.setBytes(5, stream.gone.encoded());
        statement.setObject(6, stream.lastReadingNanos.orElse(null));
        statement.setInt(7, stream.opened ? 1 : 0);
        statement.setLong(8, stream.waitingReadings);
        statement.setLong(9, stream.waitingBytes);
        statement.executeUpdate();
    }

    void save(LossRange range, int device, int firstRun, int lastRun) throws SQLException {
        run(
                "INSERT OR REPLACE INTO loss_range (id, destination, device, first_run, first, last_run, last, counts,"
                        + " version) VALUES (?,0,?,?,?,?,?,?,?)",
                range.id(),
                device,
                firstRun,
                range.first(),
                lastRun,
                range.last(),
                range.countsText(),
                range.version());
    }

    /** Writes the counters; the losses only where they differ from {@code before}. */
    void save(Ledger ledger, Ledger before, long ageMillis, long monotonicNanos) throws SQLException {
        run(
                "UPDATE ledger SET commits=?, next_position=?, next_range=?, stored_messages=?, stored_readings=?,"
                        + " acknowledged_messages=?, acknowledged_readings=?, pending_messages=?, pending_readings=?,"
                        + " pending_bytes=?, age_ms=?, monotonic_ns=?",
                ledger.commits,
                ledger.nextPosition,
                ledger.nextRange,
                ledger.storedMessages,
                ledger.storedReadings,
                ledger.acknowledgedMessages,
                ledger.acknowledgedReadings,
                ledger.pendingMessages,
                ledger.pendingReadings,
                ledger.pendingBytes,
                ageMillis,
                monotonicNanos);
        for (LossReason reason : LossReason.values()) {
            if (!ledger.sameLosses(reason, before)) {
                run(
                        "INSERT OR REPLACE INTO loss_total (reason, before_storing, messages, readings)"
                                + " VALUES (?,?,?,?)",
                        reason.name(),
                        ledger.lostBeforeStoring(reason),
                        ledger.lostMessages(reason),
                        ledger.lostReadings(reason));
            }
        }
    }

    /** The whole state; {@code monotonicNanos} and {@code bootId} let the clock of ages go on within a boot. */
    State load(long monotonicNanos, String bootId) throws SQLException {
        State state = new StateLoader(connection).load(monotonicNanos, bootId);
        connection.rollback();
        return state;
    }

    /** The commit number on disk. */
    long commits() throws SQLException {
        try (ResultSet row = statement("SELECT commits FROM ledger").executeQuery()) {
            return row.next() ? row.getLong(1) : -1;
        } finally {
            connection.rollback();
        }
    }

    /** Moves what is in the WAL into the database file; outside a transaction. */
    void checkpoint(boolean truncate) throws SQLException {
        connection.setAutoCommit(true);
        try {
            execute(truncate ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(PASSIVE)");
        } finally {
            connection.setAutoCommit(false);
        }
    }

    /** Bytes of the pages in the file that are in use or free for use. */
    long fileBytes() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet pages = statement.executeQuery("PRAGMA page_count")) {
            return pages.next() ? pages.getLong(1) * 4096 : 0;
        } finally {
            connection.rollback();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

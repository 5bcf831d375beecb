package io.sluice.outbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteException;

/** The tables of one file, over the writing connection. Confined to thread {@code outbox-writer}. */
final class Database implements Medium, AutoCloseable {

    /** So that a broker that refuses everything does not fill the disk. */
    private static final int MOST_DEAD_LETTERS = 1_000;

    private static final String FORGET_OLD_LETTERS = "DELETE FROM dead_letter WHERE position <="
            + " (SELECT position FROM dead_letter ORDER BY position DESC LIMIT 1 OFFSET ?)";
    private static final int STREAMS_PER_SAVE = 8;
    private static final String SAVE_STREAM = "INSERT OR REPLACE INTO stream"
            + " (id, device, run, last, gone, last_reading_ns, opened, waiting_readings, waiting_bytes)"
            + " VALUES (?,?,?,?,?,?,?,?,?)";
    private static final String SAVE_STREAMS = SAVE_STREAM + ",(?,?,?,?,?,?,?,?,?)".repeat(STREAMS_PER_SAVE - 1);

    private final Connection connection;
    private final Statements statements;
    private final MessageTable messages;

    private Database(Connection connection) {
        this.connection = connection;
        this.statements = new Statements(connection);
        this.messages = new MessageTable(statements);
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
        config.setGetGeneratedKeys(false); // the driver would prepare and run another statement after each of ours
        Database database = new Database(config.createConnection("jdbc:sqlite:" + file));
        try {
            database.execute("PRAGMA wal_autocheckpoint=0");
            database.connection.setAutoCommit(false);
            Schema.prepare(database.connection, file);
            database.connection.setAutoCommit(true); // BEGIN and COMMIT are prepared statements here
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

    /** Runs one statement with its parameters: Integer, Long, String or byte[]. */
    int run(String sql, Object... parameters) throws SQLException {
        return statements.run(sql, parameters);
    }

    private void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void commit() throws SQLException {
        statements.commit();
    }

    void rollback() throws SQLException {
        statements.rollback();
    }

    @Override
    public void commitRows(List<Row> rows, long ageMillis) throws SQLException {
        messages.commit(rows, ageMillis);
    }

    @Override
    public void insert(List<Row> rows, long ageMillis) throws SQLException {
        messages.insert(rows, ageMillis);
    }

    @Override
    public void delete(long firstPosition, long lastPosition) throws SQLException {
        messages.delete(firstPosition, lastPosition);
    }

    @Override
    public List<Head> heads(long fromPosition, long toPosition, int limit) throws SQLException {
        return messages.heads(fromPosition, toPosition, limit);
    }

    @Override
    public void save(List<State.StreamState> streams, ToIntFunction<String> deviceIds) throws SQLException {
        int next = 0;
        while (next < streams.size()) {
            int chunk = streams.size() - next >= STREAMS_PER_SAVE ? STREAMS_PER_SAVE : 1;
            saveChunk(streams.subList(next, next + chunk), deviceIds);
            next += chunk;
        }
    }

    private void saveChunk(List<State.StreamState> streams, ToIntFunction<String> deviceIds) throws SQLException {
        statements.begin();
        PreparedStatement statement = statements.prepared(streams.size() == 1 ? SAVE_STREAM : SAVE_STREAMS);
        int parameter = 1;
        for (State.StreamState stream : streams) {
            statement.setInt(parameter++, stream.key.id());
            statement.setInt(parameter++, deviceIds.applyAsInt(stream.key.device()));
            statement.setInt(parameter++, stream.run);
            statement.setLong(parameter++, stream.last);
            statement.setBytes(parameter++, stream.gone.encoded());
            statement.setObject(parameter++, stream.lastReadingNanos.orElse(null));
            statement.setInt(parameter++, stream.opened ? 1 : 0);
            statement.setLong(parameter++, stream.waitingReadings);
            statement.setLong(parameter++, stream.waitingBytes);
        }
        statement.executeUpdate();
    }

    @Override
    public void save(LossRange range, int device, int firstRun, int lastRun) throws SQLException {
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

    @Override
    public void save(Ledger ledger, Ledger before, long ageMillis, long monotonicNanos) throws SQLException {
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
        return new StateLoader(connection).load(monotonicNanos, bootId);
    }

    @Override
    public Optional<CommandLedger.Acceptance> command(String id, long nowNanos) throws SQLException {
        PreparedStatement statement = statements.prepared("SELECT result FROM command WHERE id=? AND expires_ns > ?");
        statement.setString(1, id);
        statement.setLong(2, nowNanos);
        try (ResultSet row = statement.executeQuery()) {
            if (!row.next()) {
                return Optional.empty();
            }
            byte[] result = row.getBytes(1);
            return Optional.of(
                    result == null
                            ? new CommandLedger.Acceptance.Unfinished()
                            : new CommandLedger.Acceptance.Finished(result));
        }
    }

    @Override
    public void addCommand(String id, long expiresNanos, long nowNanos) throws SQLException {
        run("DELETE FROM command WHERE expires_ns <= ?", nowNanos);
        run("INSERT INTO command VALUES (?,?,NULL)", id, expiresNanos);
    }

    @Override
    public void finishCommand(String id, byte[] result) throws SQLException {
        run("UPDATE command SET result=? WHERE id=? AND result IS NULL", result, id);
    }

    @Override
    public void keepDeadLetter(long position, StreamKey stream, String reason, long rejectedNanos) throws SQLException {
        run(
                "INSERT INTO dead_letter SELECT position, destination, ?, ?, sequence, kind, readings, ?, ?, body"
                        + " FROM message WHERE position=?",
                stream.device(),
                stream.epoch().toString(),
                reason,
                rejectedNanos,
                position);
        run(FORGET_OLD_LETTERS, MOST_DEAD_LETTERS);
    }

    @Override
    public void saveDevice(int id, String name) throws SQLException {
        run("INSERT OR IGNORE INTO device VALUES (?,?)", id, name);
    }

    @Override
    public void saveAlias(int device, int number, byte[] key) throws SQLException {
        run("INSERT INTO alias VALUES (?,?,?)", device, number, key);
    }

    @Override
    public void deleteStream(int id) throws SQLException {
        run("DELETE FROM stream WHERE id=?", id);
    }

    @Override
    public void deleteRange(long id) throws SQLException {
        run("DELETE FROM loss_range WHERE id=?", id);
    }

    /** The number of the last commit that saved the state. */
    long commits() throws SQLException {
        return statements.one("SELECT commits FROM ledger");
    }

    /** 0 if there is no row. */
    long lastPosition() throws SQLException {
        return messages.lastPosition();
    }

    /** Moves what is in the WAL into the database file; outside a transaction. */
    void checkpoint(boolean truncate) throws SQLException {
        execute(truncate ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(PASSIVE)");
    }

    /** Bytes of the pages in the file that are in use or free for use. */
    long fileBytes() throws SQLException {
        return statements.one("PRAGMA page_count") * 4096;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}

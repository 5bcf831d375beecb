package io.sluice.outbox;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Where a transaction writes: a database, or memory, which never fails. Confined to one thread at a time. */
interface Medium {

    /** A row without its body. */
    record Head(long position, int stream, long sequence, int readings, long bytes, long ageMillis) {}

    /** The oldest rows from a position on. */
    List<Head> heads(long fromPosition, long toPosition, int limit) throws SQLException;

    /** Inserts rows of neighbouring positions. */
    void insert(List<Row> rows, long ageMillis) throws SQLException;

    /** Inserts and commits. */
    void commitRows(List<Row> rows, long ageMillis) throws SQLException;

    void delete(long firstPosition, long lastPosition) throws SQLException;

    /** Copies a row to the dead letters, and lets go of the oldest of those if there are too many. */
    void keepDeadLetter(long position, StreamKey stream, String reason, long rejectedNanos) throws SQLException;

    void saveDevice(int id, String name) throws SQLException;

    void saveAlias(int device, int number, byte[] key) throws SQLException;

    void save(List<State.StreamState> streams, ToIntFunction<String> deviceIds) throws SQLException;

    void deleteStream(int id) throws SQLException;

    void save(LossRange range, int device, int firstRun, int lastRun) throws SQLException;

    void deleteRange(long id) throws SQLException;

    /** Writes the counters; the losses only where they differ from {@code before}. */
    void save(Ledger ledger, Ledger before, long ageMillis, long monotonicNanos) throws SQLException;

    /** What is known of a command that has not expired. */
    Optional<CommandLedger.Acceptance> command(String id, long nowNanos) throws SQLException;

    /** Adds a command, and forgets those that have expired. */
    void addCommand(String id, long expiresNanos, long nowNanos) throws SQLException;

    /** The first result stays. */
    void finishCommand(String id, byte[] result) throws SQLException;

    /** Commits what was changed; nothing if nothing was. */
    void commit() throws SQLException;
}

package io.sluice.outbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** The tables, and the version that they are of. */
final class Schema {

    static final int VERSION = 2;

    private static final String COMMAND =
            "CREATE TABLE command (id TEXT PRIMARY KEY, expires_ns INTEGER NOT NULL, result"
                    + " BLOB) STRICT, WITHOUT ROWID";

    private static final List<String> TABLES = List.of(
            COMMAND,
            """
            CREATE TABLE ledger (
              id INTEGER PRIMARY KEY CHECK (id = 1),
              commits INTEGER NOT NULL, next_position INTEGER NOT NULL, next_range INTEGER NOT NULL,
              stored_messages INTEGER NOT NULL, stored_readings INTEGER NOT NULL,
              acknowledged_messages INTEGER NOT NULL, acknowledged_readings INTEGER NOT NULL,
              pending_messages INTEGER NOT NULL, pending_readings INTEGER NOT NULL, pending_bytes INTEGER NOT NULL,
              age_ms INTEGER NOT NULL, monotonic_ns INTEGER NOT NULL) STRICT
            """,
            "INSERT INTO ledger VALUES (1, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
            """
            CREATE TABLE loss_total (
              reason TEXT PRIMARY KEY, before_storing INTEGER NOT NULL, messages INTEGER NOT NULL,
              readings INTEGER NOT NULL) STRICT, WITHOUT ROWID
            """,
            """
            CREATE TABLE run (
              id INTEGER PRIMARY KEY, epoch_order INTEGER NOT NULL, epoch_random INTEGER NOT NULL,
              boot_id TEXT NOT NULL, started_ns INTEGER NOT NULL, clean INTEGER NOT NULL) STRICT
            """,
            "CREATE TABLE device (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT",
            """
            CREATE TABLE stream (
              id INTEGER PRIMARY KEY, device INTEGER NOT NULL REFERENCES device, run INTEGER NOT NULL REFERENCES run,
              last INTEGER NOT NULL, gone BLOB NOT NULL, last_reading_ns INTEGER, opened INTEGER NOT NULL,
              waiting_readings INTEGER NOT NULL, waiting_bytes INTEGER NOT NULL) STRICT
            """,
            """
            CREATE TABLE message (
              position INTEGER PRIMARY KEY, destination INTEGER NOT NULL, stream INTEGER NOT NULL,
              sequence INTEGER NOT NULL, kind INTEGER NOT NULL, readings INTEGER NOT NULL, age_ms INTEGER NOT NULL,
              last_reading_ns INTEGER, body BLOB NOT NULL) STRICT
            """,
            """
            CREATE TABLE loss_range (
              id INTEGER PRIMARY KEY, destination INTEGER NOT NULL, device INTEGER NOT NULL REFERENCES device,
              first_run INTEGER NOT NULL, first INTEGER NOT NULL, last_run INTEGER NOT NULL, last INTEGER NOT NULL,
              counts TEXT NOT NULL, version INTEGER NOT NULL) STRICT
            """,
            """
            CREATE TABLE dead_letter (
              position INTEGER PRIMARY KEY, destination INTEGER NOT NULL, device TEXT NOT NULL, epoch TEXT NOT NULL,
              sequence INTEGER NOT NULL, kind TEXT NOT NULL, readings INTEGER NOT NULL, reason TEXT NOT NULL,
              rejected_ns INTEGER NOT NULL, body BLOB NOT NULL) STRICT
            """,
            """
            CREATE TABLE alias (
              device INTEGER NOT NULL REFERENCES device, number INTEGER NOT NULL, key BLOB NOT NULL,
              PRIMARY KEY (device, number)) STRICT, WITHOUT ROWID
            """,
            "PRAGMA user_version = " + VERSION);

    /** Makes version 2 of version 1. A row keeps its length: what is new of it stands behind its body. */
    private static final List<String> FROM_1_TO_2 = List.of(
            COMMAND,
            "ALTER TABLE message ADD COLUMN last_reading_ns INTEGER",
            "ALTER TABLE stream ADD COLUMN waiting_readings INTEGER NOT NULL DEFAULT 0",
            "ALTER TABLE stream ADD COLUMN waiting_bytes INTEGER NOT NULL DEFAULT 0",
            """
            UPDATE stream SET waiting_readings = waiting.readings, waiting_bytes = waiting.bytes
            FROM (SELECT stream, sum(readings) AS readings, sum(length(body) + 48) AS bytes FROM message GROUP BY stream)
              AS waiting
            WHERE waiting.stream = stream.id
            """,
            "PRAGMA user_version = 2");

    private Schema() {}

    /**
     * Makes the tables in an empty file, or the tables of this version of an older one's; either in one transaction. Takes
     * one pass over the rows for a file of version 1. Refuses a file of a newer version.
     */
    static void prepare(Connection connection, Path file) throws SQLException {
        int version = version(connection);
        refuseNewer(version, file);
        switch (version) {
            case 0 -> execute(connection, TABLES);
            case 1 -> execute(connection, FROM_1_TO_2);
            default -> {} // it is this version's
        }
    }

    /**
     * For a reader, which changes nothing.
     *
     * @throws OutboxException if the tables are not of this version
     */
    static void require(Connection connection, Path file) throws SQLException {
        int version = version(connection);
        refuseNewer(version, file);
        if (version < VERSION) {
            throw new OutboxException("%s has schema version %d, this program reads %d: start the gateway once, which"
                            .formatted(file, version, VERSION)
                    + " brings the file up to date, or look with the program that wrote it");
        }
    }

    /** Whether it has what version 2 added; of a database that may be damaged. */
    static boolean isAtLeast2(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.next() && row.getInt(1) >= 2;
        } catch (SQLException e) {
            if (Database.isDamage(e) || Database.isReadError(e)) {
                return false;
            }
            throw e;
        }
    }

    private static void refuseNewer(int version, Path file) {
        if (version > VERSION) {
            throw new OutboxException("%s has schema version %d, this program knows up to %d: run the newer program,"
                            .formatted(file, version, VERSION)
                    + " or move the file away to start with an empty outbox");
        }
    }

    private static int version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("PRAGMA user_version")) {
            return row.next() ? row.getInt(1) : 0;
        } finally {
            connection.rollback();
        }
    }

    private static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.executeUpdate(sql);
            }
            connection.commit();
        } catch (SQLException e) {
            connection.rollback();
            throw e;
        }
    }
}

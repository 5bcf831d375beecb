package io.sluice.outbox;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/**
 * The statements of the writing connection, each prepared once and used again, and the transaction that they run in: the
 * first one that changes something begins it. Confined to thread {@code outbox-writer}.
 */
final class Statements {

    private final Connection connection;
    private final Map<String, PreparedStatement> bySql = new HashMap<>();
    private boolean begun;

    Statements(Connection connection) {
        this.connection = connection;
    }

    /** Whether a transaction is open. */
    boolean isBegun() {
        return begun;
    }

    /** The statement for this text, prepared with its first use. */
    PreparedStatement prepared(String sql) throws SQLException {
        PreparedStatement known = bySql.get(sql);
        if (known == null) {
            known = connection.prepareStatement(sql);
            bySql.put(sql, known);
        }
        return known;
    }

    /** What is run from now on is one transaction, until {@link #commit} or {@link #rollback}. */
    void begin() throws SQLException {
        if (!begun) {
            prepared("BEGIN").executeUpdate();
            begun = true;
        }
    }

    /** Runs one statement with its parameters: Integer, Long, String or byte[]. */
    int run(String sql, Object... parameters) throws SQLException {
        begin();
        PreparedStatement statement = prepared(sql);
        for (int i = 0; i < parameters.length; i++) {
            statement.setObject(i + 1, parameters[i]);
        }
        return statement.executeUpdate();
    }

    /** Commits what was changed; nothing if nothing was. */
    void commit() throws SQLException {
        if (begun) {
            prepared("COMMIT").executeUpdate();
            begun = false;
        }
    }

    void rollback() throws SQLException {
        if (begun) {
            begun = false;
            prepared("ROLLBACK").executeUpdate();
        }
    }

    /** The number in the only column of the first row; -1 if there is none. */
    long one(String sql) throws SQLException {
        try (ResultSet row = prepared(sql).executeQuery()) {
            return row.next() ? row.getLong(1) : -1;
        }
    }
}

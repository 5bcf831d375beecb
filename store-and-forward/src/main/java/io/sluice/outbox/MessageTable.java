package io.sluice.outbox;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The rows: inserted many at once, found by position, deleted in spans. Confined to thread {@code outbox-writer}. */
final class MessageTable {

    private static final int MOST_ROWS_PER_INSERT = 64;
    /** Up to here there is a statement for each number of rows. */
    private static final int FEW_ROWS = 16;

    private final Statements statements;
    /** By number of rows. */
    private final Map<Integer, PreparedStatement> inserts = new HashMap<>();

    MessageTable(Statements statements) {
        this.statements = statements;
    }

    /** Inserts and commits: in one statement, which is a transaction by itself, where that is possible. */
    void commit(List<Row> rows, long ageMillis) throws SQLException {
        if (!statements.isBegun() && (rows.size() <= FEW_ROWS || rows.size() == MOST_ROWS_PER_INSERT)) {
            insertChunk(rows, 0, rows.size(), ageMillis);
        } else {
            insert(rows, ageMillis);
            statements.commit();
        }
    }

    /** Inserts rows of neighbouring positions. */
    void insert(List<Row> rows, long ageMillis) throws SQLException {
        statements.begin();
        int next = 0;
        while (next < rows.size()) {
            int left = rows.size() - next;
            int chunk = left >= MOST_ROWS_PER_INSERT ? MOST_ROWS_PER_INSERT : Math.min(left, FEW_ROWS);
            insertChunk(rows, next, chunk, ageMillis);
            next += chunk;
        }
    }

    private void insertChunk(List<Row> rows, int from, int count, long ageMillis) throws SQLException {
        PreparedStatement statement = inserts.get(count);
        if (statement == null) {
            statement = statements.prepared(insertSql(count));
            inserts.put(count, statement);
        }
        statement.setLong(1, rows.get(from).position());
        statement.setLong(2, ageMillis);
        int parameter = 3;
        for (int i = from; i < from + count; i++) {
            Row row = rows.get(i);
            statement.setInt(parameter++, row.stream().id());
            statement.setLong(parameter++, row.sequence());
            statement.setInt(parameter++, row.kind().ordinal());
            statement.setInt(parameter++, row.readings());
            if (row.lastReadingNanos() == Row.NO_READING) {
                statement.setNull(parameter++, Types.BIGINT);
            } else {
                statement.setLong(parameter++, row.lastReadingNanos());
            }
            statement.setBytes(parameter++, row.body());
        }
        statement.executeUpdate();
    }

    /** What rows have in common is bound once: the call into the library for each value is most of what a row costs. */
    private static String insertSql(int rows) {
        StringBuilder sql =
                new StringBuilder("INSERT INTO message (position, destination, stream, sequence, kind, readings,"
                        + " age_ms, last_reading_ns, body) VALUES ");
        int parameter = 3;
        for (int i = 0; i < rows; i++) {
            sql.append("%s(?1+%d,0,?%d,?%d,?%d,?%d,?2,?%d,?%d)"
                    .formatted(
                            i == 0 ? "" : ",",
                            i,
                            parameter++,
                            parameter++,
                            parameter++,
                            parameter++,
                            parameter++,
                            parameter++));
        }
        return sql.toString();
    }

    void delete(long firstPosition, long lastPosition) throws SQLException {
        statements.begin();
        PreparedStatement statement = statements.prepared("DELETE FROM message WHERE position BETWEEN ? AND ?");
        statement.setLong(1, firstPosition);
        statement.setLong(2, lastPosition);
        statement.executeUpdate();
    }

    /** The oldest rows from a position on. */
    List<Medium.Head> heads(long fromPosition, long toPosition, int limit) throws SQLException {
        PreparedStatement statement =
                statements.prepared("SELECT position, stream, sequence, readings, length(body), age_ms"
                        + " FROM message WHERE position BETWEEN ? AND ? ORDER BY position LIMIT ?");
        statement.setLong(1, fromPosition);
        statement.setLong(2, toPosition);
        statement.setInt(3, limit);
        List<Medium.Head> heads = new ArrayList<>();
        try (ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                heads.add(new Medium.Head(
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

    /** 0 if there is no row. */
    long lastPosition() throws SQLException {
        return statements.one("SELECT max(position) FROM message");
    }
}

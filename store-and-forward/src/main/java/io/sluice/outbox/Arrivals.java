package io.sluice.outbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** The rows that come with a transaction, inserted when they must be or with the commit. */
final class Arrivals {

    private final Medium medium;
    private final long ageMillis;
    private final List<Row> rows = new ArrayList<>();
    private int inserted;

    Arrivals(Medium medium, long ageMillis) {
        this.medium = medium;
        this.ageMillis = ageMillis;
    }

    void add(Row row) {
        rows.add(row);
    }

    /** All that have come and not left again, by position. */
    List<Row> all() {
        return rows;
    }

    /** Writes those that were added since the last call. */
    void insert() throws SQLException {
        medium.insert(rows.subList(inserted, rows.size()), ageMillis);
        inserted = rows.size();
    }

    /** Writes those that were added since, and commits. */
    void commit() throws SQLException {
        medium.commitRows(rows.subList(inserted, rows.size()), ageMillis);
    }

    /** Those up to a position are gone again; all must be inserted. */
    void dropTo(long position) {
        rows.removeIf(row -> row.position() <= position);
        inserted = rows.size();
    }
}

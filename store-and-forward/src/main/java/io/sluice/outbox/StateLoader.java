package io.sluice.outbox;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads everything but the rows, and those few rows that came after the state was saved last: the time it takes does not
 * depend on how many messages wait.
 */
final class StateLoader {

    private final Connection connection;
    private final State state = new State();
    private final Map<Integer, String> deviceNames = new HashMap<>();

    StateLoader(Connection connection) {
        this.connection = connection;
    }

    private interface Consumer {
        void row(ResultSet row) throws SQLException;
    }

    private void each(String sql, Consumer consumer) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                consumer.row(rows);
            }
        }
    }

    State load(long monotonicNanos, String bootId) throws SQLException {
        identity();
        each("SELECT id, waiting_readings, waiting_bytes FROM stream", this::waiting);
        each("SELECT * FROM ledger", row -> ledger(row, monotonicNanos, bootId));
        each(
                "SELECT reason, before_storing, messages, readings FROM loss_total",
                row -> state.ledger.load(
                        LossReason.valueOf(row.getString(1)), row.getLong(2), row.getLong(3), row.getLong(4)));
        aliases();
        each(
                "SELECT position, stream, sequence, kind, readings, age_ms, last_reading_ns, body FROM message"
                        + " WHERE position >= " + state.ledger.nextPosition + " ORDER BY position",
                this::grow);
        return state;
    }

    /** Devices, runs, streams and loss ranges: what is read first from a damaged file. */
    State identity() throws SQLException {
        each("SELECT id, name FROM device", row -> {
            state.devices.put(row.getString(2), row.getInt(1));
            deviceNames.put(row.getInt(1), row.getString(2));
        });
        each("SELECT id, epoch_order, epoch_random, clean, boot_id FROM run ORDER BY id", row -> {
            RunEpoch epoch = new RunEpoch((int) row.getLong(2), row.getLong(3));
            state.runs.put(row.getInt(1), new State.Run(row.getInt(1), epoch, row.getInt(4) != 0, row.getString(5)));
            state.currentRun = row.getInt(1);
        });
        each("SELECT id, device, run, last, gone, last_reading_ns, opened FROM stream", this::stream);
        each(
                "SELECT id, device, first_run, first, last_run, last, counts, version FROM loss_range",
                row -> state.ranges.put(row.getLong(1), range(row)));
        state.ledger.nextRange = state.ranges.isEmpty() ? 1 : state.ranges.lastKey() + 1;
        return state;
    }

    /** After the devices: the numbers of their keys. */
    void aliases() throws SQLException {
        each(
                "SELECT device, number, key FROM alias",
                row -> state.aliases
                        .computeIfAbsent(name(row.getInt(1)), device -> new Aliases())
                        .put(row.getInt(2), row.getBytes(3)));
    }

    private void stream(ResultSet row) throws SQLException {
        StreamKey key = new StreamKey(row.getInt(1), name(row.getInt(2)), epoch(row.getInt(3)));
        State.StreamState stream = new State.StreamState(key, row.getInt(3), SequenceSet.decoded(row.getBytes(5)));
        stream.last = row.getLong(4);
        long lastReading = row.getLong(6);
        stream.lastReadingNanos = row.wasNull() ? Optional.empty() : Optional.of(lastReading);
        stream.opened = row.getInt(7) != 0;
        state.streams.put(key.id(), stream);
        state.lastStreamId = Math.max(state.lastStreamId, key.id());
    }

    /** A row that came after the state was saved last. */
    private void grow(ResultSet row) throws SQLException {
        State.StreamState stream = state.streams.get(row.getInt(2));
        if (stream == null) {
            throw new SQLException(
                    "the outbox database has a row of stream " + row.getInt(2) + " that it does not have");
        }
        long lastReading = row.getLong(7);
        Row grown = new Row(
                row.getLong(1),
                stream.key,
                row.getLong(3),
                Row.Kind.of(row.getInt(4)),
                row.getInt(5),
                row.wasNull() ? Row.NO_READING : lastReading,
                row.getBytes(8));
        stream.grew(grown);
        state.ledger.stored(grown);
        state.ledger.nextPosition = grown.position() + 1;
        state.ageMillis = Math.max(state.ageMillis, row.getLong(6));
        state.unsaved.add(stream.key.id());
        state.unsavedRows++;
    }

    private void waiting(ResultSet row) throws SQLException {
        State.StreamState stream = state.streams.get(row.getInt(1));
        if (stream != null) {
            stream.arrived(row.getLong(2), row.getLong(3));
        }
    }

    private LossRange range(ResultSet row) throws SQLException {
        return new LossRange(
                row.getLong(1),
                name(row.getInt(2)),
                epoch(row.getInt(3)),
                row.getLong(4),
                epoch(row.getInt(5)),
                row.getLong(6),
                LossRange.parseCounts(row.getString(7)),
                row.getLong(8));
    }

    private void ledger(ResultSet row, long monotonicNanos, String bootId) throws SQLException {
        Ledger ledger = state.ledger;
        ledger.commits = row.getLong("commits");
        ledger.nextPosition = row.getLong("next_position");
        ledger.nextRange = row.getLong("next_range");
        ledger.storedMessages = row.getLong("stored_messages");
        ledger.storedReadings = row.getLong("stored_readings");
        ledger.acknowledgedMessages = row.getLong("acknowledged_messages");
        ledger.acknowledgedReadings = row.getLong("acknowledged_readings");
        ledger.pendingMessages = row.getLong("pending_messages");
        ledger.pendingReadings = row.getLong("pending_readings");
        ledger.pendingBytes = row.getLong("pending_bytes");
        State.Run last = state.runs.get(state.currentRun);
        boolean sameBoot = last != null && last.bootId().equals(bootId);
        long passed = sameBoot ? Math.max(0, monotonicNanos - row.getLong("monotonic_ns")) / 1_000_000 : 0;
        state.ageMillis = row.getLong("age_ms") + passed;
    }

    private String name(int device) throws SQLException {
        String name = deviceNames.get(device);
        if (name == null) {
            throw new SQLException("the outbox database names device " + device + " that it does not have");
        }
        return name;
    }

    private RunEpoch epoch(int run) throws SQLException {
        State.Run known = state.runs.get(run);
        if (known == null) {
            throw new SQLException("the outbox database names run " + run + " that it does not have");
        }
        return known.epoch();
    }
}

package io.sluice.outbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.sqlite.SQLiteConfig;

/**
 * Takes over from a database that is damaged: the streams, the rows that can still be read, and for each stream
 * one loss range over those that cannot. Rows are read from both ends up to the damage.
 */
final class Salvage {

    private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);
    private static final int CHUNK_ROWS = 256;
    /** No device has had more tags than this; a larger number would cost each reading a byte more. */
    private static final int BEYOND_THE_UNKNOWN = 1 << 13;

    private final State state;
    private final Database fresh;
    private final CarriedRows carried;
    private final List<Row> chunk = new ArrayList<>();
    private long reached;
    private String lastReading = "NULL";

    private Salvage(State state, Database fresh) {
        this.state = state;
        this.fresh = fresh;
        this.carried = new CarriedRows(state);
    }

    /** Opens a damaged database. */
    static Connection connect(Path file) throws SQLException {
        SQLiteConfig config = new SQLiteConfig();
        config.setReadOnly(true);
        config.setBusyTimeout(1_000);
        return config.createConnection("jdbc:sqlite:" + file);
    }

    /** Devices, runs, streams, loss ranges and aliases as far as the damaged file gives them; empty if it gives nothing. */
    static State identity(Path file) throws SQLException {
        try (Connection connection = connect(file)) {
            StateLoader loader = new StateLoader(connection);
            State state = loader.identity();
            readAliases(loader, state, file);
            return state;
        } catch (SQLException e) {
            requireDamage(e);
            return nothing(file, e);
        } catch (IllegalArgumentException e) {
            return nothing(file, e);
        }
    }

    /** A number whose key cannot be read may stand in a row that is carried over: it must never name another tag. */
    private static void readAliases(StateLoader loader, State state, Path file) throws SQLException {
        try {
            loader.aliases();
        } catch (SQLException e) {
            requireDamage(e);
            LOG.warn("not all names of tags in {} can be read: what is carried over may stay unnamed", file);
            for (String device : state.devices.keySet()) {
                state.aliases.computeIfAbsent(device, none -> new Aliases()).put(BEYOND_THE_UNKNOWN, new byte[0]);
            }
        }
    }

    private static State nothing(Path file, Exception why) {
        LOG.warn("not even the streams of {} can be read: {}", file, why.getMessage());
        return new State();
    }

    /**
     * Fills an empty database with the state and the readable rows of the old one; {@code state} becomes what it holds.
     * May be done again if it fails.
     *
     * @return what was lost
     */
    static ForwardingOutbox.Change carryOver(Connection old, State state, Database fresh) throws SQLException {
        state.ledger = state.ledger.copy();
        Salvage salvage = new Salvage(state, fresh);
        salvage.copyRows(old);
        ForwardingOutbox.Change change = salvage.carried.markLost();
        salvage.saveState();
        fresh.commit();
        state.unsaved.clear();
        state.unsavedRows = 0;
        return change;
    }

    private void copyRows(Connection old) throws SQLException {
        boolean isAtLeast2 = Schema.isAtLeast2(old);
        lastReading = isAtLeast2 ? "last_reading_ns" : "NULL";
        if (isAtLeast2) {
            copyCommands(old);
        }
        copyDeadLetters(old);
        long end = copyUntilDamage(old, "position > ? ORDER BY position", 0);
        copyUntilDamage(old, "position < ? AND position > " + end + " ORDER BY position DESC", Long.MAX_VALUE);
        LOG.warn("{} messages were carried over", carried.messages());
    }

    private void copyCommands(Connection old) throws SQLException {
        try (PreparedStatement statement = old.prepareStatement("SELECT id, expires_ns, result FROM command");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                fresh.run("INSERT INTO command VALUES (?,?,?)", row.getString(1), row.getLong(2), row.getBytes(3));
            }
        } catch (SQLException e) {
            requireDamage(e);
        }
    }

    private void copyDeadLetters(Connection old) throws SQLException {
        try (PreparedStatement statement =
                        old.prepareStatement("SELECT position, destination, device, epoch, sequence, kind, readings,"
                                + " reason, rejected_ns, body FROM dead_letter");
                ResultSet row = statement.executeQuery()) {
            while (row.next()) {
                fresh.run(
                        "INSERT INTO dead_letter VALUES (?,?,?,?,?,?,?,?,?,?)",
                        row.getLong(1),
                        row.getLong(2),
                        row.getString(3),
                        row.getString(4),
                        row.getLong(5),
                        row.getString(6),
                        row.getLong(7),
                        row.getString(8),
                        row.getLong(9),
                        row.getBytes(10));
            }
        } catch (SQLException e) {
            requireDamage(e);
        }
    }

    /** @return the last position that could be read */
    private long copyUntilDamage(Connection old, String span, long from) throws SQLException {
        reached = from;
        try (PreparedStatement statement =
                old.prepareStatement("SELECT position, stream, sequence, kind, readings, body, " + lastReading
                        + " FROM message WHERE "
                        + span + " LIMIT " + CHUNK_ROWS)) {
            while (readChunk(statement)) {
                insertChunk();
            }
            insertChunk();
        } catch (SQLException e) {
            requireDamage(e);
        }
        return reached;
    }

    /** @return whether there may be more */
    private boolean readChunk(PreparedStatement statement) throws SQLException {
        statement.setLong(1, reached);
        try (ResultSet row = statement.executeQuery()) {
            boolean any = false;
            while (row.next()) {
                reached = row.getLong(1);
                keep(row);
                any = true;
            }
            return any;
        } catch (SQLException e) {
            requireDamage(e);
            return false;
        }
    }

    /** Whatever else keeps the file from being read may pass: nothing is given up for it. */
    private static void requireDamage(SQLException e) throws SQLException {
        if (!Database.isDamage(e) && !Database.isReadError(e)) {
            throw e;
        }
        LOG.debug("damage: {}", e.getMessage());
    }

    private void keep(ResultSet row) throws SQLException {
        State.StreamState stream = state.streams.get(row.getInt(2));
        long sequence = row.getLong(3);
        byte[] body = row.getBytes(6);
        if (stream == null || body == null || sequence < 1 || stream.gone.contains(sequence)) {
            return;
        }
        long lastReading = row.getLong(7);
        Row kept = new Row(
                row.getLong(1),
                stream.key,
                sequence,
                Row.Kind.of(row.getInt(4)),
                row.getInt(5),
                row.wasNull() ? Row.NO_READING : lastReading,
                body);
        chunk.add(kept);
    }

    private void insertChunk() throws SQLException {
        for (Row row : chunk) {
            fresh.insert(List.of(row), state.ageMillis); // positions are not neighbours, and may go down
            carried.add(row);
        }
        chunk.clear();
    }

    private void saveState() throws SQLException {
        for (Map.Entry<String, Integer> device : state.devices.entrySet()) {
            fresh.run("INSERT INTO device VALUES (?,?)", device.getValue(), device.getKey());
        }
        for (State.Run run : state.runs.values()) {
            fresh.run(
                    "INSERT INTO run VALUES (?,?,?,?,0,?)",
                    run.id(),
                    Integer.toUnsignedLong(run.epoch().order()),
                    run.epoch().random(),
                    run.bootId(),
                    run.clean() ? 1 : 0);
        }
        for (LossRange range : state.ranges.values()) {
            fresh.save(range, device(range.device()), state.runOf(range.firstEpoch()), state.runOf(range.lastEpoch()));
        }
        fresh.save(List.copyOf(state.streams.values()), this::device);
        for (Map.Entry<String, Aliases> aliases : state.aliases.entrySet()) {
            for (Map.Entry<Integer, byte[]> alias : aliases.getValue().stored().entrySet()) {
                fresh.run(
                        "INSERT INTO alias VALUES (?,?,?)", device(aliases.getKey()), alias.getKey(), alias.getValue());
            }
        }
        fresh.save(state.ledger, new Ledger(), state.ageMillis, 0);
    }

    private int device(String name) {
        Integer id = state.devices.get(name);
        if (id == null) {
            throw new IllegalStateException("no device " + name + " among those read");
        }
        return id;
    }
}

package io.sluice.outbox;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over from a database that had to be set aside what a receiver needs to know: which streams there were and which of
 * their numbers will never come.
 */
final class Salvage {

    private static final Logger LOG = LoggerFactory.getLogger(Salvage.class);

    private Salvage() {}

    /** Devices, runs, streams and loss ranges as far as the damaged file gives them; empty if it gives nothing. */
    static State identity(Path file) {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file)) {
            return new StateLoader(connection).identity();
        } catch (SQLException | IllegalArgumentException e) {
            LOG.warn("not even the streams of {} can be read: {}", file, e.getMessage());
            return new State();
        }
    }

    /** Writes the streams into an empty database, with one loss range for each that still waited. */
    static void fill(Database database, State old) throws SQLException {
        for (Map.Entry<String, Integer> device : old.devices.entrySet()) {
            database.run("INSERT INTO device VALUES (?,?)", device.getValue(), device.getKey());
        }
        for (State.Run run : old.runs.values()) {
            database.run(
                    "INSERT INTO run VALUES (?,?,?,'',0,0)",
                    run.id(),
                    Integer.toUnsignedLong(run.epoch().order()),
                    run.epoch().random());
        }
        long nextRange = 1;
        for (LossRange range : old.ranges.values()) {
            save(database, old, range);
            nextRange = Math.max(nextRange, range.id() + 1);
        }
        for (State.StreamState stream : old.streams.values()) {
            if (!stream.drained()) {
                save(database, old, unreadable(stream, nextRange++));
                stream.gone.addAll(1, stream.last);
            }
            database.save(stream, device(old, stream.key.device()));
        }
        database.run("UPDATE ledger SET next_range=?", nextRange);
        database.commit();
    }

    private static void save(Database database, State old, LossRange range) throws SQLException {
        database.save(range, device(old, range.device()), old.runOf(range.firstEpoch()), old.runOf(range.lastEpoch()));
    }

    private static int device(State old, String name) {
        Integer id = old.devices.get(name);
        if (id == null) {
            throw new IllegalStateException("no device " + name + " among those read");
        }
        return id;
    }

    private static LossRange unreadable(State.StreamState stream, long id) {
        long messages = stream.last - stream.gone.size();
        return new LossRange(
                id,
                stream.key.device(),
                stream.key.epoch(),
                stream.gone.lowestAbsent(),
                stream.key.epoch(),
                stream.last,
                Map.of(LossReason.UNREADABLE, new Outgoing.Count(messages, 0)),
                1);
    }
}

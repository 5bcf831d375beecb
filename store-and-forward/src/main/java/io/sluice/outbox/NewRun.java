package io.sluice.outbox;

import java.sql.SQLException;
import java.util.concurrent.TimeUnit;

/** Begins the run of this process: an epoch of its own, on disk before anything is stored under it. */
final class NewRun {

    private NewRun() {}

    static void begin(State state, Database database, SqliteOutbox.Host host, String bootId) throws SQLException {
        long now = host.wallNanos().getAsLong();
        long previous = state.runs.values().stream()
                .mapToLong(run -> Integer.toUnsignedLong(run.epoch().order()))
                .max()
                .orElse(0);
        RunEpoch epoch = new RunEpoch(
                (int) Math.max(TimeUnit.NANOSECONDS.toSeconds(now), previous + 1),
                host.random().getAsLong());
        int id = state.runs.keySet().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
        forgetEndedRuns(database);
        database.run(
                "INSERT INTO run VALUES (?,?,?,?,?,0)",
                id,
                Integer.toUnsignedLong(epoch.order()),
                epoch.random(),
                bootId,
                now);
        database.commit();
        state.runs.put(id, new State.Run(id, epoch, false, bootId));
        state.currentRun = id;
    }

    /** Runs that no stream and no loss range names; the newest stays, since the next order counts from it. */
    private static void forgetEndedRuns(Database database) throws SQLException {
        database.run("DELETE FROM run WHERE id NOT IN (SELECT run FROM stream) AND id NOT IN (SELECT first_run FROM"
                + " loss_range) AND id NOT IN (SELECT last_run FROM loss_range) AND id < (SELECT max(id) FROM run)");
    }
}

package io.sluice.outbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The database file and the state that belongs to it: opening, beginning a run, committing, and opening anew after a
 * fault, where the commit number tells whether the last commit reached the disk. After the constructor confined to thread
 * {@code outbox-writer}.
 */
final class Store {

    private static final Logger LOG = LoggerFactory.getLogger(Store.class);
    private static final DateTimeFormatter SUFFIX =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Path file;
    private final SqliteOutbox.Host host;
    private final String bootId;
    private final long openedNanos;
    private final State state;
    private @Nullable Database database;
    private long baseAgeMillis;
    /** The last transaction begun, and whether its commit was tried and failed: {@link #reopen} finds out. */
    private @Nullable Transaction begun;

    private boolean uncertain;

    Store(Path directory, SqliteOutbox.Host host) {
        this.file = directory.resolve("outbox.db");
        this.host = host;
        this.bootId = host.bootId().get();
        this.openedNanos = host.monotonicNanos().getAsLong();
        try {
            this.state = openOrSetAside();
            this.baseAgeMillis = state.ageMillis;
            beginRun();
        } catch (SQLException e) {
            abandon();
            throw new OutboxException(
                    "cannot open the outbox %s: %s; check the disk and that this user may write there"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    State state() {
        return state;
    }

    SqliteOutbox.Host host() {
        return host;
    }

    Path file() {
        return file;
    }

    private Database database() throws SQLException {
        if (database == null) {
            throw new SQLException("the outbox database is not open");
        }
        return database;
    }

    private State openOrSetAside() throws SQLException {
        try {
            return open();
        } catch (SQLException e) {
            if (!Database.isDamage(e)) {
                throw e;
            }
            abandon();
            State salvaged = Salvage.identity(file);
            setAside(e);
            open();
            Salvage.fill(database(), salvaged);
            return database().load(openedNanos, bootId);
        }
    }

    private State open() throws SQLException {
        database = Database.open(file);
        return database.load(openedNanos, bootId);
    }

    private void setAside(SQLException why) throws SQLException {
        String suffix = ".unreadable-"
                + SUFFIX.format(Instant.ofEpochSecond(0, host.wallNanos().getAsLong()));
        try {
            for (String part : new String[] {"", "-wal", "-shm"}) {
                Path from = file.resolveSibling(file.getFileName() + part);
                if (Files.exists(from)) {
                    Files.move(from, file.resolveSibling(file.getFileName() + suffix + part));
                }
            }
        } catch (IOException e) {
            throw new SQLException("cannot set the damaged outbox " + file + " aside", e);
        }
        LOG.error(
                "the outbox {} cannot be read ({}): it was set aside as {}{} and a new one begun; what waited in it is"
                        + " reported as lost",
                file,
                why.getMessage(),
                file.getFileName(),
                suffix);
    }

    /** An epoch of its own for this process, on disk before anything is stored under it. */
    private void beginRun() throws SQLException {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(host.wallNanos().getAsLong());
        long previous = state.runs.values().stream()
                .mapToLong(run -> Integer.toUnsignedLong(run.epoch().order()))
                .max()
                .orElse(0);
        RunEpoch epoch = new RunEpoch(
                (int) Math.max(seconds, previous + 1), host.random().getAsLong());
        int id = state.runs.keySet().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
        forgetEndedRuns();
        database()
                .run(
                        "INSERT INTO run VALUES (?,?,?,?,?,0)",
                        id,
                        Integer.toUnsignedLong(epoch.order()),
                        epoch.random(),
                        bootId,
                        host.wallNanos().getAsLong());
        database().commit();
        state.runs.put(id, new State.Run(id, epoch, false));
        state.currentRun = id;
    }

    /** Runs that no stream and no loss range names; the newest stays, since the next order counts from it. */
    private void forgetEndedRuns() throws SQLException {
        database()
                .run("DELETE FROM run WHERE id NOT IN (SELECT run FROM stream) AND id NOT IN (SELECT first_run FROM"
                        + " loss_range) AND id NOT IN (SELECT last_run FROM loss_range) AND id < (SELECT max(id) FROM"
                        + " run)");
    }

    long ageMillis() {
        return baseAgeMillis
                + TimeUnit.NANOSECONDS.toMillis(host.monotonicNanos().getAsLong() - openedNanos);
    }

    Transaction begin() throws SQLException {
        begun = new Transaction(
                state,
                database(),
                new Transaction.Moment(
                        ageMillis(),
                        host.monotonicNanos().getAsLong(),
                        host.wallNanos().getAsLong(),
                        bootId));
        return begun;
    }

    /** The last transaction begun. */
    Transaction begun() {
        return Objects.requireNonNull(begun, "no transaction has begun");
    }

    void commit() throws SQLException {
        uncertain = true;
        database().commit();
        uncertain = false;
    }

    void rollback() throws SQLException {
        database().rollback();
    }

    void checkpoint() throws SQLException {
        database().checkpoint(false);
    }

    long fileBytes() throws SQLException {
        return database().fileBytes();
    }

    /**
     * Opens the database anew after a failure.
     *
     * @return whether the commit that failed is on disk after all
     */
    boolean reopen() throws SQLException {
        abandon();
        database = Database.open(file);
        boolean reached = uncertain && database.commits() == begun().ledger.commits;
        uncertain = false;
        return reached;
    }

    void closeClean() throws SQLException {
        database().run("UPDATE run SET clean=1 WHERE id=?", state.currentRun);
        database().commit();
        database().checkpoint(true);
        database().close();
        database = null;
    }

    /** Lets go of the database as it is. */
    void abandon() {
        try {
            if (database != null) {
                database.close();
            }
        } catch (SQLException e) {
            LOG.debug("closing a failed connection", e);
        }
        database = null;
    }
}

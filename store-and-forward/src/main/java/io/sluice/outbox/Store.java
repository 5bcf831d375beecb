package io.sluice.outbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
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

    /** The file that stands at the path is about to go. */
    static final int BEING_REPLACED = -1;

    private final Path file;
    private final Successor successor;
    private final SqliteOutbox.Host host;
    private final String bootId;
    private final long openedNanos;
    private final State state;
    private @Nullable Database database;
    private long baseAgeMillis;
    /** The last transaction begun, and whether its commit was tried and failed: {@link #reopen} finds out. */
    private @Nullable Transaction begun;

    private boolean uncertain;
    /** Held while files are moved away: a reader that opened one of them meanwhile would find half of them. */
    private final ReadWriteLock files = new ReentrantReadWriteLock();
    /** Why the file is to be replaced, as long as it is not. */
    private @Nullable String damage;

    private ForwardingOutbox.@Nullable Change carriedOver;
    private @Nullable Object fileKey;
    private int opened;
    private volatile int generation;

    Store(Path directory, SqliteOutbox.Host host) {
        this.file = directory.resolve("outbox.db");
        this.successor = new Successor(file);
        this.host = host;
        this.bootId = host.bootId().get();
        this.openedNanos = host.monotonicNanos().getAsLong();
        try {
            this.state = openOrSetAside();
            this.baseAgeMillis = state.ageMillis;
            NewRun.begin(state, database(), host, bootId);
        } catch (SQLException e) {
            abandon();
            throw OutboxException.ofDisk(
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
        if (successor.isComplete()) {
            takePlace("it had been given up when the process ended");
        }
        try {
            return open();
        } catch (SQLException e) {
            if (!Database.isDamage(e)) {
                throw e;
            }
            abandon();
            State salvaged = Salvage.identity(file);
            try (Connection old = Salvage.connect(file)) {
                successor.build(fresh -> Salvage.carryOver(old, salvaged, fresh));
            }
            takePlace(String.valueOf(e.getMessage()));
            return open();
        }
    }

    /**
     * Sets the damaged file aside while the process runs, and goes on in a new one with the streams as they are known here.
     * If it fails, {@link #reopen} goes on with it.
     *
     * @return what was lost
     */
    ForwardingOutbox.Change startAnew(SQLException found) throws SQLException {
        uncertain = false;
        damage = String.valueOf(found.getMessage());
        generation = BEING_REPLACED;
        abandon();
        return replace();
    }

    private ForwardingOutbox.Change replace() throws SQLException {
        try (Connection old = Salvage.connect(file)) {
            buildSuccessor(old);
        }
        return takeOver();
    }

    private void buildSuccessor(Connection old) throws SQLException {
        synchronized (state) {
            carriedOver = successor.build(fresh -> Salvage.carryOver(old, state, fresh));
        }
    }

    private ForwardingOutbox.Change takeOver() throws SQLException {
        files.writeLock().lock();
        try {
            takePlace(String.valueOf(damage));
        } finally {
            files.writeLock().unlock();
        }
        damage = null;
        openFile();
        return Objects.requireNonNull(takeCarriedOver(), "the successor was built from something");
    }

    /** Whether the path still leads to the file that is open. */
    boolean isFileInPlace() {
        return Objects.equals(fileKey, fileKeyNow());
    }

    /**
     * The file was deleted or replaced under the open connection: what it held goes into a new one. If that fails, the
     * connection stays open, or {@link #reopen} goes on with the new file.
     */
    ForwardingOutbox.Change replaceLostFile() throws SQLException {
        buildSuccessor(database().connection());
        damage = "the file was deleted or replaced while it was open";
        generation = BEING_REPLACED;
        abandon();
        return takeOver();
    }

    private @Nullable Object fileKeyNow() {
        try {
            return Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        } catch (IOException e) {
            return null; // not there
        }
    }

    private void openFile() throws SQLException {
        database = Database.open(file);
        fileKey = fileKeyNow();
        opened++;
        generation = opened;
    }

    /** What a reader holds while it reads. */
    Lock reading() {
        return files.readLock();
    }

    /** Goes up whenever another file was opened, so that readers open theirs anew; or {@link #BEING_REPLACED}. */
    int generation() {
        return generation;
    }

    private State open() throws SQLException {
        openFile();
        return database().load(openedNanos, bootId);
    }

    private void takePlace(String why) throws SQLException {
        String suffix = ".unreadable-"
                + SUFFIX.format(Instant.ofEpochSecond(0, host.wallNanos().getAsLong()));
        successor.finish(suffix);
        LOG.error(
                "the outbox {} cannot be read ({}): it was set aside as {}{} and a new one begun; what could not be"
                        + " carried over is reported as lost",
                file,
                why,
                file.getFileName(),
                suffix);
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

    /** Writes and commits the transaction; see {@link Transaction#commit}. */
    void commit(Transaction transaction, boolean withState) throws SQLException {
        uncertain = true;
        transaction.commit(withState);
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
    boolean reopen() throws SQLException, IOException {
        abandon();
        if (damage != null) {
            carriedOver = successor.isComplete() ? takeOver() : replace();
            return false;
        }
        openFile();
        boolean reached = uncertain && begun().isIn(database());
        uncertain = false;
        return reached;
    }

    /** What {@link #reopen} found lost when it had to take over from a damaged file; null if it had not. */
    ForwardingOutbox.@Nullable Change takeCarriedOver() {
        ForwardingOutbox.Change change = carriedOver;
        carriedOver = null;
        return change;
    }

    void closeClean() throws SQLException {
        database().run("UPDATE run SET clean=1 WHERE id=?", state.currentRun);
        database().commit();
        database().checkpoint(true);
        abandon();
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

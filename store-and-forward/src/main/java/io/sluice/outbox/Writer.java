package io.sluice.outbox;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The work of thread {@code outbox-writer}: takes a group, commits it, tells the forwarder, looks after limits and the
 * WAL, and begins again. A failing disk makes it try the same group again and again; it never gives up while the process
 * runs.
 */
final class Writer implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);
    private static final long SECOND_NANOS = 1_000_000_000;
    private static final long STATE_PAGES_BYTES = 4 * 4096; // what a commit of the state writes beside the rows
    private static final int MOST_UNSAVED_ROWS = 1_000;
    private static final long LONGEST_BACKOFF_NANOS = 5 * SECOND_NANOS; // the hand-off does not hold for long

    private final Store store;
    private final OutboxSettings settings;
    private final HandOff handOff;
    private final Tail tail;
    private final SpaceGuard space;
    private final Admission admission;
    private ForwardingOutbox.@Nullable Listener listener;

    private long walBytes;
    private long lookedAtNanos;
    private boolean stateSaved = true;
    private List<Integer> numbers = List.of();
    private volatile long progressNanos = System.nanoTime();
    private final long storedReadingsBefore;
    private volatile Optional<OutboxView.Written> written = Optional.empty();

    Writer(Store store, OutboxSettings settings, HandOff handOff, Tail tail) {
        this.store = store;
        this.settings = settings;
        this.handOff = handOff;
        this.tail = tail;
        this.space = new SpaceGuard(settings);
        this.admission = new Admission(store, settings, space, handOff::openedDevices);
        this.storedReadingsBefore = store.state().ledger.storedReadings;
        this.lookedAtNanos = store.host().monotonicNanos().getAsLong() - SECOND_NANOS;
    }

    /** The listener and the state that it starts from, between two commits. */
    ForwardingOutbox.Snapshot attach(ForwardingOutbox.Listener newListener) {
        State state = store.state();
        synchronized (state) {
            listener = newListener;
            return new ForwardingOutbox.Snapshot(
                    state.snapshots(), List.copyOf(state.ranges.values()), state.ledger.nextPosition - 1);
        }
    }

    void detach() {
        synchronized (store.state()) {
            listener = null;
        }
    }

    /** {@link System#nanoTime} when the thread last came round, which it does every second, or every retry of a commit. */
    long progressNanos() {
        return progressNanos;
    }

    /** What this thread has sent to the medium, as of the last second; empty where the kernel does not say. */
    Optional<OutboxView.Written> written() {
        return written;
    }

    @Override
    public void run() {
        try {
            boolean last = false;
            while (!last) {
                progressNanos = System.nanoTime();
                Group group = handOff.take(SECOND_NANOS, isNearLimit());
                last = group.last;
                if (!commit(group)) {
                    LOG.error("stopped while the outbox could not be written: what was not committed is lost");
                    store.abandon();
                    return;
                }
                afterCommit();
            }
            store.closeClean();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            store.abandon();
        } catch (SQLException e) {
            LOG.error("the outbox was not closed cleanly; the next start says so in its start records", e);
            store.abandon();
        }
    }

    /** Then acknowledgements must not wait: what they free would be dropped. */
    private boolean isNearLimit() {
        return store.state().ledger.pendingBytes + settings.handOffBytes() > space.limitBytes();
    }

    private boolean commit(Group group) throws InterruptedException {
        long backoffNanos = SECOND_NANOS / 2;
        Group.Damage found = group.damage;
        if (found != null && found.generation() == store.generation()) {
            startAnew(found.cause());
        }
        while (true) {
            progressNanos = System.nanoTime();
            try {
                attempt(group);
                return true;
            } catch (SQLException e) {
                degrade(e);
                if (Database.isDamage(e) && startAnew(e)) {
                    continue;
                }
            }
            if (!handOff.awaitRetry(backoffNanos) && group.last) {
                return false;
            }
            backoffNanos = Math.min(2 * backoffNanos, LONGEST_BACKOFF_NANOS);
            if (reopen()) {
                settle(group, store.begun(), numbers, true);
                return true;
            }
        }
    }

    private void attempt(Group group) throws SQLException {
        Transaction transaction = store.begin();
        numbers = admission.admit(group, transaction);
        boolean withState = transaction.changesState() || isStateDue(group, transaction);
        boolean writes = withState || !transaction.isEmpty();
        if (writes) {
            store.commit(transaction, withState);
        } else {
            store.rollback();
        }
        stateSaved = withState;
        settle(group, transaction, numbers, writes);
    }

    /**
     * Rows alone are committed without counters and streams, which are found again from the rows: one page less for each.
     * So that few have to be looked at after a kill, and that the database file holds no row that its state does not know,
     * the state is saved after some, before a checkpoint and at the end.
     */
    private boolean isStateDue(Group group, Transaction transaction) {
        int unsaved = store.state().unsavedRows + transaction.rows().size();
        return unsaved > 0
                && (group.last || unsaved >= MOST_UNSAVED_ROWS || walBytes + group.bytes >= space.checkpointBytes());
    }

    private void settle(Group group, Transaction transaction, List<Integer> bound, boolean wrote) {
        boolean wasDegraded = !handOff.degraded().isEmpty();
        ForwardingOutbox.@Nullable Listener told;
        ForwardingOutbox.Change change;
        synchronized (store.state()) {
            change = transaction.install();
            told = listener;
        }
        tail.add(transaction.rows(), transaction.departures().droppedTo());
        handOff.settled(transaction.ledger, admission.refused(), wrote);
        if (told != null && wrote) {
            told.committed(change); // first: who waits for the commit may ask the forwarder what it knows
        }
        for (int i = 0; i < bound.size(); i++) {
            group.bindings.get(i).number().complete(bound.get(i));
        }
        transaction.answer();
        group.done.forEach(done -> done.complete(null));
        if (wrote) {
            walBytes += group.bytes + (stateSaved ? STATE_PAGES_BYTES : 4096);
        }
        if (wasDegraded && wrote) {
            LOG.info("the outbox can be written again");
        }
    }

    // ---- a failing disk

    private void degrade(SQLException e) {
        if (handOff.degraded().isEmpty()) {
            LOG.error(
                    "the outbox in {} cannot be written: {}; polling goes on, what does not fit into memory is counted"
                            + " as lost; check the disk",
                    settings.directory(),
                    e.getMessage());
        }
        handOff.degrade(String.valueOf(e.getMessage()));
    }

    /**
     * After a failed fsync nothing in the page cache may be trusted: closes, opens and compares.
     *
     * @return whether the commit that failed is on disk after all
     */
    private boolean reopen() {
        try {
            boolean reached = store.reopen();
            space.look(store.fileBytes());
            ForwardingOutbox.Change carriedOver = store.takeCarriedOver();
            if (carriedOver != null) {
                tell(carriedOver);
            }
            return reached;
        } catch (SQLException | IOException | OutboxException e) {
            handOff.degrade(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private boolean startAnew(SQLException damage) {
        try {
            tell(store.startAnew(damage));
            return true;
        } catch (SQLException | OutboxException e) {
            handOff.degrade(String.valueOf(e.getMessage()));
            return false;
        }
    }

    private void tell(ForwardingOutbox.Change change) {
        ForwardingOutbox.@Nullable Listener told;
        synchronized (store.state()) {
            told = listener;
        }
        if (told != null) {
            told.committed(change);
        }
    }

    // ---- after the commit

    private void afterCommit() {
        try {
            lookAfterFiles();
        } catch (SQLException e) {
            LOG.debug("looking after the outbox failed; the next commit will show whether it can be written", e);
        }
    }

    private void lookAfterFiles() throws SQLException {
        if (walBytes >= space.checkpointBytes() && stateSaved) {
            walBytes = 0;
            store.checkpoint();
            space.look(store.fileBytes());
        }
        long now = store.host().monotonicNanos().getAsLong();
        if (now - lookedAtNanos >= SECOND_NANOS) {
            lookedAtNanos = now;
            lookAtMedium();
            lookAtFile();
            space.look(store.fileBytes());
        }
    }

    private void lookAtMedium() {
        long readings = store.state().ledger.storedReadings - storedReadingsBefore;
        ThreadIo.writtenBytes().ifPresent(bytes -> written = Optional.of(new OutboxView.Written(bytes, readings)));
    }

    private void lookAtFile() throws SQLException {
        if (!store.isFileInPlace()) {
            tell(store.replaceLostFile());
        }
    }

    /** A future that fails when the writer ended without it. */
    static <T> T await(CompletableFuture<T> future) throws InterruptedException {
        try {
            return future.get();
        } catch (java.util.concurrent.ExecutionException e) {
            throw new IllegalStateException("the outbox was closed before it could write", e);
        }
    }
}

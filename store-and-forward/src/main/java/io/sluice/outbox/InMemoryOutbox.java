package io.sluice.outbox;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An {@link Outbox} in memory: the same numbers, limits, loss ranges and counters, with every append committed at once. For
 * tests and for trying things out.
 *
 * <p>It does not promise anything across its end: all is gone with it, and each one begins with position 1. Dead letters are
 * not kept. Any thread may call.
 */
public final class InMemoryOutbox implements ForwardingOutbox {

    private final OutboxSettings settings;
    private final SqliteOutbox.Host host;
    private final long openedNanos;
    private final State state = new State();
    private final Heap heap = new Heap();
    private final Set<String> openedDevices = new HashSet<>();
    private Map<String, LossTally> refused = new HashMap<>();
    private @Nullable Listener listener;
    private long offeredReadings;
    private boolean closed;

    /**
     * Begins an epoch.
     *
     * @param settings of which only the limits count
     */
    public InMemoryOutbox(OutboxSettings settings, SqliteOutbox.Host host) {
        this.settings = settings;
        this.host = host;
        this.openedNanos = host.monotonicNanos().getAsLong();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(host.wallNanos().getAsLong());
        RunEpoch epoch = new RunEpoch((int) Math.max(seconds, 1), host.random().getAsLong());
        state.runs.put(1, new State.Run(1, epoch, false, host.bootId().get()));
        state.currentRun = 1;
    }

    private interface Step {
        void in(Transaction transaction) throws SQLException;
    }

    private long ageMillis() {
        return TimeUnit.NANOSECONDS.toMillis(host.monotonicNanos().getAsLong() - openedNanos);
    }

    private void change(Step step) {
        synchronized (state) {
            Transaction transaction = new Transaction(
                    state,
                    heap,
                    new Transaction.Moment(
                            ageMillis(),
                            host.monotonicNanos().getAsLong(),
                            host.wallNanos().getAsLong(),
                            host.bootId().get()));
            try {
                step.in(transaction);
                transaction.departures().deleteLeaving();
                recordRefused(transaction);
                transaction.endEpochs();
                transaction.opened(openedDevices);
                transaction.commit(true);
            } catch (SQLException e) {
                throw new IllegalStateException("memory does not fail", e);
            }
            tell(transaction.install());
            transaction.answer();
        }
    }

    private void tell(Change change) {
        if (listener != null) {
            listener.committed(change);
        }
    }

    private void recordRefused(Transaction transaction) {
        if (transaction.ledger.pendingBytes <= settings.maxBytes() / 10 * 9) {
            refused.forEach(transaction::loss);
            refused = new HashMap<>();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the outbox is closed");
        }
    }

    @Override
    public RunEpoch epoch() {
        synchronized (state) {
            return state.currentEpoch();
        }
    }

    @Override
    public void append(String device, Entry entry) {
        synchronized (state) {
            requireOpen();
            Group.Pending pending = new Group.Pending(device, entry);
            offeredReadings += pending.readings();
            change(transaction -> append(pending, transaction));
        }
    }

    private void append(Group.Pending pending, Transaction transaction) throws SQLException {
        if (settings.maxAge().isPresent()) {
            transaction
                    .departures()
                    .expire(ageMillis() - settings.maxAge().get().toMillis());
        }
        if (transaction.ledger.pendingBytes + pending.bytes() <= settings.maxBytes()) {
            transaction.append(pending.device(), pending.entry());
            return;
        }
        switch (settings.whenFull()) {
            case DROP_NEWEST -> {
                long now = host.wallNanos().getAsLong();
                refused.computeIfAbsent(pending.device(), none -> new LossTally())
                        .add(LossReason.EVICTED, pending.readings(), now, now);
            }
            case DROP_OLDEST -> {
                transaction.departures().evictDownTo(Math.max(0, settings.maxBytes() - pending.bytes()));
                transaction.append(pending.device(), pending.entry());
                transaction.insertRows();
                transaction.departures().evictDownTo(settings.maxBytes());
            }
        }
    }

    @Override
    public void lost(String device, LossReason reason, long readings, long firstNanos, long lastNanos) {
        synchronized (state) {
            offeredReadings += readings;
            LossTally tally = new LossTally();
            tally.add(reason, readings, firstNanos, lastNanos);
            change(transaction -> transaction.loss(device, tally));
        }
    }

    @Override
    public List<Integer> bind(String device, List<byte[]> keys) {
        List<Integer> numbers = new ArrayList<>();
        synchronized (state) {
            requireOpen();
            change(transaction -> {
                for (byte[] key : keys) {
                    numbers.add(transaction.bind(device, key.clone()));
                }
            });
        }
        return numbers;
    }

    @Override
    public Map<Integer, byte[]> aliases(String device) {
        synchronized (state) {
            Aliases known = state.aliases.get(device);
            return known == null ? Map.of() : known.byNumber();
        }
    }

    @Override
    public List<RunEpoch> pendingEpochs(String device) {
        synchronized (state) {
            return state.pendingEpochs(device);
        }
    }

    @Override
    public void acknowledge(long position) {
        change(transaction -> transaction.departures().acknowledge(position));
    }

    @Override
    public void acknowledge(Row row) {
        change(transaction -> transaction.departures().acknowledge(row));
    }

    @Override
    public void reject(long position, String reason) {
        change(transaction -> transaction.departures().reject(position, reason));
    }

    @Override
    public Balance balance() {
        synchronized (state) {
            Map<LossReason, Long> notRecorded = new EnumMap<>(LossReason.class);
            refused.values()
                    .forEach(tally -> tally.readings().forEach((reason, n) -> notRecorded.merge(reason, n, Long::sum)));
            return state.ledger.balance(offeredReadings, 0, notRecorded);
        }
    }

    @Override
    public String degraded() {
        return "";
    }

    @Override
    public Snapshot attach(Listener newListener) {
        synchronized (state) {
            listener = newListener;
            return new Snapshot(state.snapshots(), List.copyOf(state.ranges.values()), state.ledger.nextPosition - 1);
        }
    }

    @Override
    public void detach() {
        synchronized (state) {
            listener = null;
        }
    }

    @Override
    public RowReader reader() {
        return new RowReader() {
            @Override
            public List<Row> read(long from, long to, int limit) {
                synchronized (state) {
                    return heap.rows(from, Math.max(from, to), limit, row -> true);
                }
            }

            @Override
            public List<Row> read(long from, long to, int stream, int limit) {
                synchronized (state) {
                    return heap.rows(
                            from, Math.max(from, to), limit, row -> row.stream().id() == stream);
                }
            }

            @Override
            public void close() {}
        };
    }

    @Override
    public CompletableFuture<Void> markOpened(Collection<StreamKey> streams) {
        synchronized (state) {
            streams.forEach(stream -> openedDevices.add(stream.device()));
            change(transaction -> streams.forEach(transaction::opened));
            return CompletableFuture.completedFuture(null);
        }
    }

    @Override
    public CompletableFuture<Void> flush() {
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        synchronized (state) {
            closed = true;
        }
    }
}

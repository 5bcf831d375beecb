package io.sluice.outbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An {@link Outbox} in one SQLite file: WAL, {@code synchronous=FULL}, one thread {@code outbox-writer} with the only
 * writing connection, group commit. Opening it begins an epoch.
 */
public final class SqliteOutbox implements ForwardingOutbox {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteOutbox.class);
    private static final long STUCK_NANOS = TimeUnit.SECONDS.toNanos(45);
    private static final long TAIL_BYTES = 4L << 20;

    /**
     * What the outbox asks of the machine.
     *
     * @param wallNanos UTC nanoseconds since 1970; may step
     * @param monotonicNanos never goes back, and goes on from one process to the next within a boot
     * @param random 64 random bits
     * @param bootId the same for all processes of one boot
     */
    public record Host(
            LongSupplier wallNanos, LongSupplier monotonicNanos, LongSupplier random, Supplier<String> bootId) {

        /** This machine. */
        public static Host system() {
            SecureRandom random = new SecureRandom();
            return new Host(Host::utcNanos, System::nanoTime, random::nextLong, Host::kernelBootId);
        }

        private static long utcNanos() {
            java.time.Instant now = java.time.Instant.now();
            return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
        }

        private static String kernelBootId() {
            try {
                return Files.readString(Path.of("/proc/sys/kernel/random/boot_id"))
                        .strip();
            } catch (IOException e) {
                LOG.debug("no boot id", e);
                return "";
            }
        }
    }

    private final DirectoryLock lock;
    private final Store store;
    private final HandOff handOff;
    private final Tail tail = new Tail(TAIL_BYTES);
    private final Writer writer;
    private final Thread thread;

    /**
     * Opens the outbox of this machine's directory.
     *
     * @throws OutboxException if another process has the directory, it cannot be used, or a newer version wrote it
     */
    public static SqliteOutbox open(OutboxSettings settings) {
        return open(settings, Host.system());
    }

    /** As {@link #open(OutboxSettings)}, with clocks and randomness from elsewhere. */
    public static SqliteOutbox open(OutboxSettings settings, Host host) {
        return new SqliteOutbox(settings, host);
    }

    private SqliteOutbox(OutboxSettings settings, Host host) {
        lock = DirectoryLock.acquire(settings.directory());
        try {
            store = new Store(settings.directory(), host);
        } catch (RuntimeException e) {
            release();
            throw e;
        }
        handOff = new HandOff(
                settings.handOffBytes(),
                settings.flushInterval().toNanos(),
                host.monotonicNanos(),
                store.state().ledger);
        writer = new Writer(store, settings, handOff, tail);
        thread = Thread.ofPlatform().name("outbox-writer").start(writer);
    }

    /** Whether the writer has come round within the last 45 s, also where the disk fails; for a watchdog. */
    public boolean isAlive() {
        return thread.isAlive() && System.nanoTime() - writer.progressNanos() < STUCK_NANOS;
    }

    @Override
    public RunEpoch epoch() {
        synchronized (store.state()) {
            return store.state().currentEpoch();
        }
    }

    @Override
    public void append(String device, Entry entry) throws InterruptedException {
        handOff.append(new Group.Pending(device, entry), store.host().wallNanos());
    }

    @Override
    public void lost(String device, LossReason reason, long readings, long firstNanos, long lastNanos) {
        handOff.lost(device, reason, readings, firstNanos, lastNanos);
    }

    @Override
    public List<Integer> bind(String device, List<byte[]> keys) throws InterruptedException {
        List<CompletableFuture<Integer>> numbers = new ArrayList<>();
        List<Group.Binding> unknown = new ArrayList<>();
        synchronized (store.state()) {
            Aliases known = store.state().aliases.get(device);
            for (byte[] key : keys) {
                Integer number = known == null ? null : known.number(key);
                CompletableFuture<Integer> coming =
                        number == null ? new CompletableFuture<>() : CompletableFuture.completedFuture(number);
                numbers.add(coming);
                if (number == null) {
                    unknown.add(new Group.Binding(device, key.clone(), coming));
                }
            }
        }
        if (!unknown.isEmpty()) {
            handOff.bind(unknown);
        }
        List<Integer> bound = new ArrayList<>();
        for (CompletableFuture<Integer> number : numbers) {
            bound.add(Writer.await(number));
        }
        return bound;
    }

    @Override
    public Map<Integer, byte[]> aliases(String device) {
        synchronized (store.state()) {
            Aliases known = store.state().aliases.get(device);
            return known == null ? Map.of() : known.byNumber();
        }
    }

    @Override
    public List<RunEpoch> pendingEpochs(String device) {
        synchronized (store.state()) {
            return store.state().pendingEpochs(device);
        }
    }

    @Override
    public void acknowledge(long position) {
        handOff.acknowledge(position);
    }

    @Override
    public void acknowledge(Row row) {
        handOff.acknowledge(row);
    }

    @Override
    public void reject(long position, String reason) {
        handOff.reject(new Group.Rejection(position, reason));
    }

    @Override
    public Balance balance() {
        return handOff.balance();
    }

    @Override
    public String degraded() {
        return handOff.degraded();
    }

    /** Looks into this outbox while it is open; for status, metrics and lists. */
    public OutboxView view() {
        return new DatabaseView(store.file(), connection -> counters(), true);
    }

    /** The ledger of commands in this outbox's database. */
    public CommandLedger commands() {
        return new Commands(handOff);
    }

    /** Asks thread {@code outbox-writer}. */
    static final class Commands implements CommandLedger {

        private static final int LONGEST_ID = 256;

        private final HandOff handOff;

        private Commands(HandOff handOff) {
            this.handOff = handOff;
        }

        @Override
        public Acceptance accept(String commandId, Instant expiry) throws InterruptedException {
            if (commandId.isEmpty() || commandId.length() > LONGEST_ID) {
                throw new IllegalArgumentException(
                        "a command id has 1 to %d characters, not %d".formatted(LONGEST_ID, commandId.length()));
            }
            CompletableFuture<Acceptance> answer = new CompletableFuture<>();
            long expiresNanos = TimeUnit.SECONDS.toNanos(expiry.getEpochSecond()) + expiry.getNano();
            handOff.command(new Group.CommandRequest.Accept(commandId, expiresNanos, answer));
            return Writer.await(answer);
        }

        @Override
        public void finish(String commandId, byte[] result) throws InterruptedException {
            CompletableFuture<Void> answer = new CompletableFuture<>();
            handOff.command(new Group.CommandRequest.Finish(commandId, result.clone(), answer));
            Writer.await(answer);
        }
    }

    private DatabaseView.Counters counters() {
        Balance balance = handOff.balance();
        synchronized (store.state()) {
            return DatabaseView.counters(
                    store.state(), balance, store.ageMillis(), writer.written(), handOff.degraded());
        }
    }

    @Override
    public Snapshot attach(Listener listener) {
        return writer.attach(listener);
    }

    @Override
    public void detach() {
        writer.detach();
    }

    @Override
    public RowReader reader() {
        return new DiskReader(
                store.file(), tail, this::streamKey, store::generation, store.reading(), handOff::damaged);
    }

    private @Nullable StreamKey streamKey(int id) {
        synchronized (store.state()) {
            State.StreamState stream = store.state().streams.get(id);
            return stream == null ? null : stream.key;
        }
    }

    @Override
    public CompletableFuture<Void> markOpened(Collection<StreamKey> streams) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        handOff.opened(streams, done);
        return done;
    }

    @Override
    public CompletableFuture<Void> flush() {
        CompletableFuture<Void> done = new CompletableFuture<>();
        handOff.flush(done);
        return done;
    }

    @Override
    public void close() {
        handOff.close();
        boolean interrupted = false;
        while (true) {
            try {
                thread.join();
                break;
            } catch (InterruptedException e) {
                interrupted = true; // closing goes on: what was appended is to be committed
            }
        }
        release();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void release() {
        try {
            lock.close();
        } catch (IOException e) {
            LOG.debug("releasing the lock of the outbox", e);
        }
    }
}

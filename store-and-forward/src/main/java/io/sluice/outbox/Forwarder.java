package io.sluice.outbox;

import java.util.Collection;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes committed messages from the outbox, in lanes, and hands them to the {@link Publisher} as its window allows. The
 * methods may be called on any thread and never wait, but for {@link #close}.
 *
 * <p>A row is handed over at most once in the life of a forwarder, but for a row that was {@link Outcome.Held}: its stream
 * stands, and after 30 s the row goes again in lane {@code RETRY}; when that succeeds, the rest of the stream follows in
 * the same lane. A row whose outcome is {@link Outcome.Unknown} stays in the outbox for the next process.
 */
public final class Forwarder implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Forwarder.class);
    private static final long CLOSE_FLUSH_SECONDS = 1;
    private static final long CLOSE_MILLIS = 5_000;

    public enum Replay {
        LIVE_FIRST,
        IN_ORDER
    }

    /**
     * @param settledNanos how long a moved {@code settled} waits for a message to carry it
     * @param heartbeatNanos between two heartbeats
     * @param retryNanos how long a held stream stands
     * @param openingNanos how long rows wait for the outbox to note the opening heartbeats
     */
    record Timing(long settledNanos, long heartbeatNanos, long retryNanos, long openingNanos) {
        static final Timing DEFAULT = new Timing(
                TimeUnit.SECONDS.toNanos(1),
                TimeUnit.SECONDS.toNanos(30),
                TimeUnit.SECONDS.toNanos(30),
                TimeUnit.SECONDS.toNanos(2));
    }

    private sealed interface Event {}

    private record Connected(long connection, int window) implements Event {}

    private record Disconnected() implements Event {}

    private record Completed(long position, Outcome outcome) implements Event {}

    private record Changed(ForwardingOutbox.Change change) implements Event {}

    /** The outbox has noted the opening heartbeats, or failed to. */
    private record OpeningNoted() implements Event {}

    private record Asked(CompletableFuture<Forwarding> answer) implements Event {}

    private record Ping() implements Event {}

    private record Stop() implements Event {}

    private final ForwardingOutbox outbox;
    private final LongSupplier monotonicNanos;
    private final Timing timing;
    private final Dispatch dispatch;
    private final Thread thread;
    private volatile boolean pinged;
    /** Between {@link #connected} and {@link #disconnected}. */
    private volatile boolean forwards;

    private volatile Consumer<String> lossListener = device -> {};

    private final Inbox<Event> inbox = new Inbox<>();

    // confined to the thread
    private boolean stopping;
    private boolean unreadable;
    private CompletableFuture<Void> opening = CompletableFuture.completedFuture(null);
    private List<StreamKey> openingKeys = List.of();
    private long openingSinceNanos;

    /**
     * Starts the thread {@code forwarder}.
     *
     * @param replayRate messages per second of the backlog lane, empty: unlimited
     * @param devices those that get heartbeats even before their first message
     */
    public Forwarder(
            Outbox outbox, Publisher publisher, Replay replay, OptionalInt replayRate, Collection<String> devices) {
        this(outbox, publisher, replay, replayRate, devices, Timing.DEFAULT, System::nanoTime);
    }

    Forwarder(
            Outbox outbox,
            Publisher publisher,
            Replay replay,
            OptionalInt replayRate,
            Collection<String> devices,
            Timing timing,
            LongSupplier monotonicNanos) {
        this.outbox = (ForwardingOutbox) outbox;
        this.monotonicNanos = monotonicNanos;
        this.timing = timing;
        ForwardingOutbox.Snapshot snapshot = this.outbox.attach(change -> post(new Changed(change)));
        this.dispatch = new Dispatch(
                this.outbox, snapshot, publisher, replay, replayRate, devices, timing, monotonicNanos.getAsLong());
        this.thread = Thread.ofPlatform().name("forwarder").start(this::run);
    }

    /**
     * Who is told of devices whose stored or offered messages were lost, so that they report everything once: while a
     * connection stands, at most once a minute for each device. Called on thread {@code forwarder}; must not wait.
     */
    public void onLoss(Consumer<String> device) {
        lossListener = device;
    }

    /**
     * A connection stands and is ready for messages: fixes the backlog, sends the opening heartbeats on the first.
     *
     * @param connection from 1
     * @param window most messages without an outcome
     */
    public void connected(long connection, int window) {
        if (connection < 1 || window < 1) {
            throw new IllegalArgumentException("connection %d, window %d: both from 1".formatted(connection, window));
        }
        forwards = true;
        post(new Connected(connection, window));
    }

    /** Nothing more is handed over until {@link #connected}. Messages without an outcome keep waiting for theirs. */
    public void disconnected() {
        forwards = false;
        post(new Disconnected());
    }

    /** The outcome of a hand-over. */
    public void completed(long position, Outcome outcome) {
        post(new Completed(position, outcome));
    }

    /** How far what waits is on its way. Never completed if the thread has ended. */
    public CompletableFuture<Forwarding> forwarding() {
        CompletableFuture<Forwarding> answer = new CompletableFuture<>();
        post(new Asked(answer));
        return answer;
    }

    /** Whether the thread runs and has come round since the last call; for a watchdog that asks every few seconds. */
    public boolean isAlive() {
        boolean answered = !pinged;
        if (answered) {
            pinged = true;
            post(new Ping());
        }
        return answered && thread.isAlive();
    }

    /** While nothing can be handed over, what was committed is looked at by the way: an outage costs no wake-ups. */
    private void post(Event event) {
        inbox.put(event, forwards || !(event instanceof Changed));
    }

    private void run() {
        try {
            while (!stopping) {
                List<Event> events = inbox.await(dispatch.nanosUntilDue(monotonicNanos.getAsLong()));
                events.forEach(this::handle);
                if (dispatch.isConnected() && !stopping) {
                    forward();
                }
            }
            sayGoodbye();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            dispatch.close();
        }
    }

    private void handle(Event event) {
        long now = monotonicNanos.getAsLong();
        switch (event) {
            case Connected(long connection, int window) -> dispatch.connected(connection, window);
            case Disconnected() -> dispatch.disconnected();
            case Completed(long position, Outcome outcome) -> dispatch.completed(position, outcome, now);
            case Changed(ForwardingOutbox.Change change) -> dispatch.changed(change, now);
            case OpeningNoted() -> {} // isOpen looks at it
            case Asked(CompletableFuture<Forwarding> answer) -> answer.complete(dispatch.forwarding(now));
            case Ping() -> pinged = false;
            case Stop() -> stopping = true;
        }
    }

    private void forward() {
        long now = monotonicNanos.getAsLong();
        if (!isOpen(now)) {
            return;
        }
        try {
            dispatch.pump(now);
            unreadable = false;
        } catch (ForwardingOutbox.StoreUnreadable e) {
            if (!unreadable) {
                LOG.error("{}; trying again", e.getMessage());
            }
            unreadable = true;
        }
        dispatch.heartbeats().sendDue(now);
        dispatch.tellLosses(lossListener, now);
    }

    /** Whether every stream's opening heartbeat has been sent; begins with it if not. */
    private boolean isOpen(long now) {
        if (openingKeys.isEmpty()) {
            openingKeys = dispatch.heartbeats().unopened();
            if (openingKeys.isEmpty()) {
                return true;
            }
            openingSinceNanos = now;
            opening = outbox.markOpened(openingKeys);
            opening.whenComplete((done, failed) -> post(new OpeningNoted()));
        }
        boolean noted = opening.isDone() && !opening.isCompletedExceptionally();
        if (noted || now - openingSinceNanos >= timing.openingNanos()) {
            dispatch.heartbeats().open(openingKeys, noted, now);
            openingKeys = List.of();
            return dispatch.heartbeats().unopened().isEmpty();
        }
        return false;
    }

    private void sayGoodbye() throws InterruptedException {
        if (!dispatch.isConnected()) {
            return;
        }
        try {
            outbox.flush().get(CLOSE_FLUSH_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException | CancellationException e) {
            LOG.debug("the outbox did not commit before the closing heartbeats", e);
        }
        inbox.await(0).forEach(this::handle);
        dispatch.heartbeats().closing(monotonicNanos.getAsLong());
    }

    /**
     * Waits until what was appended is committed (1 s at most), sends closing heartbeats if connected, then stops the
     * thread. The outbox stays open.
     */
    @Override
    public void close() {
        post(new Stop());
        try {
            thread.join(CLOSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        outbox.detach();
    }
}

package io.sluice.mqtt;

import io.netty.util.concurrent.Future;
import io.sluice.mqtt.Action.Close;
import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.ConnectionListener.Disconnected;
import io.sluice.mqtt.MqttOptions.Will;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the session connected: makes one {@link Attempt} after the other in the {@link BrokerOrder}, tells the session what
 * happens to it, and carries out what the session wants. Confined to thread {@code mqtt-io}, but for {@link #offer}.
 */
final class Connector implements Attempt.Owner, Action.Sink {

    private static final Logger log = LoggerFactory.getLogger(Connector.class);
    private static final Duration EXPIRY_CHECK = Duration.ofDays(1);

    private final MqttOptions options;
    private final Callbacks callbacks;
    private final Transport transport;
    private final LongSupplier nanoTime;
    private final CertificateExpiry expiry;
    private final Dialler dialler;
    private final Session session;
    private final Handoff handoff;
    private final BrokerOrder order;
    private final WayBack wayBack;
    private final Gathering gathering = new Gathering();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();

    /** In the middle of work that ends with {@link #settle}: publishes made now need no wake-up. */
    private boolean busy;

    /** Nanoseconds at the beginning of the turn. */
    private long turn;

    /** Received in this burst. */
    private int packets;

    private boolean stopping;

    /** While the listener is told of a connection: where what it publishes goes. */
    private @Nullable Consumer<Outgoing> opening;

    private @Nullable Attempt attempt;
    private long establishedAt;
    private @Nullable Future<?> retryTimer;
    private @Nullable Future<?> expiryTimer;

    Connector(
            MqttOptions options,
            ConnectionListener listener,
            Transport transport,
            LongSupplier nanoTime,
            InstantSource clock,
            Dial.Resolver resolver,
            RandomGenerator random) {
        TransportOptions below = options.transport();
        this.options = options;
        this.callbacks = new Callbacks(listener);
        this.transport = transport;
        this.nanoTime = nanoTime;
        this.expiry = new CertificateExpiry(clock, log::warn);
        TlsContexts tls = new TlsContexts(below.tls(), expiry);
        this.dialler = new Dialler(below.proxy(), resolver, tls, transport, options.connectTimeout());
        this.session = new Session(options, this, nanoTime.getAsLong());
        this.handoff = new Handoff(this::wakeUp);
        this.order = new BrokerOrder(options, new Backoff(options.backoffMin(), options.backoffMax(), random));
        BrokerAddress preferred = BrokerAddress.of(order.preferred());
        this.wayBack = new WayBack(preferred, below.preferredRetry(), dialler, this::preferredFound);
    }

    // ---- what the client asks for

    /** From any thread. @return false if the client was stopped */
    boolean offer(Outgoing message) {
        return transport.loop().inEventLoop() && opensWith(message) || handoff.offer(message);
    }

    private boolean opensWith(Outgoing message) {
        if (opening == null || stopping) {
            return false;
        }
        opening.accept(message);
        return true;
    }

    /** Done when nothing happens any more. */
    CompletableFuture<Void> finished() {
        return finished;
    }

    void start() {
        expiryTimer = transport.repeat(expiry::check, EXPIRY_CHECK);
        attempt();
    }

    /** A request that is no publish. */
    void ask(Event request) {
        dispatch(request);
    }

    void stop(@Nullable Publish last, Packet.Disconnect disconnect) {
        stopping = true;
        handoff.close(this::submit);
        if (last != null) {
            submit(new Outgoing(last, outcome -> {}));
        }
        if (attempt == null) {
            finish();
        } else {
            dispatch(new Event.StopRequested(disconnect));
        }
    }

    /** Ends at once, without DISCONNECT. */
    void abandon() {
        stopping = true;
        if (attempt != null) {
            attempt.abandon();
            attempt = null;
        }
        finish();
    }

    private void finish() {
        Transport.cancel(retryTimer);
        Transport.cancel(expiryTimer);
        wayBack.stop();
        handoff.close(this::submit);
        session.handle(new Event.Abandoned(), now());
        finished.complete(null);
    }

    // ---- one attempt after the other

    private void attempt() {
        if (stopping) {
            finish();
            return;
        }
        URI broker = order.current();
        attempt = new Attempt(broker, session.versionFor(broker), options, dialler, this);
        attempt.start(order.failures());
    }

    @Override
    public void opened() {
        Optional<Will> will = callbacks.will(session.nextConnectionNumber());
        dispatch(new Event.Opened(order.current(), will.or(options::will)));
    }

    private void established(ConnectionListener.Connected connected, Consumer<Outgoing> first) {
        establishedAt = nanoTime.getAsLong();
        if (attempt != null) {
            attempt.establish(connected.keepAlive());
        }
        if (order.hasBetter()) {
            wayBack.look();
        } else {
            wayBack.arrived();
        }
        opening = first;
        callbacks.connected(connected);
        opening = null;
    }

    private void preferredFound() {
        close(Close.without(Retry.AT_ONCE, "the preferred broker can be reached again: back to " + order.preferred()));
    }

    private void close(Close why) {
        if (attempt != null) {
            attempt.close(why);
        }
    }

    @Override
    public void ended(Close why) {
        boolean wasEstablished = attempt != null && attempt.isEstablished();
        attempt = null;
        wayBack.stop();
        dispatch(new Event.Closed());
        if (stopping || why.retry() == Retry.NEVER) {
            finish();
        } else {
            retry(why, wasEstablished);
        }
    }

    private void retry(Close why, boolean wasEstablished) {
        URI broker = order.current();
        long wait = wasEstablished
                ? order.lost(Duration.ofNanos(nanoTime.getAsLong() - establishedAt), why)
                : order.failed(why);
        Duration retryIn = Duration.ofMillis(wait);
        retryTimer = transport.schedule(this::attempt, retryIn);
        callbacks.disconnected(
                new Disconnected(broker, wasEstablished, why.answer(), why.serverReference(), why.reason(), retryIn));
    }

    // ---- what the connection reports

    @Override
    public void received(Packet packet) {
        beginTurn();
        packets++;
        session.handle(new Event.Received(packet), turn);
    }

    @Override
    public void burstEnded() {
        settle();
        if (packets > 0) {
            boolean unsent = attempt != null && attempt.hasUnsent();
            transport.nap(gathering.napNanos(turn, packets, session.unacknowledged(), unsent));
            packets = 0;
        }
    }

    @Override
    public void becameWritable() {
        dispatch(new Event.Writable());
    }

    @Override
    public void ticked() {
        dispatch(new Event.Tick());
    }

    // ---- what the session wants

    @Override
    public boolean isWritable() {
        return attempt != null && attempt.isWritable();
    }

    @Override
    public void perform(Action action) {
        switch (action) {
            case Action.Write(Packet packet) -> write(packet);
            case Action.Complete(var outcome, var result) -> callbacks.call(outcome, result);
            case Action.Deliver(Publish message) -> callbacks.received(message);
            case Action.Answered(var to, var answer) -> callbacks.call(to, answer);
            case Action.Established(var connected, var first) -> established(connected, first);
            case Action.Wake(Duration after) -> {
                var _ = transport.schedule(this::ticked, after);
            }
            case Close why -> close(why);
        }
    }

    private void write(Packet packet) {
        if (attempt != null) {
            attempt.write(packet);
        }
    }

    // ---- turns of the loop

    private void wakeUp() {
        if (!transport.loop().inEventLoop()) {
            transport.execute(this::settle);
        } else if (!busy) {
            beginTurn();
            transport.execute(this::settle);
        }
    }

    /** One reading of the clock serves everything that is done in a turn. */
    private void beginTurn() {
        if (!busy) {
            busy = true;
            turn = nanoTime.getAsLong();
        }
    }

    private long now() {
        return busy ? turn : nanoTime.getAsLong();
    }

    private void dispatch(Event event) {
        beginTurn();
        session.handle(event, turn);
        settle();
    }

    private void submit(Outgoing message) {
        session.handle(new Event.PublishRequested(message), turn);
    }

    /** Ends each turn: takes what was handed over meanwhile, then one flush for all that was written. */
    private void settle() {
        beginTurn();
        do {
            handoff.drain(this::submit);
            handoff.wanted(session.hasRoom());
        } while (session.hasRoom() && !handoff.isEmpty());
        if (attempt != null) {
            attempt.flush();
        }
        busy = false;
    }
}

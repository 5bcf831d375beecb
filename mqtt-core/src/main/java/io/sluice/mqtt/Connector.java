package io.sluice.mqtt;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.ConnectionListener.Disconnected;
import io.sluice.mqtt.MqttOptions.Will;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the session connected: makes attempts, one after the other, and carries out what the session wants. Confined to
 * thread {@code mqtt-io}, but for {@link #offer}.
 */
final class Connector implements Connection.Owner, Dial.Caller, Action.Sink {

    private static final Logger log = LoggerFactory.getLogger(Connector.class);
    private static final String CALLER_THREW = "a callback of the MQTT client threw; the client goes on";
    private static final Duration EXPIRY_CHECK = Duration.ofDays(1);

    /** Why a connection or an attempt is over; the first reason counts, what follows from it does not. */
    private record End(Retry retry, Optional<Reason> answer, Optional<String> serverReference, String reason) {

        static End soon(String reason) {
            return new End(Retry.SOON, Optional.empty(), Optional.empty(), reason);
        }
    }

    private final MqttOptions options;
    private final ConnectionListener listener;
    private final Transport transport;
    private final LongSupplier nanoTime;
    private final Dial.Resolver resolver;
    private final TlsContexts tls;
    private final CertificateExpiry expiry;
    private final Session session;
    private final Handoff handoff;
    private final Backoff backoff;
    private final Gathering gathering = new Gathering();
    private final CompletableFuture<Void> finished = new CompletableFuture<>();

    /** In the middle of work that ends with {@link #settle}: publishes made now need no wake-up. */
    private boolean busy;

    /** Nanoseconds at the beginning of the turn. */
    private long turn;

    /** Received in this burst. */
    private int packets;

    private boolean stopping;
    private int brokerIndex;
    /** The broker that a Server Reference named, for one attempt. */
    private Optional<URI> redirect = Optional.empty();

    private int failures;
    private @Nullable Future<?> retryTimer;
    private @Nullable Future<?> expiryTimer;

    // valid for the attempt
    private boolean attempting;
    private @Nullable Dial dial;
    /** Everything below MQTT stands. */
    private boolean open;

    private @Nullable Connection connection;
    private @Nullable Future<?> connectTimer;
    private @Nullable Future<?> ticker;
    private @Nullable Future<?> preferredTimer;
    private @Nullable Dial preferred;
    private @Nullable End end;
    private boolean established;
    private long establishedAt;

    Connector(
            MqttOptions options,
            ConnectionListener listener,
            Transport transport,
            LongSupplier nanoTime,
            InstantSource clock,
            Dial.Resolver resolver,
            RandomGenerator random) {
        this.options = options;
        this.listener = listener;
        this.transport = transport;
        this.nanoTime = nanoTime;
        this.resolver = resolver;
        this.expiry = new CertificateExpiry(clock, log::warn);
        this.tls = new TlsContexts(options.transport().tls(), expiry);
        this.session = new Session(options, this, nanoTime.getAsLong());
        this.handoff = new Handoff(this::wakeUp);
        this.backoff = new Backoff(options.backoffMin(), options.backoffMax(), random);
    }

    // ---- what the client asks for

    /** From any thread. @return false if the client was stopped */
    boolean offer(Outgoing message) {
        return handoff.offer(message);
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
        if (attempting) {
            dispatch(new Event.StopRequested(disconnect));
        } else {
            finish();
        }
    }

    /** Ends at once, without DISCONNECT. */
    void abandon() {
        stopping = true;
        finish();
        if (dial != null) {
            dial.cancel();
        }
    }

    private void finish() {
        cancelTimers();
        cancel(expiryTimer);
        handoff.close(this::submit);
        session.handle(new Event.Abandoned(), now());
        finished.complete(null);
    }

    // ---- one attempt

    private URI broker() {
        return redirect.orElseGet(() -> options.brokers().get(brokerIndex));
    }

    private BrokerAddress address() {
        return BrokerAddress.of(broker());
    }

    private void attempt() {
        if (stopping) {
            finish();
            return;
        }
        attempting = true;
        end = null;
        open = false;
        established = false;
        connectTimer = transport.schedule(this::connectTimedOut, options.connectTimeout());
        dial = dial(address(), this);
        dial.start(failures);
    }

    private Dial dial(BrokerAddress broker, Dial.Caller caller) {
        return new Dial(
                broker, options.transport().proxy(), resolver, tls, transport, options.connectTimeout(), caller);
    }

    @Override
    public void initialise(Channel channel) {
        connection = new Connection(channel, session.versionFor(broker()), options.maximumPacketBytes(), this);
        channel.pipeline().addLast(connection);
    }

    @Override
    public void unreachable(Throwable cause) {
        if (end == null) {
            end = End.soon(FailureText.of(cause, address()));
        }
        ended();
    }

    @Override
    public void opened() {
        open = true;
        Optional<Will> will = guarded(() -> listener.will(session.nextConnectionNumber()), Optional.empty());
        dispatch(new Event.Opened(broker(), will.or(options::will)));
    }

    private void connectTimedOut() {
        Dial making = Objects.requireNonNull(dial);
        String text = "waited %d ms in vain for %s"
                .formatted(options.connectTimeout().toMillis(), open ? "CONNACK of " + address() : making.awaiting());
        if (open) {
            close(End.soon(text));
        } else {
            end = end == null ? End.soon(text) : end;
            making.cancel();
            ended();
        }
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
            transport.nap(gathering.napNanos(turn, packets, session.unacknowledged()));
            packets = 0;
        }
    }

    @Override
    public void becameWritable() {
        dispatch(new Event.Writable());
    }

    @Override
    public void failed(Throwable cause) {
        close(End.soon(FailureText.of(cause, address())));
    }

    @Override
    public void closed(Connection closed) {
        if (attempting && closed == connection) {
            settle();
            ended();
        }
    }

    /** The one place where an attempt or a connection is over. */
    private void ended() {
        attempting = false;
        cancelTimers();
        dial = null;
        connection = null;
        session.handle(new Event.Closed(), now());
        End why = end == null ? endedByPeer() : end;
        if (stopping || why.retry() == Retry.NEVER) {
            finish();
        } else {
            retry(why);
        }
    }

    private End endedByPeer() {
        String text = established
                ? "%s closed the connection without saying why. If this repeats: is a second gateway running with client id %s?"
                        .formatted(address(), options.clientId())
                : "%s closed the connection before CONNACK: is it an MQTT port, and one %s TLS?"
                        .formatted(address(), address().tls() ? "with" : "without");
        return End.soon(text);
    }

    private void retry(End why) {
        URI broker = broker();
        if (established) {
            backoff.lived(TimeUnit.NANOSECONDS.toMillis(nanoTime.getAsLong() - establishedAt));
        }
        failures = established ? 0 : failures + 1;
        redirect = options.followServerReference()
                ? why.serverReference().flatMap(reference -> ServerReference.first(reference, broker))
                : Optional.empty();
        if (redirect.isEmpty()) {
            // From a lost connection back to the preferred broker, from a failed attempt on to the next.
            brokerIndex =
                    established ? 0 : (brokerIndex + 1) % options.brokers().size();
        }
        long wait = wait(why.retry());
        retryTimer = transport.schedule(this::attempt, Duration.ofMillis(wait));
        Disconnected event =
                new Disconnected(broker, established, why.answer(), why.serverReference(), why.reason(), wait);
        guarded(() -> listener.disconnected(event));
    }

    /** With another broker left to try, what one has refused for good is no reason to wait long. */
    private long wait(Retry retry) {
        boolean last = brokerIndex == 0 && redirect.isEmpty();
        return switch (retry) {
            case AT_ONCE -> 0;
            case SOON, NEVER -> backoff.next();
            case SLOWLY -> last ? backoff.slow() : backoff.next();
        };
    }

    private void cancelTimers() {
        cancel(connectTimer);
        cancel(ticker);
        cancel(retryTimer);
        cancel(preferredTimer);
        if (preferred != null) {
            preferred.cancel();
            preferred = null;
        }
    }

    private static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    // ---- what the session wants

    @Override
    public boolean isWritable() {
        return connection != null && connection.isWritable();
    }

    @Override
    public void perform(Action action) {
        switch (action) {
            case Action.Write(Packet packet) -> {
                if (connection != null) {
                    connection.write(packet);
                }
            }
            case Action.Complete(var outcome, var result) -> guarded(outcome, result);
            case Action.Deliver(Publish message) -> guarded(listener::received, message);
            case Action.Answered(var to, var answer) -> guarded(to, answer);
            case Action.Established(var connected) -> established(connected);
            case Action.Wake(Duration after) -> {
                var _ = transport.schedule(() -> dispatch(new Event.Tick()), after);
            }
            case Action.Close(var retry, var answer, var serverReference, var reason) ->
                close(new End(retry, answer, serverReference, reason));
        }
    }

    private void established(ConnectionListener.Connected connected) {
        established = true;
        establishedAt = nanoTime.getAsLong();
        cancel(connectTimer);
        ticker = transport.repeat(() -> dispatch(new Event.Tick()), tickPeriod());
        lookForPreferred();
        guarded(() -> listener.connected(connected));
    }

    /** Fine enough to notice either limit soon after it has passed. */
    private Duration tickPeriod() {
        long shortest = options.ackTimeout().toMillis();
        if (!options.keepAlive().isZero()) {
            shortest = Math.min(shortest, options.keepAlive().toMillis());
        }
        return Duration.ofMillis(Math.clamp(shortest / 8, 10, 1000));
    }

    private void close(End why) {
        if (end == null) {
            end = why;
        }
        if (connection != null) {
            connection.close();
        }
    }

    // ---- the way back to the preferred broker

    private void lookForPreferred() {
        Duration period = options.transport().preferredRetry();
        if (brokerIndex > 0 && !period.isZero()) {
            preferredTimer = transport.schedule(this::dialPreferred, period);
        }
    }

    private void dialPreferred() {
        URI first = options.brokers().getFirst();
        preferred = dial(BrokerAddress.of(first), new Dial.Caller() {
            @Override
            public void initialise(Channel channel) {
                // Nothing is said: standing up is all that is asked for.
            }

            @Override
            public void opened() {
                String text = "the preferred broker can be reached again: back to " + first;
                close(new End(Retry.AT_ONCE, Optional.empty(), Optional.empty(), text));
            }

            @Override
            public void unreachable(Throwable cause) {
                lookForPreferred();
            }

            @Override
            public void failed(Throwable cause) {
                lookForPreferred();
            }
        });
        preferred.start(0);
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
        if (connection != null) {
            connection.flush();
        }
        busy = false;
    }

    // ---- callbacks

    private static void guarded(Runnable callback) {
        guarded(ignored -> callback.run(), callback);
    }

    /** A caller's exception is a bug there; the session goes on. */
    private static <T> void guarded(Consumer<? super T> callback, T value) {
        try {
            callback.accept(value);
        } catch (RuntimeException e) {
            log.error(CALLER_THREW, e);
        }
    }

    /** A caller's exception is a bug there; the session goes on. */
    private static <T> T guarded(Supplier<T> callback, T otherwise) {
        try {
            return callback.get();
        } catch (RuntimeException e) {
            log.error(CALLER_THREW, e);
            return otherwise;
        }
    }
}

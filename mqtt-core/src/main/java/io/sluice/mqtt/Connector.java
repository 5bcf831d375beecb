package io.sluice.mqtt;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.ConnectionListener.Disconnected;
import io.sluice.mqtt.MqttOptions.Will;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the session connected: makes attempts, one after the other, and carries out what the session wants. Confined to
 * thread {@code mqtt-io}, but for {@link #offer}.
 */
final class Connector implements Connection.Owner, Action.Sink {

    private static final Logger log = LoggerFactory.getLogger(Connector.class);
    private static final String CALLER_THREW = "a callback of the MQTT client threw; the client goes on";
    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);

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
    private final Session session;
    private final Handoff handoff;
    private final Backoff backoff;
    private final CompletableFuture<Void> finished = new CompletableFuture<>();

    /** In the middle of work that ends with {@link #settle}: publishes made now need no wake-up. */
    private boolean busy;

    /** Nanoseconds at the beginning of the turn. */
    private long turn;

    private boolean stopping;
    private int brokerIndex;
    /** The broker that a Server Reference named, for one attempt. */
    private Optional<URI> redirect = Optional.empty();

    private int attempts;
    private @Nullable Future<?> retryTimer;

    // valid for the attempt
    private boolean attempting;
    private String awaiting = "";
    private @Nullable Channel channel;
    private @Nullable Connection connection;
    private @Nullable Future<?> connectTimer;
    private @Nullable Future<?> ticker;
    private @Nullable End end;
    private boolean established;
    private long establishedAt;

    Connector(
            MqttOptions options,
            ConnectionListener listener,
            Transport transport,
            LongSupplier nanoTime,
            RandomGenerator random) {
        this.options = options;
        this.listener = listener;
        this.transport = transport;
        this.nanoTime = nanoTime;
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
        if (channel != null) {
            var _ = channel.close();
        }
    }

    private void finish() {
        cancelTimers();
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
        established = false;
        attempts++;
        awaiting = "the address of " + address().host();
        connectTimer = transport.schedule(this::connectTimedOut, options.connectTimeout());
        String host = address().host();
        // The JDK's resolver blocks, which mqtt-io must not.
        Thread.ofVirtual().name("mqtt-dns").start(() -> resolve(host, attempts));
    }

    private void resolve(String host, int attempt) {
        try {
            InetAddress[] found = InetAddress.getAllByName(host);
            transport.execute(() -> resolved(found[attempt % found.length], attempt));
        } catch (UnknownHostException e) {
            transport.execute(() -> {
                if (isCurrent(attempt)) {
                    ended(e);
                }
            });
        }
    }

    private boolean isCurrent(int attempt) {
        return attempting && attempt == attempts && end == null;
    }

    private void resolved(InetAddress host, int attempt) {
        if (!isCurrent(attempt)) {
            return;
        }
        awaiting = "a TCP connection to " + address();
        ChannelFuture connecting = new Bootstrap()
                .group(transport.loop())
                .channel(transport.channelType())
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int)
                        options.connectTimeout().toMillis())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(initializer())
                .connect(new InetSocketAddress(host, address().port()));
        channel = connecting.channel();
        connecting.addListener(this::connected);
    }

    private void connected(Future<? super Void> connecting) {
        if (!connecting.isSuccess()) {
            ended(connecting.cause());
        } else if (address().tls()) {
            awaiting = "the TLS handshake with " + address();
        } else {
            opened();
        }
    }

    private ChannelInitializer<Channel> initializer() {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel ch) throws SSLException {
                Connection made =
                        new Connection(ch, session.versionFor(broker()), options.maximumPacketBytes(), Connector.this);
                connection = made;
                ChannelPipeline pipeline = ch.pipeline();
                if (address().tls()) {
                    SslHandler tls = TlsContexts.handler(address(), options.tls(), ch.alloc());
                    tls.setHandshakeTimeout(0, TimeUnit.MILLISECONDS);
                    tls.handshakeFuture().addListener(handshake -> handshaken(handshake));
                    pipeline.addLast(tls);
                }
                pipeline.addLast(made);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                // Without this the reason (an unreadable certificate, say) would only be logged.
                failed(cause);
                var _ = context.close();
            }
        };
    }

    private void handshaken(Future<?> handshake) {
        if (handshake.isSuccess()) {
            opened();
        } else {
            failed(handshake.cause());
        }
    }

    private void opened() {
        awaiting = "CONNACK of " + address();
        Optional<Will> will = guarded(() -> listener.will(session.nextConnectionNumber()), Optional.empty());
        dispatch(new Event.Opened(broker(), will.or(options::will)));
    }

    private void connectTimedOut() {
        String text =
                "waited %d ms in vain for %s".formatted(options.connectTimeout().toMillis(), awaiting);
        if (channel == null) {
            end = End.soon(text);
            ended();
        } else {
            close(End.soon(text));
        }
    }

    // ---- what the connection reports

    @Override
    public void received(Packet packet) {
        beginTurn();
        session.handle(new Event.Received(packet), turn);
    }

    @Override
    public void burstEnded() {
        settle();
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

    private void ended(Throwable cause) {
        if (end == null) {
            end = End.soon(FailureText.of(cause, address()));
        }
        if (attempting) {
            ended();
        }
    }

    /** The one place where an attempt or a connection is over. */
    private void ended() {
        attempting = false;
        cancelTimers();
        channel = null;
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
        redirect = options.followServerReference()
                ? why.serverReference().flatMap(reference -> ServerReference.first(reference, broker))
                : Optional.empty();
        if (redirect.isEmpty()) {
            // From a lost connection back to the preferred broker, from a failed attempt on to the next.
            brokerIndex =
                    established ? 0 : (brokerIndex + 1) % options.brokers().size();
        }
        boolean slowly = why.retry() == Retry.SLOWLY && brokerIndex == 0 && redirect.isEmpty();
        long wait = slowly ? backoff.slow() : backoff.next();
        retryTimer = transport.schedule(this::attempt, Duration.ofMillis(wait));
        Disconnected event =
                new Disconnected(broker, established, why.answer(), why.serverReference(), why.reason(), wait);
        guarded(() -> listener.disconnected(event));
    }

    private void cancelTimers() {
        cancel(connectTimer);
        cancel(ticker);
        cancel(retryTimer);
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

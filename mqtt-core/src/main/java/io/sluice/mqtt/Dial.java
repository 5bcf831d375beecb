package io.sluice.mqtt;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.concurrent.Future;
import io.sluice.mqtt.TransportOptions.Proxy;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to stand up everything below MQTT: the name is resolved, the certificate files are read, the addresses tried one
 * after the other, then proxy, TLS and WebSocket in turn. Has no time limit of its own but for TCP. Confined to
 * {@code mqtt-io}.
 */
final class Dial {

    /** Who wants the connection. */
    interface Caller {

        /** Adds what comes above the transport. */
        void initialise(Channel channel);

        /** Everything below MQTT stands. */
        void opened();

        /** No address could be reached. Nothing follows. */
        void unreachable(Throwable cause);

        /** TCP stands, what comes above it does not; the channel is about to close. */
        void failed(Throwable cause);
    }

    /** Names to addresses; blocks. */
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    private record Step(String awaiting, Future<?> done) {}

    private static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(64 * 1024, 256 * 1024);
    private static final Duration SHORTEST_TCP_TIMEOUT = Duration.ofSeconds(1);

    private final BrokerAddress broker;
    private final Optional<Proxy> proxy;
    private final Dialler dialler;
    private final Transport transport;
    private final Caller caller;

    private final Deque<InetAddress> untried = new ArrayDeque<>();
    private final Deque<Step> steps = new ArrayDeque<>();
    private @Nullable SslContext sslContext;
    private Duration tcpTimeout;
    private String awaiting;
    private @Nullable Channel channel;
    private boolean over;

    Dial(BrokerAddress broker, Dialler dialler, Caller caller) {
        this.broker = broker;
        this.proxy = dialler.proxy();
        this.dialler = dialler;
        this.transport = dialler.transport();
        this.tcpTimeout = dialler.limit();
        this.caller = caller;
        this.awaiting = "the address of " + firstHost();
    }

    /** @param failures so far: as many addresses go to the end of the line */
    void start(int failures) {
        // The JDK's resolver and files block, which mqtt-io must not.
        Thread.ofVirtual().name("mqtt-dial").start(() -> prepare(failures));
    }

    /** Nothing is reported any more. */
    void cancel() {
        over = true;
        if (channel != null) {
            var _ = channel.close();
        }
    }

    /** What it waits for, for people. */
    String awaiting() {
        return awaiting;
    }

    private String firstHost() {
        return proxy.map(Proxy::host).orElse(broker.host());
    }

    private void prepare(int failures) {
        try {
            SslContext context = broker.tls() ? dialler.tls().current() : null;
            List<InetAddress> found = new ArrayList<>(List.of(dialler.resolver().resolve(firstHost())));
            Collections.rotate(found, -(failures % found.size()));
            transport.execute(() -> prepared(context, found));
        } catch (SSLException | UnknownHostException | RuntimeException e) {
            transport.execute(() -> unreachable(e));
        }
    }

    private void unreachable(Throwable cause) {
        if (!over) {
            over = true;
            caller.unreachable(cause);
        }
    }

    private void prepared(@Nullable SslContext context, List<InetAddress> found) {
        sslContext = context;
        untried.addAll(found);
        Duration share = dialler.limit().dividedBy(found.size());
        tcpTimeout = share.compareTo(SHORTEST_TCP_TIMEOUT) < 0 ? SHORTEST_TCP_TIMEOUT : share;
        connectNext();
    }

    private void connectNext() {
        if (over) {
            return;
        }
        InetSocketAddress first =
                new InetSocketAddress(untried.remove(), proxy.map(Proxy::port).orElse(broker.port()));
        // A proxy resolves the broker's name itself.
        InetSocketAddress target =
                proxy.isPresent() ? InetSocketAddress.createUnresolved(broker.host(), broker.port()) : first;
        awaiting = "a TCP connection to " + proxy.<Object>map(p -> "proxy " + p).orElse(broker);
        ChannelFuture connecting = new Bootstrap()
                .group(transport.loop())
                .channel(transport.channelType())
                .resolver(NoopAddressResolverGroup.INSTANCE)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) tcpTimeout.toMillis())
                .option(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
                .handler(initializer(first))
                .connect(target);
        channel = connecting.channel();
        connecting.addListener(this::tcpEnded);
    }

    private void tcpEnded(Future<? super Void> connecting) {
        if (over) {
            return;
        }
        if (connecting.isSuccess()) {
            nextStep();
        } else if (untried.isEmpty()) {
            unreachable(connecting.cause());
        } else {
            steps.clear();
            connectNext();
        }
    }

    private void nextStep() {
        if (over) {
            return;
        }
        Step step = steps.poll();
        if (step == null) {
            over = true;
            caller.opened();
            return;
        }
        awaiting = step.awaiting();
        step.done().addListener(ended -> {
            if (ended.isSuccess()) {
                nextStep();
            } else if (!over) {
                over = true;
                caller.failed(ended.cause());
                cancel();
            }
        });
    }

    private ChannelInitializer<Channel> initializer(InetSocketAddress first) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel ch) {
                proxy.ifPresent(p -> addProxy(ch, p, first));
                if (sslContext != null) {
                    SslHandler handler = dialler.tls().handler(sslContext, broker, ch.alloc());
                    ch.pipeline().addLast(handler);
                    steps.add(new Step("the TLS handshake with " + broker, handler.handshakeFuture()));
                }
                if (broker.webSocket()) {
                    Future<?> agreed = WebSocketFrames.add(ch, broker, dialler.limit());
                    steps.add(new Step("the WebSocket handshake with " + broker, agreed));
                }
                caller.initialise(ch);
            }

            @Override
            public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
                // Without this the reason would only be logged. It comes before TCP, and would be the same at every
                // address.
                unreachable(cause);
                var _ = context.close();
            }
        };
    }

    private void addProxy(Channel ch, Proxy through, InetSocketAddress address) {
        ProxyHandler handler = handler(through, address);
        // The attempt has a time limit of its own.
        handler.setConnectTimeoutMillis(0);
        ch.pipeline().addLast(handler);
        steps.add(new Step("proxy " + through + " to reach " + broker, handler.connectFuture()));
    }

    private static ProxyHandler handler(Proxy through, InetSocketAddress address) {
        String username = through.username().orElse(null);
        String password = through.password().orElse("");
        if (through.socks()) {
            return username == null
                    ? new Socks5ProxyHandler(address)
                    : new Socks5ProxyHandler(address, username, password);
        }
        return username == null ? new HttpProxyHandler(address) : new HttpProxyHandler(address, username, password);
    }
}

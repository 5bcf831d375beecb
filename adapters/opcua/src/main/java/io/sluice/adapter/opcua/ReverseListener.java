package io.sluice.adapter.opcua;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A local address at which servers connect to their client (reverse connect, Part 6 §7.1.3). It gives each connection to a
 * device that waits for its server, and holds it a while where none does. It does not know who a server is: a ReverseHello
 * proves nothing. Its methods may be called on any thread; what it owns is confined to one event loop.
 */
final class ReverseListener implements AutoCloseable {

    /**
     * How much of others it bears.
     *
     * @param patience until a connection says its ReverseHello
     * @param hold how long a connection of a known server is kept for a device that does not wait for it now
     * @param silent connections without a ReverseHello at a time; one more ends the oldest of them
     */
    record Limits(Duration patience, Duration hold, int silent) {}

    private static final Logger LOG = LoggerFactory.getLogger(ReverseListener.class);
    private static final int REMEMBERED = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final int MAX_SILENT = 32;

    private final ListenAddress address;
    private final List<AwaitedServer> servers;
    private final EventLoop loop;
    private final Limits limits;

    // Confined to the event loop.
    private final List<Waiter> waiting = new ArrayList<>();
    private final Deque<Held> held = new ArrayDeque<>();
    private final Deque<Channel> silent = new ArrayDeque<>();
    private final Set<String> told = new LinkedHashSet<>();
    private @Nullable ChannelFuture bound;
    private boolean closed;

    private record Waiter(AwaitedServer server, CompletableFuture<Channel> arrival) {}

    private record Held(ReverseHello hello, Channel channel) {}

    /** @param servers all that connections may come from */
    ReverseListener(ListenAddress address, List<AwaitedServer> servers, EventLoop loop, Limits limits) {
        this.address = address;
        this.servers = List.copyOf(servers);
        this.loop = loop;
        this.limits = limits;
    }

    /** One for each address that a plan has. */
    static List<ReverseListener> of(List<OpcUaPlan> plans, EventLoop loop, Timings timings) {
        Limits limits = new Limits(PATIENCE, timings.maxBackoff().plus(PATIENCE), MAX_SILENT);
        Map<ListenAddress, List<AwaitedServer>> servers = plans.stream()
                .filter(plan -> plan.connection().reverse().isPresent())
                .collect(Collectors.groupingBy(
                        plan -> plan.connection().reverse().orElseThrow().listen(),
                        LinkedHashMap::new,
                        Collectors.mapping(AwaitedServer::of, Collectors.toList())));
        return servers.entrySet().stream()
                .map(entry -> new ReverseListener(entry.getKey(), entry.getValue(), loop, limits))
                .toList();
    }

    ListenAddress address() {
        return address;
    }

    /**
     * The next connection of this server: the newest that is held, else the next that comes. It waits for its Hello, and ends if
     * the server says anything before. Whoever no longer wants it completes the future. Fails if the address cannot be
     * listened at; tries that anew each time.
     */
    CompletableFuture<Channel> next(AwaitedServer server) {
        CompletableFuture<Channel> arrival = new CompletableFuture<>();
        Waiter waiter = new Waiter(server, arrival);
        // A name is looked up here, not where it would keep every connection waiting.
        InetSocketAddress local = address.resolve();
        loop.execute(() -> await(waiter, local));
        return arrival;
    }

    private void await(Waiter waiter, InetSocketAddress local) {
        if (closed) {
            waiter.arrival().completeExceptionally(new CancellationException("closed"));
            return;
        }
        waiting.add(waiter);
        var _ = waiter.arrival().whenComplete((_, _) -> forget(waiter));
        bind(local).addListener(done -> {
            if (!done.isSuccess()) {
                waiter.arrival().completeExceptionally(done.cause());
            }
        });
        heldFor(waiter.server()).ifPresent(connection -> {
            if (waiter.arrival().complete(connection.channel())) {
                held.remove(connection);
            }
        });
    }

    private void forget(Waiter waiter) {
        if (loop.inEventLoop()) {
            waiting.remove(waiter);
        } else {
            loop.execute(() -> waiting.remove(waiter));
        }
    }

    private Optional<Held> heldFor(AwaitedServer server) {
        return held.reversed().stream()
                .filter(connection -> connection.channel().isActive() && server.isMeantBy(connection.hello()))
                .findFirst();
    }

    private ChannelFuture bind(InetSocketAddress local) {
        @Nullable ChannelFuture current = bound;
        if (current != null && (!current.isDone() || current.channel().isActive())) {
            return current;
        }
        ChannelFuture attempt = new ServerBootstrap()
                .group(loop)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<SocketChannel>() {
                    @Override
                    protected void initChannel(SocketChannel channel) {
                        accepted(channel);
                    }
                })
                .bind(local);
        attempt.addListener(done -> {
            if (done.isSuccess()) {
                LOG.info("listening at {} for OPC UA servers that connect to their client: {}", address, expected());
            }
        });
        bound = attempt;
        return attempt;
    }

    private String expected() {
        return servers.stream()
                .map(server -> server.endpoint() + " (" + server.device()
                        + server.serverUri().map(uri -> ", " + uri).orElse("") + ")")
                .collect(Collectors.joining(", "));
    }

    private void accepted(Channel channel) {
        if (silent.size() >= limits.silent()) {
            silent.getFirst().close();
        }
        silent.addLast(channel);
        channel.closeFuture().addListener(_ -> {
            silent.remove(channel);
            held.removeIf(connection -> connection.channel() == channel);
        });
        channel.pipeline().addLast(new ReverseHelloHandler(this, limits.patience()));
    }

    /** On the event loop: a connection has said its ReverseHello. */
    void arrived(Channel channel, ReverseHello hello) {
        silent.remove(channel);
        List<AwaitedServer> meant =
                servers.stream().filter(server -> server.isMeantBy(hello)).toList();
        if (meant.isEmpty()) {
            tellOnce(
                    hello.toString(),
                    "a server that connected from " + host(channel) + " says that it is " + hello
                            + ". No device is for that, it was closed. Expected here: " + expected());
            ReverseHelloHandler.refuse(
                    channel, StatusCodes.Bad_TcpEndpointUrlInvalid, "no device is configured for this server");
            return;
        }
        // The one that is served leaves the list while it is gone through.
        for (Waiter waiter : List.copyOf(waiting)) {
            if (waiter.server().isMeantBy(hello) && waiter.arrival().complete(channel)) {
                return;
            }
        }
        hold(new Held(hello, channel), meant);
    }

    /** One for each device that it may be for; another one takes the place of the oldest. */
    private void hold(Held connection, List<AwaitedServer> meant) {
        List<Held> others = held.stream()
                .filter(other -> meant.stream().anyMatch(server -> server.isMeantBy(other.hello())))
                .toList();
        if (others.size() >= meant.size()) {
            others.getFirst().channel().close();
        }
        held.addLast(connection);
        var _ = loop.schedule(() -> expire(connection), limits.hold().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void expire(Held connection) {
        if (held.contains(connection)) {
            LOG.debug("{}: no device has taken the connection of {}", address, connection.hello());
            connection.channel().close();
        }
    }

    /** On the event loop: a connection was refused for what it said, or did not say. */
    void malformed(Channel channel, String reason) {
        tellOnce(
                host(channel),
                "a connection from " + host(channel) + " was closed, for it is no OPC UA server that"
                        + " connects to its client: " + reason);
    }

    private static String host(Channel channel) {
        return channel.remoteAddress() instanceof InetSocketAddress peer ? peer.getHostString() : "somewhere";
    }

    /** Servers try again for ever. */
    private void tellOnce(String what, String message) {
        if (told.add(what)) {
            LOG.warn("{}: {}", address, message);
        }
        if (told.size() > REMEMBERED) {
            told.remove(told.iterator().next());
        }
    }

    /** Closes the port and what is held, and fails whoever waits. Connections that were taken stay. Waits a moment for the port. */
    @Override
    public void close() {
        var _ = loop.submit(this::end).awaitUninterruptibly(1, TimeUnit.SECONDS);
    }

    private void end() {
        closed = true;
        @Nullable ChannelFuture current = bound;
        if (current != null) {
            current.channel().close();
        }
        List.copyOf(silent).forEach(Channel::close);
        List.copyOf(held).forEach(connection -> connection.channel().close());
        List.copyOf(waiting).forEach(waiter -> waiter.arrival().cancel(false));
    }
}

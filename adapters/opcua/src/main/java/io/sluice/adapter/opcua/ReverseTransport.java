package io.sluice.adapter.opcua;

import com.digitalpetri.fsm.FsmContext;
import com.digitalpetri.netty.fsm.ChannelActions;
import com.digitalpetri.netty.fsm.ChannelFsm;
import com.digitalpetri.netty.fsm.ChannelFsmConfig;
import com.digitalpetri.netty.fsm.ChannelFsmFactory;
import com.digitalpetri.netty.fsm.Event;
import com.digitalpetri.netty.fsm.State;
import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.types.builtin.DateTime;
import org.eclipse.milo.opcua.stack.core.types.builtin.NodeId;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.core.types.structured.CloseSecureChannelRequest;
import org.eclipse.milo.opcua.stack.core.types.structured.RequestHeader;
import org.eclipse.milo.opcua.stack.core.util.Unit;
import org.eclipse.milo.opcua.stack.transport.client.ClientApplicationContext;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransport;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfig;
import org.eclipse.milo.opcua.stack.transport.client.uasc.ClientSecureChannel;
import org.eclipse.milo.opcua.stack.transport.client.uasc.InboundUascResponseHandler.DelegatingUascResponseHandler;
import org.eclipse.milo.opcua.stack.transport.client.uasc.UascClientAcknowledgeHandler;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of connections that the server opens. Each time the library wants to connect, it takes the server's next
 * connection from a {@link ReverseListener}, for no longer than the connect timeout, and from the Hello on all is as
 * usual. It is a subclass only since the library learns from no other class that a connection has ended; of its parent's own way to
 * connect nothing is used.
 */
final class ReverseTransport extends OpcTcpClientTransport {

    private static final int LONGEST_PAUSE_SECONDS = 1;
    private static final int FAREWELL_SECONDS = 1;

    private final OpcTcpClientTransportConfig config;
    private final ReverseListener listener;
    private final AwaitedServer server;
    private final ChannelFsm channels;
    private final CompletableFuture<Unit> begun = new CompletableFuture<>();
    private volatile @Nullable ClientApplicationContext application;
    private volatile @Nullable CompletableFuture<Channel> arrival;
    private volatile boolean arrived;
    private volatile boolean stopped;

    ReverseTransport(OpcTcpClientTransportConfig config, ReverseListener listener, AwaitedServer server) {
        super(config);
        this.config = config;
        this.listener = listener;
        this.server = server;
        this.channels = ChannelFsmFactory.newChannelFsm(ChannelFsmConfig.newBuilder()
                .setLazy(false)
                .setMaxIdleSeconds(0)
                .setMaxReconnectDelaySeconds(LONGEST_PAUSE_SECONDS)
                .setPersistent(true)
                .setChannelActions(new Connections())
                .setExecutor(config.getExecutor())
                .setScheduler(config.getScheduledExecutor())
                .build());
    }

    @Override
    public ChannelFsm getChannelFsm() {
        return channels;
    }

    @Override
    protected CompletableFuture<Channel> getChannel() {
        return channels.getChannel();
    }

    @Override
    public CompletableFuture<Unit> connect(ClientApplicationContext client) {
        application = client;
        var _ = channels.connect().whenComplete((_, failure) -> finish(failure));
        return begun;
    }

    /** The state machine would go on with the server's next connection, and not tell of the first that failed. */
    private void finish(@Nullable Throwable failure) {
        if (failure == null) {
            begun.complete(Unit.VALUE);
        } else {
            begun.completeExceptionally(failure);
        }
    }

    /** Any thread. Whether the server has ever connected for this client. */
    boolean arrived() {
        return arrived;
    }

    /** Any thread. Takes no connection any more: the next one is for another client. One that stands stays. */
    void stopWaiting() {
        stopped = true;
        @Nullable CompletableFuture<Channel> current = arrival;
        if (current != null) {
            current.cancel(false);
        }
    }

    @Override
    public CompletableFuture<Unit> disconnect() {
        stopWaiting();
        return channels.disconnect().thenApply(_ -> Unit.VALUE);
    }

    private final class Connections implements ChannelActions {

        @Override
        public CompletableFuture<Channel> connect(FsmContext<State, Event> context) {
            CompletableFuture<ClientSecureChannel> handshake = new CompletableFuture<>();
            CompletableFuture<Channel> next = listener.next(server);
            arrival = next;
            if (stopped) {
                next.cancel(false);
            }
            var _ = next.orTimeout(config.getConnectTimeout().longValue(), TimeUnit.MILLISECONDS)
                    .whenComplete((channel, failure) -> {
                        if (failure == null) {
                            arrived = true;
                            channel.eventLoop().execute(() -> begin(channel, handshake));
                        } else {
                            handshake.completeExceptionally(failure);
                        }
                    });
            return handshake.thenApply(ClientSecureChannel::getChannel).whenComplete((_, failure) -> {
                if (failure != null) {
                    finish(failure);
                }
            });
        }

        /** As after a connection of one's own, with the Hello. */
        private void begin(Channel channel, CompletableFuture<ClientSecureChannel> handshake) {
            channel.closeFuture()
                    .addListener(_ -> handshake.completeExceptionally(new UaException(
                            StatusCodes.Bad_ConnectionClosed, "the server closed the connection that it had opened")));
            if (!channel.isActive()) {
                return;
            }
            channel.pipeline().remove(ReverseHelloHandler.class);
            channel.pipeline().addLast(new DelegatingUascResponseHandler(ReverseTransport.this));
            channel.pipeline()
                    .addLast(new UascClientAcknowledgeHandler(
                            config, Objects.requireNonNull(application), requestId::getAndIncrement, handshake));
        }

        @Override
        public CompletableFuture<Void> disconnect(FsmContext<State, Event> context, Channel channel) {
            CompletableFuture<Void> ended = new CompletableFuture<>();
            Future<?> limit = channel.eventLoop().schedule(() -> channel.close(), FAREWELL_SECONDS, TimeUnit.SECONDS);
            channel.closeFuture().addListener(_ -> {
                limit.cancel(false);
                ended.complete(null);
            });
            channel.pipeline()
                    .fireUserEventTriggered(new CloseSecureChannelRequest(new RequestHeader(
                            NodeId.NULL_VALUE,
                            DateTime.now(),
                            UInteger.valueOf(0),
                            UInteger.valueOf(0),
                            null,
                            UInteger.valueOf(0),
                            null)));
            return ended;
        }
    }
}

package io.sluice.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.CorruptedFrameException;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler.ClientHandshakeStateEvent;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.time.Duration;

/** MQTT's bytes in binary frames of a WebSocket (MQTT 5 §6): frames and packets need not begin or end together. */
final class WebSocketFrames extends ChannelDuplexHandler {

    /** [MQTT-6.0.0-3]. */
    private static final String SUBPROTOCOL = "mqtt";

    /** A frame may hold many packets; this bounds what is gathered before the first of them is looked at. */
    private static final int MAXIMUM_FRAME_BYTES = 16 << 20;

    private static final int MAXIMUM_ANSWER_BYTES = 64 << 10;

    private final Promise<Channel> handshake;

    private WebSocketFrames(Promise<Channel> handshake) {
        this.handshake = handshake;
    }

    /** @return done when the broker has agreed */
    static Future<Channel> add(Channel channel, BrokerAddress broker, Duration limit) {
        Promise<Channel> handshake = channel.eventLoop().newPromise();
        WebSocketClientProtocolConfig config = WebSocketClientProtocolConfig.newBuilder()
                .webSocketUri(broker.uri())
                .version(WebSocketVersion.V13)
                .subprotocol(SUBPROTOCOL)
                .maxFramePayloadLength(MAXIMUM_FRAME_BYTES)
                .handshakeTimeoutMillis(limit.toMillis())
                .build();
        channel.pipeline()
                .addLast(
                        new HttpClientCodec(),
                        new HttpObjectAggregator(MAXIMUM_ANSWER_BYTES),
                        new WebSocketClientProtocolHandler(config),
                        new WebSocketFrames(handshake));
        return handshake;
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event == ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
            handshake.trySuccess(context.channel());
        }
        context.fireUserEventTriggered(event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (!handshake.tryFailure(cause)) {
            context.fireExceptionCaught(cause);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        switch (message) {
            case BinaryWebSocketFrame frame -> context.fireChannelRead(frame.content());
            case ContinuationWebSocketFrame frame -> context.fireChannelRead(frame.content());
            case WebSocketFrame frame -> {
                frame.release();
                // [MQTT-6.0.0-1]
                throw new CorruptedFrameException("the broker sent a WebSocket frame that is not binary");
            }
            default -> ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        context.write(message instanceof ByteBuf bytes ? new BinaryWebSocketFrame(bytes) : message, promise);
    }
}

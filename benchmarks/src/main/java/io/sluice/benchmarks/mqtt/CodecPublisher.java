package io.sluice.benchmarks.mqtt;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.mqtt.MqttDecoder;
import io.netty.handler.codec.mqtt.MqttEncoder;
import io.netty.handler.codec.mqtt.MqttFixedHeader;
import io.netty.handler.codec.mqtt.MqttMessage;
import io.netty.handler.codec.mqtt.MqttMessageBuilders;
import io.netty.handler.codec.mqtt.MqttMessageType;
import io.netty.handler.codec.mqtt.MqttPublishMessage;
import io.netty.handler.codec.mqtt.MqttPublishVariableHeader;
import io.netty.handler.codec.mqtt.MqttQoS;
import io.netty.handler.codec.mqtt.MqttVersion;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Netty and its MQTT codec alone, as most would begin: no session, nothing kept for resending, no timeout. */
final class CodecPublisher extends ChannelInboundHandlerAdapter implements Publisher {

    private static final int MAXIMUM_PACKET_BYTES = 1 << 20;
    private static final int LAST_IDENTIFIER = 65_535;

    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final byte[] payload;
    private final Runnable acknowledged;
    private final NettyLink link;
    private @Nullable ChannelHandlerContext context;
    private int identifier;

    CodecPublisher(int port, byte[] payload, Runnable acknowledged) throws InterruptedException {
        this.payload = payload;
        this.acknowledged = acknowledged;
        this.link = new NettyLink(port, new MqttDecoder(MAXIMUM_PACKET_BYTES), MqttEncoder.INSTANCE, this);
        connected.join();
    }

    @Override
    public void channelActive(ChannelHandlerContext opened) {
        context = opened;
        opened.writeAndFlush(
                MqttMessageBuilders.connect()
                        .clientId("codec")
                        .protocolVersion(MqttVersion.MQTT_5)
                        .build(),
                opened.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        MqttMessageType type = ((MqttMessage) message).fixedHeader().messageType();
        if (type == MqttMessageType.CONNACK) {
            connected.complete(null);
        } else if (type == MqttMessageType.PUBACK) {
            acknowledged.run();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        from.flush();
    }

    @Override
    public void publish() {
        link.onThread(this::write);
    }

    private void write() {
        ChannelHandlerContext to = Objects.requireNonNull(context);
        identifier = identifier == LAST_IDENTIFIER ? 1 : identifier + 1;
        to.write(
                new MqttPublishMessage(
                        new MqttFixedHeader(MqttMessageType.PUBLISH, false, MqttQoS.AT_LEAST_ONCE, false, 0),
                        new MqttPublishVariableHeader(TOPIC, identifier),
                        Unpooled.wrappedBuffer(payload)),
                to.voidPromise());
    }

    @Override
    public void close() throws InterruptedException {
        link.close();
    }
}

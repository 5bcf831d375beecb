package io.sluice.benchmarks.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.CharsetUtil;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Netty alone, as lean as it goes: the bytes of each PUBLISH are put one after the other into one buffer per burst; of what comes
 * back the packets are counted. No session, no queue, nothing kept for resending, no timeout, nothing checked, no properties.
 */
final class BarePublisher extends ChannelInboundHandlerAdapter implements Publisher {

    private static final int PUBLISH_QOS_1 = 0x32;
    private static final int CONNACK = 0x20;
    private static final int LAST_IDENTIFIER = 65_535;
    private static final int BATCH_BYTES = 16 * 1024;

    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final Runnable acknowledged;
    private final byte[] payload;
    private final int remainingLength;
    private final NettyLink link;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf batch;
    private @Nullable ByteBuf unread;
    private int identifier;

    BarePublisher(int port, byte[] payload, Runnable acknowledged) throws InterruptedException {
        this.acknowledged = acknowledged;
        this.payload = payload;
        this.remainingLength = 2 + TOPIC.length() + 3 + payload.length;
        this.link = new NettyLink(port, this);
        connected.join();
    }

    @Override
    public void channelActive(ChannelHandlerContext opened) {
        context = opened;
        ByteBuf connect = Unpooled.buffer();
        connect.writeByte(0x10).writeByte(17).writeShort(4).writeCharSequence("MQTT", CharsetUtil.US_ASCII);
        connect.writeByte(5).writeByte(2).writeShort(0).writeByte(0);
        connect.writeShort(4).writeCharSequence("bare", CharsetUtil.US_ASCII);
        opened.writeAndFlush(connect, opened.voidPromise());
    }

    @Override
    public void channelRead(ChannelHandlerContext from, Object message) {
        ByteBuf bytes = (ByteBuf) message;
        if (unread != null) {
            bytes = Unpooled.wrappedBuffer(unread, bytes);
            unread = null;
        }
        while (bytes.readableBytes() >= 2 && bytes.readableBytes() >= 2 + bytes.getByte(bytes.readerIndex() + 1)) {
            take(bytes);
        }
        if (bytes.isReadable()) {
            unread = bytes;
        } else {
            bytes.release();
        }
    }

    private void take(ByteBuf bytes) {
        int type = bytes.readUnsignedByte();
        bytes.skipBytes(bytes.readByte());
        if (type == CONNACK) {
            connected.complete(null);
        } else {
            acknowledged.run();
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        writeBatch(from);
        from.flush();
    }

    @Override
    public void publish() {
        link.onThread(this::write);
    }

    private void write() {
        ByteBuf to = room(3 + remainingLength);
        identifier = identifier == LAST_IDENTIFIER ? 1 : identifier + 1;
        to.writeByte(PUBLISH_QOS_1).writeByte(remainingLength & 0x7F | 0x80).writeByte(remainingLength >> 7);
        to.writeShort(TOPIC.length());
        ByteBufUtil.writeUtf8(to, TOPIC);
        to.writeShort(identifier).writeByte(0).writeBytes(payload);
    }

    private ByteBuf room(int bytes) {
        ChannelHandlerContext to = Objects.requireNonNull(context);
        if (batch != null && batch.writableBytes() < bytes) {
            writeBatch(to);
        }
        if (batch == null) {
            batch = to.alloc().ioBuffer(BATCH_BYTES);
        }
        return batch;
    }

    private void writeBatch(ChannelHandlerContext to) {
        if (batch != null) {
            to.write(batch, to.voidPromise());
            batch = null;
        }
    }

    @Override
    public void close() throws InterruptedException {
        link.close();
    }
}

package io.sluice.mqtt;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.util.ReferenceCountUtil;
import io.sluice.mqtt.MqttOptions.Version;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * One transport connection: bytes in become events, what the session writes becomes bytes. Publishes of one burst are
 * gathered in one buffer, which goes out with one flush. Confined to thread {@code mqtt-io}.
 */
final class Connection extends ChannelInboundHandlerAdapter {

    /** What it reports to. */
    interface Owner {

        void received(Packet packet);

        /** Everything that had arrived was reported. */
        void burstEnded();

        void becameWritable();

        /** Ends the connection. */
        void failed(Throwable cause);

        void closed(Connection connection);
    }

    private static final int BATCH_BYTES = 16 * 1024;

    /** A payload up to this size is copied into the batch, which is cheaper than a buffer of its own. */
    private static final int COPIED_BYTES = 4 * 1024;

    /** Enough for an acknowledgement; a longer packet makes the batch grow. */
    private static final int SMALL_BYTES = 16;

    /**
     * Far more than the answers to the 65,535 messages that a broker may have under way, and than all requests. Messages are
     * only written while the transport takes them, so that beside the last of them nothing else piles up.
     */
    private static final int MOST_UNREAD_BYTES = 8 << 20;

    private final Owner owner;
    private final PacketEncoder encoder;
    private final PacketDecoder decoder;
    private final Channel channel;
    private @Nullable ByteBuf batch;
    /** The beginning of a packet whose end has not come yet. */
    private @Nullable ByteBuf unread;

    private boolean written;
    private int largestPayloadBytes;

    /** @param maximumPacketBytes largest packet that the broker may send */
    Connection(Channel channel, Version version, long maximumPacketBytes, Owner owner) {
        this.channel = channel;
        this.owner = owner;
        this.encoder = new PacketEncoder(version);
        this.decoder = new PacketDecoder(version, maximumPacketBytes);
    }

    boolean isWritable() {
        return channel.isWritable();
    }

    /** After a flush: the transport did not take all of it. */
    boolean hasUnsent() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        return waiting != null && !waiting.isEmpty();
    }

    void write(Packet packet) {
        written = true;
        if (packet instanceof Packet.Pub publish) {
            writePublish(publish);
        } else {
            encoder.write(packet, room(SMALL_BYTES));
        }
    }

    /** A failed write comes back as {@link #exceptionCaught}. */
    private void toChannel(Object message) {
        var _ = channel.write(message, channel.voidPromise());
    }

    private void writePublish(Packet.Pub packet) {
        byte[] payload = packet.message().payload();
        boolean copied = payload.length <= COPIED_BYTES;
        ByteBuf buffer = room(encoder.headerBound(packet.message()) + (copied ? payload.length : 0));
        encoder.writePublishHeader(packet, buffer);
        if (copied) {
            buffer.writeBytes(payload);
        } else {
            largestPayloadBytes = Math.max(largestPayloadBytes, payload.length);
            writeBatch();
            toChannel(Unpooled.wrappedBuffer(payload));
        }
    }

    private ByteBuf room(int bytes) {
        if (batch != null && batch.writableBytes() < bytes) {
            writeBatch();
        }
        if (batch == null) {
            batch = channel.alloc().ioBuffer(Math.max(BATCH_BYTES, bytes));
        }
        return batch;
    }

    private void writeBatch() {
        if (batch != null) {
            ByteBuf full = batch;
            batch = null;
            toChannel(full);
        }
    }

    void flush() {
        if (written) {
            written = false;
            writeBatch();
            channel.flush();
            requireReader();
        }
    }

    /** A broker that sends and sends, and never reads what it is answered, would fill the memory. */
    private void requireReader() {
        ChannelOutboundBuffer waiting = channel.unsafe().outboundBuffer();
        if (waiting != null && waiting.totalPendingWriteBytes() > (long) MOST_UNREAD_BYTES + largestPayloadBytes) {
            owner.failed(new IOException("it does not read what it is sent"));
        }
    }

    /** Ends the connection after what was written. */
    void close() {
        flush();
        var _ = channel.close();
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            read(joined(bytes));
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    private ByteBuf joined(ByteBuf bytes) {
        ByteBuf before = unread;
        unread = null;
        return before == null ? bytes : ByteToMessageDecoder.MERGE_CUMULATOR.cumulate(channel.alloc(), before, bytes);
    }

    private void read(ByteBuf bytes) {
        try {
            for (Packet packet = decoder.next(bytes); packet != null; packet = decoder.next(bytes)) {
                owner.received(packet);
            }
        } finally {
            if (bytes.isReadable() && channel.isActive()) {
                unread = bytes;
            } else {
                bytes.release();
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        owner.burstEnded();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
        if (channel.isWritable()) {
            owner.becameWritable();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        owner.failed(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        release(batch);
        release(unread);
        batch = null;
        unread = null;
        owner.closed(this);
    }

    private static void release(@Nullable ByteBuf buffer) {
        if (buffer != null) {
            buffer.release();
        }
    }
}

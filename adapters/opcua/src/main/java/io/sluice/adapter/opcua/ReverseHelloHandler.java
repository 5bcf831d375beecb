package io.sluice.adapter.opcua;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.stack.core.StatusCodes;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.eclipse.milo.opcua.stack.core.channel.messages.ErrorMessage;
import org.eclipse.milo.opcua.stack.core.channel.messages.TcpMessageEncoder;

/**
 * Reads the one ReverseHello of a connection. Until it is removed, whatever comes behind it ends the connection: the client
 * is to speak next (Part 6 §7.1.3).
 */
final class ReverseHelloHandler extends ByteToMessageDecoder {

    private enum State {
        SILENT,
        HEARD,
        REFUSED
    }

    private final ReverseListener listener;
    private final Duration patience;
    private State state = State.SILENT;

    /** @param patience how long the ReverseHello may take */
    ReverseHelloHandler(ReverseListener listener, Duration patience) {
        this.listener = listener;
        this.patience = patience;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        var _ = context.executor().schedule(() -> checkHeard(context), patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void checkHeard(ChannelHandlerContext context) {
        if (state == State.SILENT && context.channel().isActive()) {
            fail(context, StatusCodes.Bad_Timeout, "no ReverseHello within " + patience.toMillis() + " ms");
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
        try {
            switch (state) {
                case SILENT -> hear(context, in);
                case HEARD -> throw impatient();
                case REFUSED -> in.skipBytes(in.readableBytes());
            }
        } catch (ReverseHello.Malformed e) {
            in.skipBytes(in.readableBytes());
            fail(context, e.status(), String.valueOf(e.getMessage()));
        }
    }

    private void hear(ChannelHandlerContext context, ByteBuf in) throws ReverseHello.Malformed {
        Optional<ReverseHello> hello = ReverseHello.decode(in);
        if (hello.isEmpty()) {
            return;
        }
        if (in.isReadable()) {
            throw impatient();
        }
        state = State.HEARD;
        listener.arrived(context.channel(), hello.get());
    }

    private static ReverseHello.Malformed impatient() {
        return new ReverseHello.Malformed(
                StatusCodes.Bad_TcpMessageTypeInvalid, "it did not wait for an answer to its ReverseHello");
    }

    private void fail(ChannelHandlerContext context, long status, String reason) {
        state = State.REFUSED;
        listener.malformed(context.channel(), reason);
        refuse(context.channel(), status, reason);
    }

    /** Says why, then closes. */
    static void refuse(Channel channel, long status, String reason) {
        try {
            channel.writeAndFlush(TcpMessageEncoder.encode(new ErrorMessage(status, reason)))
                    .addListener(ChannelFutureListener.CLOSE);
        } catch (UaException e) {
            channel.close();
        }
    }

    /** The connection broke; there is nobody to tell. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        context.close();
    }
}

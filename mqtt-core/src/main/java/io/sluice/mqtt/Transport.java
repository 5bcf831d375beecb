package io.sluice.mqtt;

import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollEventLoopGroup;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread {@code mqtt-io} and its sockets: native epoll where its library is present, else the JDK's. */
final class Transport {

    private static final Logger log = LoggerFactory.getLogger(Transport.class);

    private final EventLoopGroup group;
    private final Class<? extends SocketChannel> channelType;

    Transport() {
        ThreadFactory threads = task -> {
            Thread thread = new FastThreadLocalThread(task, "mqtt-io");
            thread.setDaemon(true);
            return thread;
        };
        boolean epoll = Epoll.isAvailable();
        log.debug("mqtt-io uses {}", epoll ? "native epoll" : "the JDK's sockets: " + Epoll.unavailabilityCause());
        group = epoll ? new EpollEventLoopGroup(1, threads) : new NioEventLoopGroup(1, threads);
        channelType = epoll ? EpollSocketChannel.class : NioSocketChannel.class;
    }

    EventLoop loop() {
        return group.next();
    }

    Class<? extends SocketChannel> channelType() {
        return channelType;
    }

    /** Runs the task on the thread, or not at all once the client has ended: nothing is left to be done then. */
    void execute(Runnable task) {
        try {
            group.execute(task);
        } catch (RejectedExecutionException e) {
            if (!group.isShuttingDown()) {
                throw e;
            }
        }
    }

    Future<?> schedule(Runnable task, Duration delay) {
        return group.schedule(task, delay.toNanos(), TimeUnit.NANOSECONDS);
    }

    Future<?> repeat(Runnable task, Duration period) {
        return group.scheduleAtFixedRate(task, period.toMillis(), period.toMillis(), TimeUnit.MILLISECONDS);
    }

    static void cancel(@Nullable Future<?> timer) {
        if (timer != null) {
            timer.cancel(false);
        }
    }

    /** On the thread itself: leaves everything alone for about as long. */
    void nap(long nanos) {
        if (nanos > 0) {
            LockSupport.parkNanos(this, nanos);
        }
    }

    void shutdown() {
        var _ = group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}

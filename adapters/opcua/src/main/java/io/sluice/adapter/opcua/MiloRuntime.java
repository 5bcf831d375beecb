package io.sluice.adapter.opcua;

import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.util.HashedWheelTimer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.milo.opcua.stack.core.types.builtin.unsigned.UInteger;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfig;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransportConfigBuilder;

/**
 * The threads that all connections share: {@code opcua-io} for the sockets, {@code opcua-timer} and {@code opcua-schedule}
 * for time, and virtual threads for callbacks, some of which the library blocks in.
 */
final class MiloRuntime implements AutoCloseable {

    private final NioEventLoopGroup io = new NioEventLoopGroup(1, new DefaultThreadFactory("opcua-io", true));
    private final HashedWheelTimer timer = new HashedWheelTimer(new DefaultThreadFactory("opcua-timer", true));
    private final ScheduledThreadPoolExecutor schedule =
            new ScheduledThreadPoolExecutor(1, new DefaultThreadFactory("opcua-schedule", true));
    private final ExecutorService callbacks = Executors.newThreadPerTaskExecutor(
            Thread.ofVirtual().name("opcua-callback-", 0).factory());

    MiloRuntime() {
        // Every notification message starts the watchdog of its Subscription anew.
        schedule.setRemoveOnCancelPolicy(true);
    }

    OpcTcpClientTransportConfig transport(Duration timeout) {
        return new OpcTcpClientTransportConfigBuilder()
                .setEventLoop(io)
                .setWheelTimer(timer)
                .setScheduledExecutor(schedule)
                .setExecutor(callbacks)
                .setConnectTimeout(UInteger.valueOf(timeout.toMillis()))
                .setAcknowledgeTimeout(UInteger.valueOf(timeout.toMillis()))
                .build();
    }

    /** For an address at which servers connect. */
    EventLoop loop() {
        return io.next();
    }

    /** Calls it again and again, until it is closed. It must not wait. */
    void every(Duration interval, Runnable work) {
        var _ = schedule.scheduleAtFixedRate(work, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        schedule.shutdownNow();
        timer.stop();
        var _ = io.shutdownGracefully(0, 100, TimeUnit.MILLISECONDS);
        // Not the callbacks: the library has some left for its own end, and threads of their own end with them.
    }
}

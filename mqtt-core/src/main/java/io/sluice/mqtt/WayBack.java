package io.sluice.mqtt;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The way back to the preferred broker: while another one serves, looks now and then whether everything below MQTT can be
 * stood up with it again. Does not say CONNECT, which would take the session over; one that can be reached and then refuses
 * the session is gone back to less and less often, since each try costs the connection that serves. Confined to
 * {@code mqtt-io}.
 */
final class WayBack {

    /** Of the wait between two looks, unless the period itself is longer. */
    private static final Duration LONGEST = Duration.ofHours(1);

    private final BrokerAddress preferred;
    private final Duration period;
    private final Dialler dialler;
    private final Transport transport;
    private final Runnable found;

    private @Nullable Future<?> timer;
    private @Nullable Dial dial;
    private Duration wait;

    /**
     * @param period between two looks, doubled by each one that was in vain; zero: it never looks
     * @param found called once after {@link #look}, if the preferred broker can be reached
     */
    WayBack(BrokerAddress preferred, Duration period, Dialler dialler, Runnable found) {
        this.preferred = preferred;
        this.period = period;
        this.wait = period;
        this.dialler = dialler;
        this.transport = dialler.transport();
        this.found = found;
    }

    /** Looks until it has found or {@link #stop} is called. */
    void look() {
        stop();
        if (!period.isZero()) {
            timer = transport.schedule(this::dial, wait);
        }
    }

    /** The preferred broker has taken the session: the next look is one period after the loss of it. */
    void arrived() {
        stop();
        wait = period;
    }

    void stop() {
        Transport.cancel(timer);
        timer = null;
        if (dial != null) {
            dial.cancel();
            dial = null;
        }
    }

    private void dial() {
        // A broker or a proxy that takes the connection and says nothing would be waited for until this one is lost.
        timer = transport.schedule(this::look, dialler.limit());
        dial = dialler.dial(preferred, new Dial.Caller() {
            @Override
            public void initialise(Channel channel) {
                channel.pipeline().addLast(new Deaf());
            }

            @Override
            public void opened() {
                stop();
                wait = longer();
                found.run();
            }

            @Override
            public void unreachable(Throwable cause) {
                lookAsBefore();
            }

            @Override
            public void failed(Throwable cause) {
                lookAsBefore();
            }
        });
        dial.start(0);
    }

    private Duration longer() {
        Duration longest = period.compareTo(LONGEST) > 0 ? period : LONGEST;
        Duration twice = wait.multipliedBy(2);
        return twice.compareTo(longest) > 0 ? longest : twice;
    }

    /** What refused the session is gone: what comes after it may take it. */
    private void lookAsBefore() {
        wait = period;
        look();
    }

    /** What goes wrong is told by the dial; the end of the pipeline would log it as well. */
    private static final class Deaf extends ChannelInboundHandlerAdapter {

        @Override
        public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
            var _ = context.close();
        }
    }
}

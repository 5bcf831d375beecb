package io.sluice.adapter.opcua;

import io.netty.channel.Channel;
import io.sluice.adapter.SampleQueue;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.transport.client.tcp.OpcTcpClientTransport;
import org.jspecify.annotations.Nullable;

/**
 * Whether one Session is interrupted, since when, and what follows from it: the library makes the connection anew, the device
 * is told offline after a grace, and at last the Session is given up. It does not resume anything itself. Times are those of
 * {@link System#nanoTime} where nothing else is said. Confined to the thread of its {@link DeviceLink}.
 */
final class Interruption {

    private final OpcUaClient client;
    private final String endpoint;
    private final Timings timings;
    private final Delivery delivery;
    private final SampleQueue samples;
    private @Nullable Channel channel;
    private @Nullable Current current;

    /**
     * @param lastHeardNanos UTC
     * @param told whether the device has been reported offline
     */
    private record Current(long sinceNanos, long lastHeardNanos, boolean told) {

        private Current asTold() {
            return new Current(sinceNanos, lastHeardNanos, true);
        }
    }

    Interruption(OpcUaClient client, String endpoint, Timings timings, Delivery delivery, SampleQueue samples) {
        this.client = client;
        this.endpoint = endpoint;
        this.timings = timings;
        this.delivery = delivery;
        this.samples = samples;
    }

    boolean lasts() {
        return current != null;
    }

    /** The Session does not answer. */
    void begin() {
        if (current == null) {
            current = new Current(System.nanoTime(), delivery.lastHeardNanos(), false);
            abandonChannel();
        }
    }

    /**
     * The Session works, over the connection of now.
     *
     * @return whether the device has been reported offline meanwhile
     */
    boolean end() {
        @Nullable Current ended = current;
        current = null;
        rememberChannel();
        return ended != null && ended.told();
    }

    private void rememberChannel() {
        if (client.getTransport() instanceof OpcTcpClientTransport transport) {
            channel = transport.getChannelFsm().getChannel().getNow(null);
        }
    }

    /**
     * After a request without an answer the library would go on using the same TCP connection. Closing it makes it connect
     * anew and activate the same Session there. Only the channel of the time before is closed: there may be a new one.
     */
    void abandonChannel() {
        @Nullable Channel abandoned = channel;
        channel = null;
        if (abandoned != null) {
            var _ = abandoned.close();
        }
    }

    /** Nanoseconds until {@link #run} has to do something, while it lasts. */
    long untilNext(long now) {
        @Nullable Current lasting = current;
        if (lasting == null) {
            return Agenda.NEVER;
        }
        Duration next = lasting.told() ? timings.resume() : timings.grace();
        return Math.max(0, lasting.sinceNanos() + next.toNanos() - now);
    }

    /**
     * Tells what is due.
     *
     * @return why the Session is of no use any more
     */
    Optional<String> run(long now) throws InterruptedException {
        @Nullable Current lasting = current;
        if (lasting == null) {
            return Optional.empty();
        }
        long lasted = now - lasting.sinceNanos();
        if (lasted >= timings.resume().toNanos()) {
            return Optional.of("the Session could not be resumed");
        }
        if (!lasting.told() && lasted >= timings.grace().toNanos()) {
            current = lasting.asTold();
            String error = "connection to " + endpoint + " is lost, trying to resume the Session";
            samples.submit(sink -> sink.offline(Status.bad(SluiceCode.DEVICE_UNREACHABLE), error));
        }
        return Optional.empty();
    }

    /** UTC nanoseconds of the last sign of life of the Subscriptions. */
    long lastHeardNanos() {
        @Nullable Current lasting = current;
        return lasting == null ? delivery.lastHeardNanos() : lasting.lastHeardNanos();
    }
}

package io.sluice.adapter.opcua;

import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.SampleQueue;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.eclipse.milo.opcua.sdk.client.OpcUaClient;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one device connected, for ever: connect, serve until the Session must be given up, wait, again. One virtual thread,
 * {@code opcua-<device>-link}; what it delivers goes through the device's queue to {@code opcua-<device>}.
 */
final class DeviceLink {

    private static final Logger LOG = LoggerFactory.getLogger(DeviceLink.class);
    private static final int QUEUE_SAMPLES = 10_000;
    private static final Duration FAREWELL = Duration.ofSeconds(1);

    private final OpcUaPlan plan;
    private final Connector connector;
    private final Timings timings;
    private final AdapterContext context;
    private final RandomGenerator random;
    private final RememberingSink sink;
    private final SampleQueue samples;
    private final Requests requests;
    private final Continuity continuity;
    private final Followed followed;
    private final Thread thread;
    private volatile boolean stopping;

    private int attempts;
    private boolean refused;
    private boolean awaited;

    DeviceLink(OpcUaPlan plan, Connector connector, Timings timings, AdapterContext context, RandomGenerator random) {
        String name = "opcua-" + plan.device().id();
        this.plan = plan;
        this.connector = connector;
        this.timings = timings;
        this.context = context;
        this.random = random;
        this.sink = new RememberingSink(
                context.sinks().of(plan.device().id()), plan.items().size());
        this.samples = new SampleQueue(name, QUEUE_SAMPLES, sink, context);
        this.requests = new Requests(plan);
        this.continuity = new Continuity(plan.items().size());
        this.followed = new Followed(plan);
        this.thread = Thread.ofVirtual().name(name + "-link").unstarted(this::run);
    }

    Requests requests() {
        return requests;
    }

    /** The tags of patterns that have been found, by name. Any thread. */
    Map<String, Integer> found() {
        return followed.tagsByName();
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            samples.submit(sink -> sink.connecting());
            while (!stopping) {
                long begun = System.nanoTime();
                attempt();
                if (System.nanoTime() - begun >= timings.steady().toNanos()) {
                    attempts = 0;
                }
                // The wait itself is meant; close() interrupts it.
                Thread.sleep(backoff());
            }
        } catch (InterruptedException e) {
            LOG.debug("{} stops", thread.getName());
        } catch (RuntimeException | Error e) {
            context.bugs().report(thread.getName(), e);
        }
    }

    /** None after a connection that was steady; then full jitter under a doubling, capped limit. */
    private Duration backoff() {
        if (refused) {
            return timings.maxBackoff();
        }
        // The wait for the server was one; its connection is to find the gateway waiting.
        if (awaited || attempts++ == 0) {
            return Duration.ZERO;
        }
        long limit = Math.min(
                timings.maxBackoff().toMillis(), timings.firstBackoff().toMillis() << Math.min(attempts - 2, 16));
        return Duration.ofMillis(random.nextLong(limit / 10, limit + 1));
    }

    private void attempt() throws InterruptedException {
        @Nullable TellingClient client = null;
        refused = false;
        awaited = false;
        try {
            client = connector.connect();
            ServerSession session =
                    new ServerSession(plan, client, samples, sink, continuity, followed, timings, context.clock());
            // Whoever hears that the device is online may ask at once.
            requests.connected(session.requested());
            String end = serve(session);
            LOG.info(
                    "{}: {}, connecting to {} anew",
                    plan.device().id(),
                    end,
                    plan.connection().endpoint());
        } catch (LinkFailure e) {
            failed(String.valueOf(e.getMessage()));
            refused = e.refusesIdentity();
            awaited = e.awaitsServer();
        } catch (UaException e) {
            failed(plan.connection().endpoint() + " cannot be used (" + LinkFailure.reason(e) + ")");
        } finally {
            requests.disconnected();
            if (client != null) {
                leave(client);
            }
        }
    }

    /** Values may have come also from a Session that fails while it begins: what comes next is not what follows them. */
    private String serve(ServerSession session) throws UaException, InterruptedException {
        try {
            session.begin();
            return session.serve();
        } finally {
            continuity.broken(session.lastHeardNanos());
        }
    }

    private void failed(String error) throws InterruptedException {
        if (stopping) {
            return;
        }
        samples.submit(sink -> sink.offline(Status.bad(SluiceCode.DEVICE_UNREACHABLE), error));
    }

    /** Waits a moment, so that the server hears that the Session ends; a server that hangs keeps nobody waiting. */
    private static void leave(OpcUaClient client) {
        boolean interrupted = Thread.interrupted();
        try {
            Connector.disconnect(client).get(FAREWELL.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            LOG.debug("the server did not confirm the end of the Session", e);
        } catch (InterruptedException e) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Returns when no sink will be called any more. */
    void close() {
        stopping = true;
        requests.close();
        thread.interrupt();
        try {
            thread.join(FAREWELL.plusMillis(200));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        samples.close();
    }
}

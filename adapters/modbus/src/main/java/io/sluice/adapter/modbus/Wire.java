package io.sluice.adapter.modbus;

import io.sluice.adapter.Backoff;
import io.sluice.adapter.modbus.ModbusConnection.Reply;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * A connection with its manners: connects when it has to, lets the line rest between a reply and the next request, and
 * repeats what may be repeated. Confined to its bus's thread, but for {@link #close}.
 */
final class Wire {

    /** After so long without a request a server may have ended the connection. */
    private static final long IDLE_NANOS = Duration.ofSeconds(1).toNanos();

    private final ModbusConnection connection;
    private final Backoff reconnect;
    private volatile boolean closed;

    /** Since when the line may be used again after a reply. */
    private long restUntil = Long.MIN_VALUE;

    private long lastUse = System.nanoTime();

    private long connections;

    /** Whether this connection has carried a reply: then its loss may be no more than a server's idle timeout. */
    private boolean proven;

    Wire(ModbusConnection connection, RandomGenerator random) {
        this.connection = connection;
        this.reconnect = new Backoff(random);
    }

    /** One request, repeated as often as the device allows. Only for what may be done twice. */
    Reply repeatedly(PolledDevice device, Request request) throws IOException, InterruptedException {
        int failures = 0;
        while (true) {
            connect();
            sleepUntil(restUntil);
            @Nullable IOException failure = null;
            try {
                Reply reply = connection.exchange(device.unit(), request, device.timeout());
                proven = true;
                rest(device);
                return reply;
            } catch (ConnectionLost e) {
                // A server may end an idle connection; that is no failure of the device if a new one carries the reply.
                failures += proven ? 0 : 1;
                failure = e;
            } catch (IOException e) {
                failures++;
                failure = e;
            }
            rest(device);
            if (failures > device.retries() || closed) {
                throw failure;
            }
        }
    }

    /**
     * One request, sent once.
     *
     * @throws ConnectFailed if it was not sent
     * @throws IOException if it may have been
     */
    Reply once(PolledDevice device, Request request) throws IOException, InterruptedException {
        connect();
        sleepUntil(restUntil);
        if (System.nanoTime() - lastUse > IDLE_NANOS) {
            notStale();
        }
        try {
            Reply reply = connection.exchange(device.unit(), request, device.timeout());
            proven = true;
            return reply;
        } finally {
            rest(device);
        }
    }

    /** Finds out whether the other side has ended the connection, before something is sent that may not be repeated. */
    private void notStale() throws IOException {
        try {
            connection.drain();
        } catch (ConnectionLost _) {
            connect();
        }
    }

    private void connect() throws ConnectFailed {
        if (!connection.connected()) {
            proven = false;
            connection.connect();
            connections++;
            reconnect.reset();
        }
    }

    /** Which connection this is, counted from 1; 0 before the first. */
    long connection() {
        return connections;
    }

    /** How long to wait after a failure to connect. */
    long backoffNanos() {
        return reconnect.next();
    }

    private void rest(PolledDevice device) {
        lastUse = System.nanoTime();
        long pause = device.pauseNanos();
        if (pause > 0) {
            restUntil = lastUse + pause;
        }
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        if (nanos == Long.MIN_VALUE) {
            return;
        }
        long left = nanos - System.nanoTime();
        if (left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }

    /** Any thread. */
    void close() {
        closed = true;
        connection.close();
    }
}

package io.sluice.adapter.modbus;

import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.Backoff;
import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.CodeSpace;
import io.sluice.telemetry.Status.Quality;
import io.sluice.telemetry.Status.SluiceCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * One connection and the units behind it, polled by one thread: whoever has waited longest for its turn is next. A unit
 * that does not answer is probed with growing pauses; the others go on.
 */
final class Bus implements Runnable {

    private static final Status UNREACHABLE = Status.bad(SluiceCode.DEVICE_UNREACHABLE);
    private static final long SPLIT_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    /** Exception codes (Application Protocol V1.1b3 §7). */
    private static final int ILLEGAL_DATA_ADDRESS = 2;

    private static final int ILLEGAL_DATA_VALUE = 3;
    private static final int GATEWAY_PATH_UNAVAILABLE = 10;
    private static final int GATEWAY_TARGET_SILENT = 11;

    private final ModbusConnection connection;
    private final long pauseNanos;
    private final List<PolledDevice> devices;
    private final AdapterContext context;
    private final Backoff reconnect;
    private final Thread thread;
    private volatile boolean closed;

    /** Since when the line may be used again after a reply. */
    private long restUntil = Long.MIN_VALUE;

    /** Whether this connection has carried a reply: then its loss may be no more than a server's idle timeout. */
    private boolean proven;

    /**
     * @param thread makes the thread that runs this
     * @param plans of the devices on this connection; at least one
     * @param phases of all devices, also of those on other connections
     */
    Bus(
            Thread.Builder thread,
            ModbusConnection connection,
            Duration pause,
            List<ModbusPlan> plans,
            AdapterContext context,
            Phases phases,
            RandomGenerator random) {
        this.connection = connection;
        this.pauseNanos = pause.toNanos();
        this.context = context;
        this.reconnect = new Backoff(random);
        this.devices = plans.stream()
                .map(plan ->
                        new PolledDevice(plan, context.sinks().of(plan.device().id()), phases, random))
                .toList();
        this.thread = thread.unstarted(this);
    }

    void start() {
        thread.start();
    }

    /** Returns at once; {@link #awaitEnd} waits. */
    void stop() {
        closed = true;
        thread.interrupt();
        connection.close();
    }

    void awaitEnd(Duration atMost) throws InterruptedException {
        thread.join(atMost);
    }

    @Override
    public void run() {
        try {
            devices.forEach(device -> device.sink().connecting());
            while (!closed) {
                pollNext();
            }
        } catch (InterruptedException e) {
            // Only stop() interrupts this thread.
            closed = true;
        } catch (RuntimeException | Error e) {
            context.bugs().report(thread.getName(), e);
        } finally {
            connection.close();
        }
    }

    private void pollNext() throws InterruptedException {
        PolledDevice device = devices.getFirst();
        PollClass next = device.classes().getFirst();
        for (PolledDevice candidate : devices) {
            for (PollClass pollClass : candidate.classes()) {
                if (candidate.due(pollClass) - device.due(next) < 0) {
                    device = candidate;
                    next = pollClass;
                }
            }
        }
        sleepUntil(device.due(next));
        poll(device, next);
    }

    private void poll(PolledDevice device, PollClass pollClass) throws InterruptedException {
        boolean wasOnline = device.online();
        try {
            for (BlockReader reader : pollClass.readers()) {
                read(device, pollClass, reader);
            }
            device.sink().flush();
        } catch (ConnectFailed e) {
            everyDeviceUnreachable(e);
        } catch (IOException e) {
            if (!closed) {
                device.silent(status(e), String.valueOf(e.getMessage()), System.nanoTime());
            }
        }
        device.polled(pollClass, wasOnline, System.nanoTime());
    }

    private void everyDeviceUnreachable(ConnectFailed failure) throws InterruptedException {
        if (closed) {
            return;
        }
        for (PolledDevice device : devices) {
            device.unreachable(UNREACHABLE, String.valueOf(failure.getMessage()));
        }
        TimeUnit.NANOSECONDS.sleep(reconnect.next());
    }

    private static Status status(IOException failure) {
        return failure instanceof GatewayRefused refused
                ? new Status(Quality.BAD, CodeSpace.MODBUS, refused.code())
                : UNREACHABLE;
    }

    private void read(PolledDevice device, PollClass pollClass, BlockReader reader)
            throws IOException, InterruptedException {
        List<BlockReader> parts = new ArrayList<>(1);
        boolean anyGood = readOrSplit(device, reader, parts);
        if (parts.size() > 1) {
            if (anyGood) {
                pollClass.replace(reader, parts);
            } else {
                reader.keepWholeUntil(System.nanoTime() + SPLIT_AGAIN_NANOS);
            }
        }
    }

    /**
     * Reads a block; where the device refuses it, reads its halves.
     *
     * @param parts what it was read in, in order of address
     * @return whether any part was answered with data
     */
    private boolean readOrSplit(PolledDevice device, BlockReader reader, List<BlockReader> parts)
            throws IOException, InterruptedException {
        Reply reply = exchange(device, reader.block());
        long time = context.clock().getAsLong();
        switch (reply) {
            case Reply.Data data -> {
                device.answered();
                reader.deliver(data, time, device.sink());
                parts.add(reader);
                return true;
            }
            case Reply.Refused refused -> {
                return refused(device, reader, refused.code(), time, parts);
            }
        }
    }

    private boolean refused(PolledDevice device, BlockReader reader, int code, long time, List<BlockReader> parts)
            throws IOException, InterruptedException {
        if (code == GATEWAY_PATH_UNAVAILABLE || code == GATEWAY_TARGET_SILENT) {
            throw new GatewayRefused(device.unit(), code);
        }
        device.answered();
        boolean splits = code == ILLEGAL_DATA_ADDRESS || code == ILLEGAL_DATA_VALUE;
        if (!splits || !reader.mayBeSplit(System.nanoTime())) {
            reader.refuse(code, time, device.sink());
            parts.add(reader);
            return false;
        }
        boolean anyGood = false;
        for (Block half : ReadPlanner.split(reader.block())) {
            anyGood |= readOrSplit(device, device.reader(half), parts);
        }
        return anyGood;
    }

    /** One request with the device's retries. */
    private Reply exchange(PolledDevice device, Block block) throws IOException, InterruptedException {
        int failures = 0;
        while (true) {
            connect();
            sleepUntil(restUntil);
            @Nullable IOException failure = null;
            try {
                Reply reply = connection.read(device.unit(), block);
                proven = true;
                rest();
                return reply;
            } catch (ConnectionLost e) {
                // A server may end an idle connection; that is no failure of the device if a new one carries the reply.
                failures += proven ? 0 : 1;
                failure = e;
            } catch (IOException e) {
                failures++;
                failure = e;
            }
            rest();
            if (failures > device.retries() || closed) {
                throw failure;
            }
        }
    }

    private void connect() throws ConnectFailed {
        if (!connection.connected()) {
            proven = false;
            connection.connect();
            reconnect.reset();
        }
    }

    private void rest() {
        if (pauseNanos > 0) {
            restUntil = System.nanoTime() + pauseNanos;
        }
    }

    private static void sleepUntil(long nanos) throws InterruptedException {
        long left = nanos - System.nanoTime();
        if (nanos != Long.MIN_VALUE && left > 0) {
            TimeUnit.NANOSECONDS.sleep(left);
        }
    }
}

package io.sluice.adapter.modbus;

import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.modbus.ModbusConnection.Reply;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

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

    private static final int ERRANDS_IN_A_ROW = 8;

    private final Wire wire;
    private final UnitAccess access;
    private final SunSpecPlaces places;
    private final Errands errands;
    private final List<PolledDevice> devices;
    private final AdapterContext context;
    private final Thread thread;
    private volatile boolean closed;

    /**
     * @param thread makes the thread that runs this
     * @param plans of the devices on this connection; at least one
     * @param phases of all devices, also of those on other connections
     */
    Bus(
            Thread.Builder thread,
            Wire wire,
            List<ModbusPlan> plans,
            AdapterContext context,
            Phases phases,
            RandomGenerator random) {
        this.wire = wire;
        this.places = new SunSpecPlaces(wire);
        this.access = new UnitAccess(wire, places, context.clock());
        this.errands = new Errands(context.clock());
        this.context = context;
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
        wire.close();
    }

    List<PolledDevice> devices() {
        return devices;
    }

    /** Does it before the next poll. Any thread. */
    void ask(Errand errand) {
        errands.add(errand);
        LockSupport.unpark(thread);
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
            wire.close();
            errands.end();
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
        waitUntil(device.due(next));
        poll(device, next);
    }

    private void poll(PolledDevice device, PollClass pollClass) throws InterruptedException {
        boolean wasOnline = device.online();
        try {
            places.find(device);
            device.tellUnknown(pollClass, context.clock().getAsLong());
            for (BlockReader reader : pollClass.readers()) {
                runErrands();
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
        waitUntil(System.nanoTime() + wire.backoffNanos());
    }

    static Status status(IOException failure) {
        return failure instanceof GatewayRefused refused ? BlockReader.refused(refused.code()) : UNREACHABLE;
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
        Reply reply = wire.repeatedly(device, reader.block());
        places.require(device);
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
        requirePath(device, code);
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

    /**
     * A gateway's word that it cannot reach the unit is not the unit's.
     *
     * @param code of an exception response
     */
    static void requirePath(PolledDevice device, int code) throws GatewayRefused {
        if (code == GATEWAY_PATH_UNAVAILABLE || code == GATEWAY_TARGET_SILENT) {
            throw new GatewayRefused(device.unit(), code);
        }
    }

    /**
     * Waits, and does meanwhile what others ask for.
     *
     * @param nanos monotonic time
     */
    private void waitUntil(long nanos) throws InterruptedException {
        while (!closed) {
            runErrands();
            long left = nanos - System.nanoTime();
            if (left <= 0) {
                return;
            }
            // Woken early by an errand, and now and then by nobody.
            LockSupport.parkNanos(this, left);
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
        }
    }

    /** A few at a time, so that somebody who never stops asking cannot stop the polls. */
    private void runErrands() throws InterruptedException {
        if (errands.none()) {
            return;
        }
        for (int i = 0; i < ERRANDS_IN_A_ROW && !closed; i++) {
            Errand errand = errands.next();
            if (errand == null) {
                return;
            }
            access.run(errand);
        }
    }
}

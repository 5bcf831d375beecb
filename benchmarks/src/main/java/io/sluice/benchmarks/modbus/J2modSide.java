package io.sluice.benchmarks.modbus;

import com.ghgande.j2mod.modbus.facade.ModbusTCPMaster;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** j2mod as it comes: a master and a thread for each server. */
final class J2modSide implements Side {

    private final LongAdder roundTrips = new LongAdder();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean closed;

    J2modSide(int[] ports) {
        for (int port : ports) {
            threads.add(Thread.ofPlatform().daemon().start(() -> read(port)));
        }
    }

    private void read(int port) {
        ModbusTCPMaster master = new ModbusTCPMaster("127.0.0.1", port);
        try {
            master.connect();
            while (!closed) {
                if (master.readMultipleRegisters(1, 0, ModbusBenchmark.REGISTERS).length != ModbusBenchmark.REGISTERS) {
                    throw new IllegalStateException("a reply of another length");
                }
                roundTrips.increment();
            }
        } catch (Exception e) {
            throw new IllegalStateException("j2mod failed at port " + port, e);
        } finally {
            master.disconnect();
        }
    }

    @Override
    public long roundTrips() {
        return roundTrips.sum();
    }

    @Override
    public void close() throws InterruptedException {
        closed = true;
        for (Thread thread : threads) {
            thread.join();
        }
    }
}

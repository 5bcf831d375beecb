package io.sluice.adapter.modbus;

import io.sluice.adapter.modbus.ModbusConnection.Reply;
import java.io.IOException;
import java.time.Duration;

/**
 * Keeps the places of tags true that only a SunSpec device itself can tell. Its models are looked up on every new
 * connection, since a device may come back with others, and before each poll the marker in front of them is read: an
 * idle connection that the device has ended is noticed there, not in the middle of a poll. Confined to its bus's thread.
 */
final class SunSpecPlaces {

    private static final long SEARCH_AGAIN_NANOS = Duration.ofMinutes(1).toNanos();

    private final Wire wire;

    SunSpecPlaces(Wire wire) {
        this.wire = wire;
    }

    /**
     * Makes sure that the places are known, as far as the device has the models; does nothing for a device whose tags all have
     * addresses.
     */
    void find(PolledDevice device) throws IOException, InterruptedException {
        if (!device.bySunSpec() || found(device)) {
            return;
        }
        SunSpecChain chain = new SunSpecChain();
        long connection = -1;
        while (!chain.complete()) {
            Reply reply = ask(device, chain.next());
            if (connection >= 0 && connection != wire.connection()) {
                throw new IOException(
                        device.id() + ": the connection was lost while its SunSpec models were looked up");
            }
            connection = wire.connection();
            chain.answered(reply);
        }
        device.locate(chain, connection);
        if (chain.models().isEmpty()) {
            device.searchAgainAt(System.nanoTime() + SEARCH_AGAIN_NANOS);
        }
    }

    private boolean found(PolledDevice device) throws IOException, InterruptedException {
        if (device.marker().isEmpty()) {
            return device.searchAgainAt() - System.nanoTime() > 0;
        }
        boolean marked = SunSpecChain.marks(ask(device, device.marker().get()));
        return marked && device.locatedOn() == wire.connection();
    }

    private Reply ask(PolledDevice device, ReadPlanner.Block block) throws IOException, InterruptedException {
        Reply reply = wire.repeatedly(device, block);
        if (reply instanceof Reply.Refused(int code)) {
            Bus.requirePath(device, code);
        }
        return reply;
    }

    /**
     * @throws IOException if the connection is another than the one on which the device told its places
     */
    void require(PolledDevice device) throws IOException {
        if (device.bySunSpec() && device.locatedOn() != wire.connection()) {
            throw new IOException(device.id() + ": the connection was lost during a poll");
        }
    }
}

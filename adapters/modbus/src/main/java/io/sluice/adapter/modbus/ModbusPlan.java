package io.sluice.adapter.modbus;

import io.sluice.adapter.DevicePlan;
import io.sluice.profiles.DeviceDefinition;
import java.time.Duration;
import java.util.List;

/**
 * A checked Modbus device.
 *
 * @param endpoint where it is connected
 * @param unit its unit id, 0 to 255
 * @param retries further attempts before the device counts as silent
 * @param limits of one request
 * @param points in the order of {@link #tags}
 */
record ModbusPlan(
        DeviceDefinition device,
        Endpoint endpoint,
        int unit,
        int retries,
        ReadPlanner.Limits limits,
        List<Point> points)
        implements DevicePlan {

    ModbusPlan {
        points = List.copyOf(points);
    }

    /**
     * One tag.
     *
     * @param address zero-based
     * @param sentinels values that mean that there is none
     * @param interval between two polls
     */
    record Point(
            String name, Table table, int address, RegisterDecoder decoder, Sentinels sentinels, Duration interval) {

        /** Registers or bits. */
        int count() {
            return table.bits() ? 1 : decoder.registers();
        }

        PlannedTag planned() {
            String bit = decoder.bit() < 0 ? "" : "." + decoder.bit();
            return new PlannedTag(name, decoder.type().valueType(), table.key() + " " + address + bit);
        }
    }

    @Override
    public List<PlannedTag> tags() {
        return points.stream().map(Point::planned).toList();
    }
}

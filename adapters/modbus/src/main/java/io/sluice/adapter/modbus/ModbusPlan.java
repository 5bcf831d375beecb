package io.sluice.adapter.modbus;

import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.telemetry.ValueType;
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
     * @param scaleRegister zero-based address, in the same table, of a register that holds the power of ten by which the
     *     number is to be multiplied; -1 if there is none
     * @param readBack whether a write is to be verified by reading
     */
    record Point(
            String name,
            Table table,
            int address,
            RegisterDecoder decoder,
            Sentinels sentinels,
            Duration interval,
            int scaleRegister,
            boolean readBack) {

        boolean scaledByRegister() {
            return scaleRegister >= 0;
        }

        /** Where its power of ten stands; only if there is one. */
        ScaleFactors.Place scalePlace() {
            return new ScaleFactors.Place(table, scaleRegister);
        }

        /** What has to be read of the device for it, its power of ten apart. */
        Block block() {
            return new Block(table, address, count(), List.of());
        }

        /** Registers or bits. */
        int count() {
            return table.bits() ? 1 : decoder.registers();
        }

        PlannedTag planned() {
            String bit = decoder.bit() < 0 ? "" : "." + decoder.bit();
            return new PlannedTag(
                    name,
                    scaledByRegister() ? ValueType.FLOAT64 : decoder.valueType(),
                    table.key() + " " + address + bit);
        }
    }

    @Override
    public List<PlannedTag> tags() {
        return points.stream().map(Point::planned).toList();
    }
}

package io.sluice.adapter.modbus;

import io.sluice.adapter.DevicePlan;
import io.sluice.adapter.modbus.ReadPlanner.Block;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.telemetry.ValueType;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;

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
     * @param place of its first register or bit; unknown as long as only the device can tell it
     * @param sentinels values that mean that there is none
     * @param interval between two polls
     * @param scaleRegister zero-based address, in the same table, of a register that holds the power of ten by which the
     *     number is to be multiplied; -1 if there is none
     * @param readBack whether a write is to be verified by reading
     * @param sunSpec where it stands in each of the SunSpec models that have it, by model number; empty if its place is
     *     written down
     */
    record Point(
            String name,
            Place place,
            RegisterDecoder decoder,
            Sentinels sentinels,
            Duration interval,
            int scaleRegister,
            boolean readBack,
            SortedMap<Integer, SunSpec.Point> sunSpec) {

        Table table() {
            return place.table();
        }

        boolean bySunSpec() {
            return !sunSpec.isEmpty();
        }

        /** The same where these models have it; of unknown place if none of them does. */
        Point locatedIn(List<SunSpec.Model> models) {
            for (SunSpec.Model model : models) {
                SunSpec.Point point = sunSpec.get(model.number());
                if (point != null && point.offset() + count() <= model.length() + 2) {
                    int factor = point.scaled() ? model.address() + point.scaleOffset() : -1;
                    return at(new Place(Table.HOLDING, model.address() + point.offset()), factor);
                }
            }
            return at(Place.UNKNOWN, -1);
        }

        private Point at(Place found, int factor) {
            return new Point(name, found, decoder, sentinels, interval, factor, readBack, sunSpec);
        }

        boolean scaledByRegister() {
            return scaleRegister >= 0;
        }

        /** Where its power of ten stands; only if there is one. */
        Place scalePlace() {
            return place.at(scaleRegister);
        }

        /** What has to be read of the device for it, its power of ten apart. */
        Block block() {
            return new Block(place, count(), List.of());
        }

        /** Registers or bits. */
        int count() {
            return place.table().bits() ? 1 : decoder.registers();
        }

        PlannedTag planned() {
            boolean scaled = bySunSpec() ? sunSpec.firstEntry().getValue().scaled() : scaledByRegister();
            return new PlannedTag(name, scaled ? ValueType.FLOAT64 : decoder.valueType(), source());
        }

        private String source() {
            if (bySunSpec()) {
                return "sunspec "
                        + new SunSpecName(
                                sunSpec.firstKey(),
                                sunSpec.lastKey(),
                                sunSpec.firstEntry().getValue().name());
            }
            return place.key() + (decoder.bit() < 0 ? "" : "." + decoder.bit());
        }
    }

    @Override
    public List<PlannedTag> tags() {
        return points.stream().map(Point::planned).toList();
    }
}

package io.sluice.adapter.gpio;

import io.sluice.adapter.DevicePlan;
import io.sluice.profiles.DeviceDefinition;
import java.util.List;

/**
 * A checked device.
 *
 * @param chip label or name, as the user wrote it
 * @param lines in the order of the tags
 */
record GpioPlan(DeviceDefinition device, String chip, List<Line> lines) implements DevicePlan {

    /** The name of the simulated chip. */
    static final String MOCK = "mock";

    GpioPlan {
        lines = List.copyOf(lines);
    }

    @Override
    public List<PlannedTag> tags() {
        return lines.stream()
                .map(line -> new PlannedTag(line.name(), line.valueType(), chip + ":" + line.offset()))
                .toList();
    }
}

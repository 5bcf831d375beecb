package io.sluice.adapter.gpio;

import io.sluice.adapter.gpio.GpioSettings.Edge;
import io.sluice.adapter.gpio.GpioSettings.Kind;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import io.sluice.profiles.TagDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Turns a device's settings into a {@link GpioPlan}, or into problems. Whether the chip is there only {@code open} knows. */
final class PlanChecker {

    private static final Pattern CHIP_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]*");
    private static final String DEVICE_FOLDER = "/dev/";

    private final DeviceDefinition device;
    private final Problems problems;
    private final Map<Integer, TagDefinition> owners = new HashMap<>();
    private boolean failed;

    PlanChecker(DeviceDefinition device, Problems problems) {
        this.device = device;
        this.problems = problems;
    }

    Optional<GpioPlan> check() {
        String chip = chip();
        List<Line> lines = new ArrayList<>();
        for (TagDefinition tag : device.tags()) {
            lines.add(line(lines.size(), tag));
        }
        return failed ? Optional.empty() : Optional.of(new GpioPlan(device, chip, lines));
    }

    private String chip() {
        String chip = device.connection().get(GpioSettings.CHIP);
        if (!CHIP_NAME.matcher(chip).matches()) {
            String meant = chip.startsWith(DEVICE_FOLDER)
                    ? " (did you mean '" + chip.substring(DEVICE_FOLDER.length()) + "'?)"
                    : "";
            error(
                    device.connection().mark(GpioSettings.CHIP),
                    "bad chip '" + chip + "': expected a label such as pinctrl-rp1, a name such as gpiochip0, or mock"
                            + meant);
        }
        return chip;
    }

    private Line line(int index, TagDefinition tag) {
        Kind kind = tag.settings().get(GpioSettings.TYPE);
        int offset = tag.settings().get(GpioSettings.LINE);
        claim(offset, tag);
        checkStates(kind, tag);
        checkReadOnly(tag);
        return new Line(
                index,
                tag.name(),
                offset,
                kind,
                tag.settings().find(GpioSettings.EDGE).orElse(kind == Kind.COUNTER ? Edge.RISING : Edge.BOTH),
                tag.settings().get(GpioSettings.BIAS),
                tag.settings().get(GpioSettings.ACTIVE_LOW),
                tag.settings().get(GpioSettings.DEBOUNCE),
                !tag.states().isEmpty(),
                poll(kind, tag));
    }

    /** A counter is always reported at an interval; a state only where its own {@code poll:} asks for it. */
    private Optional<Duration> poll(Kind kind, TagDefinition tag) {
        return kind == Kind.COUNTER ? Optional.of(tag.poll().orElse(device.poll())) : tag.poll();
    }

    private void claim(int offset, TagDefinition tag) {
        TagDefinition owner = owners.putIfAbsent(offset, tag);
        if (owner != null) {
            error(
                    tag.settings().mark(GpioSettings.LINE),
                    "line " + offset + " is already the line of tag '" + owner.name() + "' (" + owner.mark()
                            + "); a line belongs to one tag");
        }
    }

    private void checkStates(Kind kind, TagDefinition tag) {
        if (kind == Kind.COUNTER && !tag.states().isEmpty()) {
            error(tag.mark(), "a counter has no states: leave out 'states' or 'type: counter'");
        } else if (tag.states().keySet().stream().anyMatch(number -> number != 0 && number != 1)) {
            error(tag.mark(), "a line is 0 or 1: 'states' of tag '" + tag.name() + "' names another number");
        }
    }

    private void checkReadOnly(TagDefinition tag) {
        if (tag.writable()) {
            error(tag.mark(), "'writable' is known, but not yet available for a line: outputs are not built yet");
        }
    }

    private void error(Mark mark, String message) {
        failed = true;
        problems.error(mark, message);
    }
}

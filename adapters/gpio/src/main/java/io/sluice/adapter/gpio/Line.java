package io.sluice.adapter.gpio;

import io.sluice.adapter.gpio.GpioSettings.Bias;
import io.sluice.adapter.gpio.GpioSettings.Edge;
import io.sluice.adapter.gpio.GpioSettings.Kind;
import io.sluice.telemetry.ValueType;
import java.time.Duration;
import java.util.Optional;

/**
 * One tag's line, checked.
 *
 * @param tag index of its tag in the plan
 * @param offset on its chip
 * @param edge of the logical state: with {@code activeLow} a falling voltage is a rising edge
 * @param named the tag has names for 0 and 1, so its values are numbers
 * @param poll how often the value is reported beside its edges; empty: never
 */
record Line(
        int tag,
        String name,
        int offset,
        Kind kind,
        Edge edge,
        Bias bias,
        boolean activeLow,
        Duration debounce,
        boolean named,
        Optional<Duration> poll) {

    ValueType valueType() {
        return switch (kind) {
            case COUNTER -> ValueType.UNSIGNED;
            case STATE -> named ? ValueType.SIGNED : ValueType.BOOL;
        };
    }
}

package io.sluice.adapter.gpio;

import io.sluice.profiles.ProtocolSchema;
import io.sluice.profiles.Setting;
import io.sluice.profiles.SettingType;
import java.time.Duration;
import java.util.List;

/** What users may write for GPIO, as data. */
final class GpioSettings {

    /** What a line reports. */
    enum Kind {
        STATE,
        COUNTER
    }

    /** Which changes of the logical state count. */
    enum Edge {
        RISING,
        FALLING,
        BOTH;

        boolean includes(boolean rising) {
            return switch (this) {
                case RISING -> rising;
                case FALLING -> !rising;
                case BOTH -> true;
            };
        }
    }

    /** The resistor inside the chip. */
    enum Bias {
        PULL_UP,
        PULL_DOWN,
        NONE
    }

    static final Setting<String> CHIP = Setting.required(
            "chip",
            SettingType.text(),
            "Label of the GPIO chip (pinctrl-rp1, as gpiodetect prints it) or its name (gpiochip0); mock is a chip of"
                    + " simulated lines.");

    static final Setting<Integer> LINE =
            Setting.required("line", SettingType.integer(0, 1_023), "Offset of the line on its chip, from 0.");
    static final Setting<Kind> TYPE = Setting.of(
            "type",
            SettingType.choice(Kind.class),
            Kind.STATE,
            "state: the line's level. counter: how many edges came.");
    static final Setting<Edge> EDGE = Setting.optional(
            "edge",
            SettingType.choice(Edge.class),
            "Which edges are reported or counted: both by default for a state, rising for a counter.");
    static final Setting<Bias> BIAS = Setting.of(
            "bias", SettingType.choice(Bias.class), Bias.NONE, "The resistor inside the chip that holds an open line.");
    static final Setting<Boolean> ACTIVE_LOW =
            Setting.of("active-low", SettingType.bool(), false, "The line is 1 while its voltage is low.");
    static final Setting<Duration> DEBOUNCE = Setting.of(
            "debounce",
            SettingType.duration(Duration.ZERO, Duration.ofSeconds(10)),
            Duration.ZERO,
            "How long a level must last before it counts.");

    static final ProtocolSchema SCHEMA = new ProtocolSchema(
                    "gpio",
                    List.of(CHIP),
                    List.of(),
                    List.of(
                            LINE,
                            TYPE,
                            EDGE,
                            BIAS,
                            ACTIVE_LOW,
                            DEBOUNCE,
                            Setting.notYet("direction", direction(), "input by default; output drives the line."),
                            Setting.notYet(
                                    "on-start", SettingType.text(), "Level of an output when the gateway starts."),
                            Setting.notYet("on-stop", SettingType.text(), "Level of an output when the gateway stops."),
                            Setting.notYet(
                                    "on-link-loss",
                                    SettingType.text(),
                                    "Level of an output while the broker is not there.")))
            .withSampleConnection("{ chip: gpiochip0 }");

    private GpioSettings() {}

    private static SettingType<String> direction() {
        return SettingType.choice("input", "output");
    }
}

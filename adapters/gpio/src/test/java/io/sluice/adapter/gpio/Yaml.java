package io.sluice.adapter.gpio;

import io.sluice.adapter.DevicePlan;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.DeviceLoader;
import io.sluice.profiles.Node;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Substitution;
import io.sluice.profiles.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Devices as a user writes them. */
final class Yaml {

    private final Problems problems = new Problems();
    private final List<DevicePlan> plans = new ArrayList<>();

    private Yaml(String text) {
        GpioAdapterFactory factory = new GpioAdapterFactory();
        Substitution none = new Substitution(Map.of(), false);
        Node.Mapping root =
                YamlReader.read("gateway.yaml", text, none, problems).orElseThrow();
        List<DeviceDefinition> devices = DeviceLoader.load(root, Map.of("gpio", factory.schema()), none, problems);
        devices.forEach(device -> factory.plan(device, problems).ifPresent(plans::add));
    }

    /** The tags of a device {@code cabinet} on the chip {@code mock}, each {@code name: { … }} on a line of its own. */
    static Yaml tags(String... tags) {
        return device("mock", tags);
    }

    static Yaml device(String chip, String... tags) {
        return new Yaml("""
                devices:
                  - id: cabinet
                    protocol: gpio
                    connection: { chip: %s }
                    poll: 20ms
                    tags:
                      %s
                """.formatted(chip, String.join("\n      ", tags)));
    }

    static Yaml file(String text) {
        return new Yaml(text);
    }

    List<DevicePlan> plans() {
        if (problems.hasErrors()) {
            throw new AssertionError(problems.sorted());
        }
        return plans;
    }

    List<Line> lines() {
        return plans().stream()
                .flatMap(plan -> ((GpioPlan) plan).lines().stream())
                .toList();
    }

    List<String> problems() {
        return problems.sorted().stream().map(Problems.Problem::toString).toList();
    }
}

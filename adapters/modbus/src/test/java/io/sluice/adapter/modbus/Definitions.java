package io.sluice.adapter.modbus;

import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Node;
import io.sluice.profiles.Problems;
import io.sluice.profiles.Setting;
import io.sluice.profiles.Settings;
import io.sluice.profiles.TagDefinition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Devices as a user would write them, without YAML: {@code "host: 127.0.0.1, port: 502"}. */
final class Definitions {

    /** Written with a single item here. */
    private static final List<Setting<?>> LISTS = List.of(ModbusSettings.NOT_AVAILABLE, ModbusSettings.FORBIDDEN);

    private final String id;
    private final Problems problems = new Problems();
    private final List<TagDefinition> tags = new ArrayList<>();
    private String connection = "host: 127.0.0.1";
    private String profile = "";
    private String defaults = "";
    private Duration poll = Duration.ofMillis(20);
    private Optional<String> shared = Optional.empty();
    private int line = 100;

    private Definitions(String id) {
        this.id = id;
    }

    static Definitions device(String id) {
        return new Definitions(id);
    }

    Definitions connection(String text) {
        this.connection = text;
        return this;
    }

    Definitions sharing(String name) {
        this.shared = Optional.of(name);
        return this;
    }

    Definitions profile(String text) {
        this.profile = text;
        return this;
    }

    Definitions defaults(String text) {
        this.defaults = text;
        return this;
    }

    Definitions poll(Duration interval) {
        this.poll = interval;
        return this;
    }

    Definitions tag(String name, String text) {
        return tag(name, text, null);
    }

    Definitions tag(String name, String text, @Nullable Duration interval) {
        int at = line++;
        tags.add(new TagDefinition(
                name,
                new Mark("device.yaml", at, 3),
                "",
                "",
                Optional.ofNullable(interval),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                new TreeMap<>(),
                settings(ModbusSettings.SCHEMA.tag(), defaults, 50, text, at)));
        return this;
    }

    /** The plan; fails if there is any error. */
    ModbusPlan plan() {
        Optional<ModbusPlan> plan = new DeviceChecker(definition(), problems).plan();
        return plan.orElseThrow(() -> new AssertionError(problems.sorted()));
    }

    /** What is wrong, as the user reads it. */
    List<String> problems() {
        Optional<ModbusPlan> plan = new DeviceChecker(definition(), problems).plan();
        if (plan.isEmpty() && !problems.hasErrors()) {
            throw new AssertionError("no plan, and nobody says why");
        }
        return problems.sorted().stream().map(Problems.Problem::toString).toList();
    }

    private DeviceDefinition definition() {
        return new DeviceDefinition(
                id,
                new Mark("device.yaml", 1, 1),
                "modbus",
                Optional.empty(),
                Map.of(),
                shared,
                settings(ModbusSettings.SCHEMA.connection(), "", 10, connection, 10),
                settings(ModbusSettings.SCHEMA.profile(), "", 20, profile, 20),
                poll,
                tags);
    }

    private Settings settings(List<Setting<?>> known, String below, int belowLine, String text, int at) {
        Map<String, Settings.Given> given = new HashMap<>();
        read(known, below, belowLine, given);
        read(known, text, at, given);
        return new Settings(new Mark("device.yaml", at, 1), given);
    }

    private void read(List<Setting<?>> known, String text, int at, Map<String, Settings.Given> given) {
        for (String entry : text.isEmpty() ? new String[0] : text.split(", ", -1)) {
            String[] keyAndValue = entry.split(": ", 2);
            Mark mark = new Mark("device.yaml", at, 10 + text.indexOf(entry) + keyAndValue[0].length() + 2);
            Setting<?> setting = known.stream()
                    .filter(candidate -> candidate.name().equals(keyAndValue[0]))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("unknown key " + keyAndValue[0]));
            Node.Scalar scalar = new Node.Scalar(keyAndValue[1], false, mark);
            Node node = LISTS.contains(setting) ? new Node.Sequence(List.of(scalar), mark) : scalar;
            Object value = setting.type().parse(setting.name(), node, problems);
            if (value != null) {
                given.put(setting.name(), new Settings.Given(value, mark));
            }
        }
    }
}

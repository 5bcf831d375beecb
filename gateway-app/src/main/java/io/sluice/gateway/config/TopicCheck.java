package io.sluice.gateway.config;

import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Nearest;
import io.sluice.profiles.Problems;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks the template of topics: that it tells messages apart, and that every placeholder has something to stand for. */
final class TopicCheck {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([^{}]*)}");
    private static final List<String> NEEDED = List.of("gateway", "kind", "device");

    private final String template;
    private final Mark mark;
    private final Problems problems;

    TopicCheck(String template, Mark mark, Problems problems) {
        this.template = template;
        this.mark = mark;
        this.problems = problems;
    }

    void check(Map<String, String> gatewayLabels, Mark gatewayMark, List<DeviceDefinition> devices) {
        Set<String> placeholders = placeholders();
        checkCharacters();
        NEEDED.stream()
                .filter(name -> !placeholders.contains(name))
                .forEach(name -> problems.error(mark, "the topic lacks {" + name + "}"));
        Set<String> labels = new LinkedHashSet<>(gatewayLabels.keySet());
        devices.forEach(device -> labels.addAll(device.labels().keySet()));
        placeholders.forEach(name -> checkPlaceholder(name, labels));
        checkLabels(placeholders, gatewayLabels, gatewayMark);
        devices.forEach(device -> checkLabels(placeholders, device.labels(), device.mark()));
    }

    private Set<String> placeholders() {
        Set<String> names = new LinkedHashSet<>();
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            names.add(matcher.group(1));
        }
        return names;
    }

    private void checkCharacters() {
        String fixed = PLACEHOLDER.matcher(template).replaceAll("");
        if (fixed.contains("{") || fixed.contains("}")) {
            problems.error(mark, "the topic has a brace without its partner");
        }
        if (fixed.contains("+") || fixed.contains("#") || fixed.indexOf('\0') >= 0) {
            problems.error(mark, "the topic contains + or #, which only filters may contain");
        }
        if (template.startsWith("$")) {
            problems.error(mark, "the topic begins with $, which is the broker's own");
        }
    }

    private void checkPlaceholder(String name, Set<String> labels) {
        if (name.equals("tag")) {
            problems.error(mark, "placeholder {tag} is known, but not yet available");
            return;
        }
        List<String> known = new ArrayList<>(NEEDED);
        known.addAll(labels);
        if (!known.contains(name)) {
            problems.error(
                    mark,
                    "unknown placeholder {" + name + "} in the topic" + Nearest.didYouMean(name, known)
                            + "; it is no label of the gateway or of a device");
        }
    }

    private void checkLabels(Set<String> placeholders, Map<String, String> labels, Mark at) {
        labels.forEach((name, value) -> {
            boolean breaksLevels = value.isEmpty() || value.chars().anyMatch(c -> "/+#".indexOf(c) >= 0 || c < ' ');
            if (placeholders.contains(name) && breaksLevels) {
                problems.error(
                        at,
                        "label " + name + " is '" + value + "', but the topic uses it, and a level of a topic is not "
                                + "empty and contains no /, + or #");
            }
        });
    }
}

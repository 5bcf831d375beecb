package io.sluice.adapter.opcua;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Writes a profile with one tag for each variable: a start for people, which {@code check} accepts. */
public final class DraftProfile {

    private static final int LONGEST_NAME = 64;

    private DraftProfile() {}

    /**
     * YAML.
     *
     * @param name of the profile
     */
    public static String of(String name, String endpoint, List<ReadNode> variables) {
        Map<String, String> prefixes = new LinkedHashMap<>();
        variables.forEach(
                read -> prefixes.computeIfAbsent(read.node().namespace(), uri -> "n" + (prefixes.size() + 1)));
        StringBuilder yaml = new StringBuilder("schema: 1\nprofile: ")
                .append(name)
                .append("\nprotocol: opcua\ntitle: ")
                .append(quoted("Draft from " + endpoint))
                .append("\nnamespaces:\n");
        prefixes.forEach((uri, prefix) -> yaml.append("  ")
                .append(prefix)
                .append(": ")
                .append(quoted(uri))
                .append('\n'));
        yaml.append("tags:\n");
        Set<String> taken = new HashSet<>();
        for (ReadNode read : variables) {
            yaml.append("  ")
                    .append(tagName(read.node(), taken))
                    .append(": { node: ")
                    .append(quoted(prefixes.get(read.node().namespace()) + ":"
                            + read.node().identifier()))
                    .append(read.unit().isEmpty() ? "" : ", unit: " + quoted(read.unit()))
                    .append(" }\n");
        }
        return yaml.toString();
    }

    /** The BrowseName, with as many of the names above it as make it the only one. */
    private static String tagName(BrowsedNode node, Set<String> taken) {
        String[] steps = node.path().split("/");
        String name = kebab(steps[steps.length - 1]);
        for (int i = steps.length - 2; i > 1 && taken.contains(name); i--) {
            name = cut(kebab(steps[i]) + "-" + name);
        }
        String unique = name;
        for (int i = 2; !taken.add(unique); i++) {
            unique = cut(name, LONGEST_NAME - 6) + "-" + i;
        }
        return unique;
    }

    private static String kebab(String name) {
        String text = name.replaceAll("([a-z0-9])([A-Z])", "$1-$2")
                .toLowerCase(Locale.ROOT)
                .replaceAll("[^a-z0-9]+", "-")
                .replaceAll("^-|-$", "");
        // Words that YAML or the profile would take for something else.
        return text.isEmpty()
                        || Character.isDigit(text.charAt(0))
                        || Set.of("y", "n", "yes", "no", "on", "off", "true", "false", "null")
                                .contains(text)
                ? cut("tag-" + text)
                : cut(text);
    }

    private static String cut(String name) {
        return cut(name, LONGEST_NAME);
    }

    private static String cut(String name, int length) {
        return name.substring(0, Math.min(name.length(), length)).replaceAll("-$", "");
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder("\"");
        // What would else be taken from outside.
        for (char c : text.replace("${", "$${").toCharArray()) {
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\t' -> quoted.append("\\t");
                default -> quoted.append(isPlain(c) ? String.valueOf(c) : String.format("\\u%04x", (int) c));
            }
        }
        return quoted.append('"').toString();
    }

    /** What YAML takes as it is, and keeps (YAML 1.2 §5.1), but for line breaks and byte order marks. */
    private static boolean isPlain(char c) {
        return c >= ' ' && c < 0x7F || c >= 0xA0 && c != 0x2028 && c != 0x2029 && c != 0xFEFF && c < 0xFFFE;
    }
}

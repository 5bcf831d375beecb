package io.sluice.mqtt;

import java.util.Optional;

/** The rules for Topic Names and Topic Filters (MQTT 5 §4.7, §4.8.2). */
final class Topics {

    private static final String SHARE = "$share/";

    private Topics() {}

    /** What is wrong with a Topic Name, empty if nothing is. */
    static String problemOfName(String topic) {
        if (topic.isEmpty()) {
            return "is empty";
        }
        // Every message comes through here: these searches look at many characters at once.
        if (topic.indexOf('+') >= 0 || topic.indexOf('#') >= 0) {
            return "contains a wildcard, + or #, which only a topic filter may have";
        }
        return Texts.problemOf(topic);
    }

    /** What is wrong with a Topic Filter, empty if nothing is. */
    static String problemOfFilter(String filter) {
        if (filter.isEmpty()) {
            return "is empty";
        }
        String problem = filter.startsWith(SHARE) ? problemOfShare(filter) : problemOfWildcards(filter);
        return problem.isEmpty() ? Texts.problemOf(filter) : problem;
    }

    static boolean isShared(String filter) {
        return filter.startsWith(SHARE);
    }

    static boolean isWild(String filter) {
        return filter.indexOf('+') >= 0 || filter.indexOf('#') >= 0;
    }

    /** [MQTT-4.8.2-1], [MQTT-4.8.2-2]. */
    private static String problemOfShare(String filter) {
        int end = filter.indexOf('/', SHARE.length());
        if (end < 0 || end + 1 == filter.length()) {
            return "has no topic filter behind its ShareName: expected $share/NAME/FILTER";
        }
        String name = filter.substring(SHARE.length(), end);
        if (name.isEmpty() || name.contains("+") || name.contains("#")) {
            return "has a ShareName that is empty or contains a wildcard";
        }
        return problemOfWildcards(filter.substring(end + 1));
    }

    /** A wildcard is a whole level, and {@code #} the last [MQTT-4.7.1-1], [MQTT-4.7.1-2]. */
    private static String problemOfWildcards(String filter) {
        String[] levels = filter.split("/", -1);
        for (int i = 0; i < levels.length; i++) {
            Optional<String> problem = problemOfLevel(levels[i], i == levels.length - 1);
            if (problem.isPresent()) {
                return problem.get();
            }
        }
        return "";
    }

    private static Optional<String> problemOfLevel(String level, boolean last) {
        if (level.equals("#") && !last) {
            return Optional.of("has # before its last level");
        }
        boolean wild = level.contains("+") || level.contains("#");
        return wild && level.length() > 1
                ? Optional.of("has a wildcard beside other characters in level '" + level + "'")
                : Optional.empty();
    }
}

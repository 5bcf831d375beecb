package io.sluice.profiles;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;

/** Tells what is wrong with a text that is not YAML, in the words of somebody who meant a value, not a syntax. */
final class YamlMistakes {

    /** A value that begins with a character of YAML's own: what stands after a colon, a dash, a comma or a bracket. */
    private static final Pattern UNQUOTED =
            Pattern.compile("(?:[:,]\\s+|-\\s+|[\\[{]\\s*)(\\$?\\{[^\\s,\"']*}?[^\\s,\"'}]*|[%@`*&!|>][^\\s,}\\]]*)");

    private static final Pattern REFERENCE = Pattern.compile("\\$\\{");

    private YamlMistakes() {}

    static void report(MarkedYamlEngineException e, String text, String file, Problems problems) {
        List<String> lines = text.lines().toList();
        List<Mark> marks = Stream.of(e.getProblemMark(), e.getContextMark())
                .flatMap(Optional::stream)
                .map(mark -> new Mark(file, mark.getLine() + 1, mark.getColumn() + 1))
                .toList();
        for (Mark mark : marks) {
            Optional<Mistake> mistake = mistakeIn(line(lines, mark), mark);
            if (mistake.isPresent()) {
                problems.error(mistake.get().mark(), mistake.get().message());
                return;
            }
        }
        Mark mark = marks.isEmpty() ? new Mark(file, 1, 1) : marks.getFirst();
        problems.error(mark, "this is not YAML: " + e.getProblem() + colonHint(e));
    }

    private record Mistake(Mark mark, String message) {}

    private static String line(List<String> lines, Mark mark) {
        return mark.line() <= lines.size() ? lines.get(mark.line() - 1) : "";
    }

    private static Optional<Mistake> mistakeIn(String line, Mark mark) {
        int tab = line.indexOf('\t');
        if (tab >= 0 && line.substring(0, tab).isBlank()) {
            return Optional.of(new Mistake(at(mark, tab), "a tab cannot indent YAML, write spaces"));
        }
        String outside = outsideQuotes(line);
        Matcher matcher = UNQUOTED.matcher(outside);
        while (matcher.find()) {
            if (isValue(matcher.group(1))) {
                return Optional.of(new Mistake(at(mark, matcher.start(1)), quoteIt(matcher.group(1))));
            }
        }
        return Optional.empty();
    }

    /** A brace that opens a map with keys is YAML as it should be. */
    private static boolean isValue(String found) {
        return !found.startsWith("{") || found.matches("\\{[^\\s:,{}]+}.*");
    }

    private static String quoteIt(String value) {
        String begins = REFERENCE.matcher(value).lookingAt() ? "contains ${" : "begins with " + value.charAt(0);
        return "quote a value that " + begins + ": \"" + value + "\"";
    }

    private static Mark at(Mark mark, int index) {
        return new Mark(mark.file(), mark.line(), index + 1);
    }

    /** The line with everything in quotes and comments blanked, so that positions stay. */
    private static String outsideQuotes(String line) {
        StringBuilder outside = new StringBuilder(line);
        char quote = 0;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (quote == 0 && c == '#' && (i == 0 || line.charAt(i - 1) == ' ')) {
                outside.setLength(i);
                return outside.toString();
            }
            if (quote == 0 && (c == '"' || c == '\'')) {
                quote = c;
                outside.setCharAt(i, '"');
            } else if (c == quote) {
                quote = 0;
                outside.setCharAt(i, '"');
            } else if (quote != 0) {
                outside.setCharAt(i, '"');
            }
        }
        return outside.toString();
    }

    private static String colonHint(MarkedYamlEngineException e) {
        return e.getProblem().contains("mapping values") ? "; quote a value that contains ': '" : "";
    }
}

package io.sluice.adapter.opcua;

import io.sluice.adapter.opcua.TagAddress.Identifier;
import io.sluice.adapter.opcua.TagAddress.PatternStep;
import io.sluice.profiles.Mark;
import io.sluice.profiles.Problems;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads NodeIds and browse paths as users write them, with the prefixes of one profile. */
final class AddressParser {

    private static final Pattern PREFIXED =
            Pattern.compile("(?:(?<prefix>[A-Za-z_][A-Za-z0-9_-]*):)?(?<kind>[isgb])=(?<id>.+)", Pattern.DOTALL);
    private static final Pattern BY_URI =
            Pattern.compile("nsu=(?<uri>[^;]+);(?<kind>[isgb])=(?<id>.+)", Pattern.DOTALL);
    private static final Pattern BY_INDEX = Pattern.compile("ns=\\d+;.*", Pattern.DOTALL);
    private static final long MAX_NUMERIC = 0xFFFF_FFFFL;

    private final Map<String, String> namespaces;
    private final Problems problems;

    /**
     * @param namespaces URI by prefix
     */
    AddressParser(Map<String, String> namespaces, Problems problems) {
        this.namespaces = Map.copyOf(namespaces);
        this.problems = problems;
    }

    /** {@code p:s=Press.State}, {@code i=2258}, {@code nsu=http://vendor.example/press;s=Press.State}. */
    Optional<TagAddress.Node> node(String text, Mark mark) {
        Matcher byUri = BY_URI.matcher(text);
        if (byUri.matches()) {
            return identifier(text, byUri.group("kind"), byUri.group("id"), mark)
                    .map(id -> new TagAddress.Node(ByUri.unescaped(byUri.group("uri")), id));
        }
        if (BY_INDEX.matcher(text).matches()) {
            problems.error(
                    mark,
                    "node '" + text
                            + "' names its namespace by index, which may change when the server restarts: declare the"
                            + " URI under namespaces: { p: \"http://…\" } and write p:"
                            + text.substring(text.indexOf(';') + 1));
            return Optional.empty();
        }
        Matcher prefixed = PREFIXED.matcher(text);
        if (!prefixed.matches()) {
            problems.error(
                    mark, "bad node '" + text + "', expected a NodeId such as \"p:s=Press.State\", i=2258, g=… or b=…");
            return Optional.empty();
        }
        Optional<String> uri = namespace(prefixed.group("prefix"), text, mark);
        Optional<Identifier> id = identifier(text, prefixed.group("kind"), prefixed.group("id"), mark);
        return uri.flatMap(u -> id.map(i -> new TagAddress.Node(u, i)));
    }

    /** {@code /Objects/p:Press/p:Level}. {@code &} takes the next character as it is, as in Part 4 §A.2. */
    Optional<TagAddress.Path> path(String text, Mark mark) {
        if (!text.startsWith("/") || text.endsWith("/")) {
            problems.error(
                    mark, "bad path '" + text + "', expected a browse path such as \"/Objects/p:Press/p:Level\"");
            return Optional.empty();
        }
        List<TagAddress.Step> steps = new ArrayList<>();
        boolean good = true;
        int from = 1;
        while (from <= text.length()) {
            int end = endOfStep(text, from);
            Optional<TagAddress.Step> step = step(text.substring(from, end), text, mark);
            step.ifPresent(steps::add);
            good &= step.isPresent();
            from = end + 1;
        }
        return good ? Optional.of(new TagAddress.Path(steps)) : Optional.empty();
    }

    /** Whether a browse path has a {@code *} that is not escaped. */
    static boolean isPattern(String path) {
        return path.replaceAll("&.", "").indexOf('*') >= 0;
    }

    /**
     * {@code /Objects/p:Press/*&#47;p:Temp*}, {@code /Objects/p:Press/**}: {@code *} is any part of a name, {@code **} alone any
     * number of steps. A step with a {@code *} and without a prefix is of any namespace.
     */
    Optional<TagAddress.Pattern> pattern(String text, Mark mark) {
        Optional<TagAddress.Path> plain = path(text, mark);
        if (plain.isEmpty()) {
            return Optional.empty();
        }
        List<TagAddress.Step> start = new ArrayList<>();
        List<PatternStep> rest = new ArrayList<>();
        int at = 0;
        for (String step : steps(text)) {
            if (rest.isEmpty() && !isPattern(step)) {
                start.add(plain.get().steps().get(at));
            } else {
                rest.add(patternStep(step, plain.get().steps().get(at)));
            }
            at++;
        }
        if (start.isEmpty()) {
            problems.error(mark, "path '" + text + "' begins with a pattern, expected a name such as /Objects first");
            return Optional.empty();
        }
        return Optional.of(new TagAddress.Pattern(start, rest));
    }

    private static List<String> steps(String path) {
        List<String> steps = new ArrayList<>();
        for (int from = 1; from <= path.length(); ) {
            int end = endOfStep(path, from);
            steps.add(path.substring(from, end));
            from = end + 1;
        }
        return steps;
    }

    private static PatternStep patternStep(String written, TagAddress.Step read) {
        boolean wild = isPattern(written);
        int colon = colon(written);
        String glob = written.substring(colon + 1);
        return new PatternStep(
                wild && colon < 0 ? Optional.empty() : Optional.of(read.namespaceUri()),
                regex(glob),
                !wild,
                glob.equals("**"));
    }

    private static String regex(String glob) {
        StringBuilder regex = new StringBuilder();
        for (int at = 0; at < glob.length(); at++) {
            char c = glob.charAt(at);
            if (c == '*') {
                regex.append(".*");
            } else {
                at += c == '&' && at + 1 < glob.length() ? 1 : 0;
                regex.append(Pattern.quote(String.valueOf(glob.charAt(at))));
            }
        }
        return regex.toString();
    }

    private static int endOfStep(String text, int from) {
        int at = from;
        while (at < text.length() && text.charAt(at) != '/') {
            at += text.charAt(at) == '&' ? 2 : 1;
        }
        return Math.min(at, text.length());
    }

    private Optional<TagAddress.Step> step(String step, String whole, Mark mark) {
        int colon = colon(step);
        String name = unescape(step.substring(colon + 1));
        if (name.isEmpty()) {
            problems.error(mark, "path '" + whole + "' has an empty step");
            return Optional.empty();
        }
        return namespace(colon < 0 ? null : step.substring(0, colon), whole, mark)
                .map(uri -> new TagAddress.Step(uri, name));
    }

    private static int colon(String step) {
        for (int at = 0; at < step.length(); at++) {
            switch (step.charAt(at)) {
                case ':' -> {
                    return at;
                }
                case '&' -> at++;
                default -> {
                    // Part of the prefix or of the name.
                }
            }
        }
        return -1;
    }

    private static String unescape(String text) {
        return text.replaceAll("&(.)", "$1");
    }

    private Optional<String> namespace(@Nullable String prefix, String text, Mark mark) {
        if (prefix == null) {
            return Optional.of(TagAddress.STANDARD_NAMESPACE);
        }
        @Nullable String uri = namespaces.get(prefix);
        if (uri == null) {
            problems.error(
                    mark,
                    "unknown namespace prefix '" + prefix + "' in '" + text + "', expected "
                            + (namespaces.isEmpty()
                                    ? "one that is declared: namespaces: { " + prefix + ": \"http://…\" }"
                                    : "one of "
                                            + String.join(
                                                    ", ",
                                                    namespaces.keySet().stream()
                                                            .sorted()
                                                            .toList())));
        }
        return Optional.ofNullable(uri);
    }

    private Optional<Identifier> identifier(String text, String kind, String id, Mark mark) {
        try {
            return Optional.of(identifier(kind, id));
        } catch (IllegalArgumentException e) {
            problems.error(mark, "bad node '" + text + "': " + expected(kind));
            return Optional.empty();
        }
    }

    private static Identifier identifier(String kind, String id) {
        return switch (kind) {
            case "i" -> numeric(id);
            case "g" -> new TagAddress.Guid(UUID.fromString(id));
            case "b" -> {
                Base64.getDecoder().decode(id);
                yield new TagAddress.Opaque(id);
            }
            default -> new TagAddress.Text(id);
        };
    }

    private static Identifier numeric(String id) {
        long value = Long.parseLong(id);
        if (value < 0 || value > MAX_NUMERIC) {
            throw new IllegalArgumentException(id);
        }
        return new TagAddress.Numeric(value);
    }

    private static String expected(String kind) {
        return switch (kind) {
            case "i" -> "i= takes a number from 0 to 4294967295";
            case "g" -> "g= takes a GUID such as 09087e75-8e5e-499b-954f-f2a9603db28a";
            default -> "b= takes base64";
        };
    }
}

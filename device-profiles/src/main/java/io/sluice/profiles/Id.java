package io.sluice.profiles;

import java.util.Optional;
import java.util.regex.Pattern;

/** Names that end up in topics, on the wire and in command lines: gateways, devices, tags, connections. */
public final class Id {

    private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    public static final String EXPECTED =
            "a letter or digit, then letters, digits, '.', '_' or '-', 64 characters at most";

    public static final SettingType<String> TYPE = SettingType.text("name", EXPECTED, Id::parse);

    private Id() {}

    public static Optional<String> parse(String text) {
        return GRAMMAR.matcher(text).matches() ? Optional.of(text) : Optional.empty();
    }

    /** Whether a key is such a name; if not, it is reported. */
    static boolean check(Node.Scalar key, String of, Problems problems) {
        if (parse(key.text()).isPresent()) {
            return true;
        }
        problems.error(key.mark(), "bad name '" + key.text() + "' of " + of + ", expected " + EXPECTED);
        return false;
    }
}

package io.sluice.profiles;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Fills in what is taken from outside: <code>${NAME}</code> from the environment, <code>${file:PATH}</code> and
 * <code>${credential:NAME}</code> from files. <code>$${</code> stands for <code>${</code> itself. A file's last line break
 * is left out. What was filled in is not looked at again, and braces without a dollar sign are none of its business.
 */
public final class Substitution {

    private static final Pattern REFERENCE = Pattern.compile("(\\$?)\\$\\{([^}]*)}");
    private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
    private static final Pattern CREDENTIAL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]*");

    private final Map<String, String> environment;
    private final boolean credentialsNeeded;

    /**
     * @param environment of the process; {@code CREDENTIALS_DIRECTORY} is where systemd puts credentials
     * @param credentialsNeeded whether a credential that is not there is an error also outside systemd; else a warning
     */
    public Substitution(Map<String, String> environment, boolean credentialsNeeded) {
        this.environment = Map.copyOf(environment);
        this.credentialsNeeded = credentialsNeeded;
    }

    /** What stands behind one reference: a text and perhaps its file, or what is wrong. */
    private record Found(String text, Optional<Path> path, Optional<String> missing) {
        static Found missing(String message) {
            return new Found("", Optional.empty(), Optional.of(message));
        }
    }

    Node.Scalar apply(Node.Scalar written, Problems problems) {
        Matcher matcher = REFERENCE.matcher(written.text());
        StringBuilder text = new StringBuilder();
        Optional<Path> path = Optional.empty();
        Optional<String> missing = Optional.empty();
        boolean replaced = false;
        while (matcher.find()) {
            if (!matcher.group(1).isEmpty()) {
                matcher.appendReplacement(
                        text, Matcher.quoteReplacement(matcher.group().substring(1)));
                continue;
            }
            replaced = true;
            Found found = find(matcher.group(2), written.mark(), problems);
            matcher.appendReplacement(text, Matcher.quoteReplacement(found.text()));
            boolean whole = matcher.end() - matcher.start() == written.text().length();
            path = whole ? found.path() : Optional.empty();
            missing = missing.or(found::missing);
        }
        matcher.appendTail(text);
        boolean quoted = replaced ? !looksTyped(text.toString()) : written.quoted();
        return new Node.Scalar(text.toString(), quoted, written.mark(), path, missing);
    }

    /** A reference has to be quoted in many places; that must not turn a port number into text. */
    private static boolean looksTyped(String text) {
        return text.equals("true")
                || text.equals("false")
                || Numbers.whole(text).isPresent()
                || Numbers.decimal(text).isPresent();
    }

    private Found find(String reference, Mark mark, Problems problems) {
        if (reference.startsWith("file:")) {
            return file(reference.substring("file:".length()), mark);
        }
        if (reference.startsWith("credential:")) {
            return credential(reference.substring("credential:".length()), mark, problems);
        }
        return variable(reference);
    }

    private Found variable(String name) {
        if (!VARIABLE.matcher(name).matches()) {
            return Found.missing(
                    "bad reference '${" + name + "}', expected ${NAME}, ${file:PATH} or ${credential:NAME}");
        }
        @Nullable String value = environment.get(name);
        return value == null
                ? Found.missing("environment variable " + name + " is not set")
                : new Found(value, Optional.empty(), Optional.empty());
    }

    private static Found file(String name, Mark mark) {
        try {
            return content(Path.of(mark.file()).resolveSibling(name));
        } catch (InvalidPathException e) {
            return Found.missing("bad path in '${file:" + name + "}': " + e.getReason());
        }
    }

    private Found credential(String name, Mark mark, Problems problems) {
        if (!CREDENTIAL.matcher(name).matches()) {
            return Found.missing("bad name of a credential in '${credential:" + name + "}'");
        }
        @Nullable String directory = environment.get("CREDENTIALS_DIRECTORY");
        if (directory != null) {
            return content(Path.of(directory, name));
        }
        String unset = "credential '" + name + "' is not set; systemd gives it with LoadCredential=" + name + ":PATH";
        if (credentialsNeeded) {
            return Found.missing(unset);
        }
        problems.warning(mark, unset);
        return new Found("", Optional.of(Path.of("${credential:" + name + "}")), Optional.empty());
    }

    /** Bytes that are no UTF-8 are replaced: a file that is no text is used by its path, never by its content. */
    private static Found content(Path path) {
        try {
            String text = new String(Files.readAllBytes(path), StandardCharsets.UTF_8);
            return new Found(text.replaceFirst("\\R\\z", ""), Optional.of(path), Optional.empty());
        } catch (IOException e) {
            return Found.missing("cannot read file '" + path + "'" + reason(path));
        }
    }

    private static String reason(Path path) {
        return Files.exists(path) ? "" : ": there is no such file";
    }
}

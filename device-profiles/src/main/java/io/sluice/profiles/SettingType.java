package io.sluice.profiles;

import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SortedMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** How a setting's YAML becomes a value. Implementations are stateless; most come from the factories below. */
public interface SettingType<T> {

    /** What is expected, for error messages and reference pages: {@code "a duration such as 500ms, 2s or 1h"}. */
    String expected();

    /**
     * The value, or {@code null} after a problem was reported with the node's mark.
     *
     * @param name of the setting, as users write it, for the message
     */
    @Nullable
    T parse(String name, Node node, Problems problems);

    /** A value as users write it, for reference pages. */
    default String written(T value) {
        return String.valueOf(value);
    }

    /** Any text, quoted or not; not empty unless quoted. */
    static SettingType<String> text() {
        return text("text", "text", Optional::of);
    }

    /**
     * A value written as one text, quoted or not.
     *
     * @param noun what the message calls it: {@code bad NOUN 'x' for poll}
     * @param reader empty if the text is not such a value
     */
    static <T> SettingType<T> text(String noun, String expected, Function<String, Optional<T>> reader) {
        return new ScalarType<>(noun, expected, false, reader);
    }

    /** A whole number without quotes, decimal or {@code 0x…}; both ends included. */
    static SettingType<Integer> integer(int min, int max) {
        return Numbers.integer(min, max);
    }

    /** A number without quotes, kept exactly. */
    static SettingType<BigDecimal> decimal() {
        return Numbers.DECIMAL;
    }

    /** {@code true} or {@code false} without quotes. */
    static SettingType<Boolean> bool() {
        return ScalarType.BOOLEAN;
    }

    /** A number and one of us, ms, s, min, h, d. Zero is allowed. */
    static SettingType<Duration> duration() {
        return Quantities.DURATION;
    }

    /** A duration within limits; both ends included. */
    static SettingType<Duration> duration(Duration min, Duration max) {
        return Quantities.duration(min, max);
    }

    /** Bytes: a number and one of B, KiB, MiB, GiB. */
    static SettingType<Long> size() {
        return Quantities.SIZE;
    }

    /** A size within limits, in bytes; both ends included. */
    static SettingType<Long> size(long minBytes, long maxBytes) {
        return Quantities.size(minBytes, maxBytes);
    }

    /** Something per second: {@code 2000/s}. */
    static SettingType<Integer> rate() {
        return Quantities.RATE;
    }

    /** One of a few names; the nearest is offered. The map's order is the order in messages. */
    static <T> SettingType<T> choice(SequencedMap<String, T> choices) {
        return new Choice<>(choices);
    }

    /** One of a few words that stand for themselves; the nearest is offered. */
    static SettingType<String> choice(String... words) {
        SequencedMap<String, String> choices = new LinkedHashMap<>();
        for (String word : words) {
            choices.put(word, word);
        }
        return choice(choices);
    }

    /** The constants of an enum in lower case with hyphens: {@code DROP_OLDEST} is {@code drop-oldest}. */
    static <E extends Enum<E>> SettingType<E> choice(Class<E> type) {
        return Choice.of(type);
    }

    /** A file, relative to the file in which it is written; it must be there. A reference gives the file behind it. */
    static SettingType<Path> file() {
        return new PathType(true);
    }

    /** A path, relative to the file in which it is written; it need not be there. */
    static SettingType<Path> path() {
        return new PathType(false);
    }

    /** A map whose keys are read by somebody else. */
    static SettingType<Node.Mapping> mapping() {
        return MapTypes.MAPPING;
    }

    /** Anything; read by somebody else. */
    static SettingType<Node> node() {
        return MapTypes.NODE;
    }

    /** {@code [ a, b ]}, not empty. */
    static <T> SettingType<List<T>> list(SettingType<T> item) {
        return new ListType<>(item);
    }

    /** {@code { name: text }}. */
    static SettingType<Map<String, String>> textMap() {
        return MapTypes.TEXT;
    }

    /** {@code { 0: closed, 1: open }}. */
    static SettingType<SortedMap<Long, String>> states() {
        return MapTypes.STATES;
    }
}

package io.sluice.profiles;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers with a unit: durations, sizes, rates. Nine digits keep every product within 64 bits. */
final class Quantities {

    private static final Pattern QUANTITY = Pattern.compile("(\\d{1,9})([A-Za-z]{1,3})");
    private static final Pattern PER_SECOND = Pattern.compile("([1-9]\\d{0,8})/s");

    private static final Map<String, ChronoUnit> TIME_UNITS = Map.of(
            "us", ChronoUnit.MICROS,
            "ms", ChronoUnit.MILLIS,
            "s", ChronoUnit.SECONDS,
            "min", ChronoUnit.MINUTES,
            "h", ChronoUnit.HOURS,
            "d", ChronoUnit.DAYS);

    private static final Map<String, Long> SIZE_UNITS =
            Map.of("B", 1L, "KiB", 1L << 10, "MiB", 1L << 20, "GiB", 1L << 30);

    static final SettingType<Duration> DURATION = new ScalarType<>(
            "duration", "a duration such as 500ms, 2s or 1h", false, Quantities::duration, Quantities::written);
    static final SettingType<Long> SIZE =
            new ScalarType<>("size", "a size such as 64KiB or 512MiB", false, Quantities::bytes, Quantities::written);
    static final SettingType<Integer> RATE =
            new ScalarType<>("rate", "a rate such as 2000/s", false, Quantities::perSecond, rate -> rate + "/s");

    private Quantities() {}

    static SettingType<Duration> duration(Duration min, Duration max) {
        String expected = "a duration such as 500ms, 2s or 1h, from " + written(min) + " to " + written(max);
        return new ScalarType<>(
                "duration",
                expected,
                false,
                text -> duration(text).filter(value -> value.compareTo(min) >= 0 && value.compareTo(max) <= 0),
                Quantities::written);
    }

    static SettingType<Long> size(long minBytes, long maxBytes) {
        String expected = "a size such as 64KiB or 512MiB, from " + written(minBytes) + " to " + written(maxBytes);
        return new ScalarType<>(
                "size",
                expected,
                false,
                text -> bytes(text).filter(value -> value >= minBytes && value <= maxBytes),
                Quantities::written);
    }

    static Optional<Duration> duration(String text) {
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        @Nullable ChronoUnit unit = TIME_UNITS.get(matcher.group(2));
        return Optional.ofNullable(unit).map(u -> Duration.of(Long.parseLong(matcher.group(1)), u));
    }

    static Optional<Long> bytes(String text) {
        Matcher matcher = QUANTITY.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        @Nullable Long unit = SIZE_UNITS.get(matcher.group(2));
        return Optional.ofNullable(unit).map(u -> u * Long.parseLong(matcher.group(1)));
    }

    private static Optional<Integer> perSecond(String text) {
        Matcher matcher = PER_SECOND.matcher(text);
        return matcher.matches() ? Optional.of(Integer.valueOf(matcher.group(1))) : Optional.empty();
    }

    /** As users write it, in the largest unit that leaves nothing over. */
    static String written(Duration duration) {
        if (duration.isZero()) {
            return "0ms";
        }
        for (String unit : new String[] {"d", "h", "min", "s", "ms"}) {
            Duration one = TIME_UNITS.getOrDefault(unit, ChronoUnit.SECONDS).getDuration();
            if (duration.equals(one.multipliedBy(duration.dividedBy(one)))) {
                return duration.dividedBy(one) + unit;
            }
        }
        return duration.toNanos() / 1000 + "us";
    }

    /** As users write it, in the largest unit that leaves nothing over. */
    static String written(long bytes) {
        for (String unit : new String[] {"GiB", "MiB", "KiB"}) {
            long one = SIZE_UNITS.getOrDefault(unit, 1L);
            if (bytes >= one && bytes % one == 0) {
                return bytes / one + unit;
            }
        }
        return bytes + "B";
    }
}

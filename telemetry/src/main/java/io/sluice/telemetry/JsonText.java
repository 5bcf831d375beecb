package io.sluice.telemetry;

import java.math.BigInteger;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.Locale;
import tools.jackson.core.JsonGenerator;

/** How times, durations and constants are written in JSON. */
final class JsonText {

    private static final DateTimeFormatter NINE_DIGITS =
            new DateTimeFormatterBuilder().appendInstant(9).toFormatter(Locale.ROOT);

    private JsonText() {}

    /** UTC, ISO 8601, always nine digits of a second. */
    static String utc(PtpTimestamp time) {
        return utc(time, 0);
    }

    /**
     * @param offsetSeconds of the time's scale to UTC
     */
    static String utc(PtpTimestamp time, int offsetSeconds) {
        return NINE_DIGITS.format(Instant.ofEpochSecond(time.seconds() - offsetSeconds, time.nanoseconds()));
    }

    /**
     * @throws java.time.format.DateTimeParseException if the text is no such time
     * @throws IllegalArgumentException if the time is outside the range of a timestamp
     */
    static PtpTimestamp time(String utc, int offsetSeconds) {
        Instant instant = Instant.parse(utc);
        return new PtpTimestamp(instant.getEpochSecond() + offsetSeconds, instant.getNano());
    }

    /** A number of the largest unit that says it exactly: {@code 2ms}, {@code 1500us}, {@code -37s}. */
    static String duration(long nanos) {
        if (nanos % 1_000 != 0) {
            return nanos + "ns";
        }
        if (nanos % 1_000_000 != 0) {
            return nanos / 1_000 + "us";
        }
        return nanos % 1_000_000_000 != 0 ? nanos / 1_000_000 + "ms" : nanos / 1_000_000_000 + "s";
    }

    /**
     * @throws IllegalArgumentException if the text has another form
     * @throws ArithmeticException if it is over 292 years
     */
    static long nanos(String duration) {
        int unit = 0;
        while (unit < duration.length() && !Character.isLetter(duration.charAt(unit))) {
            unit++;
        }
        long factor = switch (duration.substring(unit)) {
            case "ns" -> 1;
            case "us" -> 1_000;
            case "ms" -> 1_000_000;
            case "s" -> 1_000_000_000;
            default -> throw new IllegalArgumentException("not a duration in ns, us, ms or s: " + duration);
        };
        return Math.multiplyExact(Long.parseLong(duration.substring(0, unit)), factor);
    }

    /** A number of which the bits stand for an unsigned one. */
    static void writeUnsigned(JsonGenerator json, long number) {
        if (number < 0) {
            json.writeNumber(new BigInteger(Long.toUnsignedString(number)));
        } else {
            json.writeNumber(number);
        }
    }

    /** {@code HAND_OFF_FULL} as {@code hand-off-full}. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The constant of a name; {@code fallback} for one that this code does not know. */
    static <E extends Enum<E>> E constant(Class<E> type, String name, E fallback) {
        for (E constant : type.getEnumConstants()) {
            if (name(constant).equals(name)) {
                return constant;
            }
        }
        return fallback;
    }
}

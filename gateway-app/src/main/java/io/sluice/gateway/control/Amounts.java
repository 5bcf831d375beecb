package io.sluice.gateway.control;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Amounts as people read them. */
final class Amounts {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
    private static final long SECOND = 1_000_000_000L;

    private Amounts() {}

    /** {@code 850 ms}, {@code 12 s}, {@code 48 min}, {@code 3 h 20 min}, {@code 12 d 4 h}. */
    static String duration(Duration time) {
        if (time.isNegative()) {
            return "0 s";
        }
        if (time.toSeconds() < 1) {
            return time.toMillis() + " ms";
        }
        if (time.toMinutes() < 2) {
            return time.toSeconds() + " s";
        }
        if (time.toHours() < 2) {
            return time.toMinutes() + " min";
        }
        return time.toDays() < 2
                ? time.toHours() + " h " + time.toMinutesPart() + " min"
                : time.toDays() + " d " + time.toHoursPart() + " h";
    }

    static String bytes(long count) {
        double amount = count;
        int unit = 0;
        while (amount >= 1024 && unit < UNITS.length - 1) {
            amount /= 1024;
            unit++;
        }
        return (unit == 0 ? "%.0f %s" : "%.1f %s").formatted(amount, UNITS[unit]);
    }

    static Instant instant(long utcNanos) {
        return Instant.ofEpochSecond(Math.floorDiv(utcNanos, SECOND), Math.floorMod(utcNanos, SECOND));
    }

    /** {@code 2026-11-20 02:11:40Z (48 min)}. */
    static String since(long utcNanos, long now) {
        return TIME.format(instant(utcNanos)) + " (" + duration(Duration.ofNanos(now - utcNanos)) + ")";
    }
}

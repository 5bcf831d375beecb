package io.sluice.gateway.time;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The history of TAI - UTC, as the IERS publishes it and Debian's {@code tzdata} installs it. It says until when it holds:
 * after that, nothing is known from it. Immutable.
 */
final class LeapSeconds {

    /** Knows nothing. */
    static final LeapSeconds NONE = new LeapSeconds(new TreeMap<>(), Long.MIN_VALUE);

    private static final Logger LOG = LoggerFactory.getLogger(LeapSeconds.class);
    private static final List<Path> PLACES =
            List.of(Path.of("/usr/share/zoneinfo/leap-seconds.list"), Path.of("/etc/leap-seconds.list"));

    /** 1900-01-01, from where NTP counts, to 1970-01-01. */
    private static final long NTP_TO_UNIX_SECONDS = 2_208_988_800L;

    private final NavigableMap<Long, Integer> offsetFrom;
    private final long expiryUtcSeconds;

    private LeapSeconds(NavigableMap<Long, Integer> offsetFrom, long expiryUtcSeconds) {
        this.offsetFrom = offsetFrom;
        this.expiryUtcSeconds = expiryUtcSeconds;
    }

    /** The system's file, or {@link #NONE} where there is none that can be read. */
    static LeapSeconds ofSystem() {
        return PLACES.stream()
                .filter(Files::isReadable)
                .map(LeapSeconds::load)
                .findFirst()
                .orElse(NONE);
    }

    private static LeapSeconds load(Path file) {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return parse(lines.toList());
        } catch (IOException | IllegalArgumentException e) {
            LOG.warn("{} is not used as leap-seconds file: {}", file, e.toString());
            return NONE;
        }
    }

    /**
     * Reads {@code leap-seconds.list}: lines of NTP seconds and TAI - UTC; {@code #@} and NTP seconds say the expiry.
     *
     * @throws IllegalArgumentException if a line is malformed or no expiry is given
     */
    static LeapSeconds parse(List<String> lines) {
        NavigableMap<Long, Integer> offsets = new TreeMap<>();
        long expiry = Long.MIN_VALUE;
        for (String line : lines) {
            if (line.startsWith("#@")) {
                expiry = fromNtp(line.substring(2).strip());
            } else if (!line.startsWith("#") && !line.isBlank()) {
                String[] fields = line.strip().split("\\s+", 3);
                offsets.put(fromNtp(fields[0]), Integer.valueOf(fields[1]));
            }
        }
        if (expiry == Long.MIN_VALUE) {
            throw new IllegalArgumentException("it has no line #@ with its expiry");
        }
        return new LeapSeconds(offsets, expiry);
    }

    private static long fromNtp(String seconds) {
        return Long.parseLong(seconds) - NTP_TO_UNIX_SECONDS;
    }

    /** TAI - UTC in seconds; empty before 1972 and from the day of expiry on. */
    OptionalInt offsetAt(long utcSeconds) {
        var entry = offsetFrom.floorEntry(utcSeconds);
        return entry == null || utcSeconds >= expiryUtcSeconds ? OptionalInt.empty() : OptionalInt.of(entry.getValue());
    }
}

package io.sluice.profiles;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedMap;

/**
 * One tag: the keys that all protocols share, typed, and the protocol's own in {@code settings}.
 *
 * @param mark of the tag's name
 * @param unit UCUM, empty if none
 * @param description for people, empty if none
 * @param poll interval of this tag alone
 * @param scale factor, exact decimal: value × scale + offset
 * @param deadband present: report on change only, beyond this band
 * @param maxInterval with a deadband: report at least this often
 * @param range engineering range, for percent deadbands and for writes
 * @param states names of the numbers of an enumeration, empty if it is none
 * @param writable whether somebody may write it
 * @param step what a written value must be a multiple of, in engineering units; above 0
 */
public record TagDefinition(
        String name,
        Mark mark,
        String unit,
        String description,
        Optional<Duration> poll,
        Optional<BigDecimal> scale,
        Optional<BigDecimal> offset,
        Optional<Deadband> deadband,
        Optional<Duration> maxInterval,
        Optional<Range> range,
        SortedMap<Long, String> states,
        boolean writable,
        Optional<BigDecimal> step,
        Settings settings) {

    /** A tag that is only read. */
    public TagDefinition(
            String name,
            Mark mark,
            String unit,
            String description,
            Optional<Duration> poll,
            Optional<BigDecimal> scale,
            Optional<BigDecimal> offset,
            Optional<Deadband> deadband,
            Optional<Duration> maxInterval,
            Optional<Range> range,
            SortedMap<Long, String> states,
            Settings settings) {
        this(
                name,
                mark,
                unit,
                description,
                poll,
                scale,
                offset,
                deadband,
                maxInterval,
                range,
                states,
                false,
                Optional.empty(),
                settings);
    }

    /**
     * @param value engineering units, or percent of the range
     */
    public record Deadband(BigDecimal value, boolean percent) {}

    public record Range(BigDecimal low, BigDecimal high) {}
}

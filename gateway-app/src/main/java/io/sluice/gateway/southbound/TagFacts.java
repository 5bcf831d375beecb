package io.sluice.gateway.southbound;

import io.sluice.adapter.TagMeaning;
import io.sluice.profiles.TagDefinition;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.TagDescriptor.Detail;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Collectors;

/**
 * What is known of a tag besides its address: what the profile says, and where it is silent what the device says.
 *
 * @param unit UCUM, empty if none
 * @param enumeration names of its values, empty if it is none
 * @param low lowest value in engineering units
 * @param high highest value in engineering units
 */
public record TagFacts(String unit, List<EnumValue> enumeration, Optional<BigDecimal> low, Optional<BigDecimal> high) {

    /** More would hide the others in a line of the log. */
    private static final int MOST_NAMES = 8;

    public TagFacts {
        enumeration = List.copyOf(enumeration);
    }

    /** @param described what the device said of it, or what its last birth says */
    public static TagFacts of(TagDefinition tag, Optional<TagDescriptor> described) {
        return new TagFacts(
                tag.unit().isEmpty() ? described.map(TagDescriptor::unit).orElse("") : tag.unit(),
                tag.states().isEmpty()
                        ? described.map(TagDescriptor::enumeration).orElse(List.of())
                        : tag.states().entrySet().stream()
                                .map(e -> new EnumValue(e.getKey(), e.getValue()))
                                .toList(),
                tag.range().map(TagDefinition.Range::low).or(() -> described.flatMap(d -> decimal(d.low()))),
                tag.range().map(TagDefinition.Range::high).or(() -> described.flatMap(d -> decimal(d.high()))));
    }

    /** The device speaks of the value that it sends: its ranges are scaled as that is. */
    public static TagMeaning inEngineeringUnits(TagDefinition tag, TagMeaning device) {
        if (tag.scale().isEmpty() && tag.offset().isEmpty()) {
            return device;
        }
        Scaling scaling =
                new Scaling(tag.scale().orElse(BigDecimal.ONE), tag.offset().orElse(BigDecimal.ZERO));
        boolean reversed = tag.scale().filter(scale -> scale.signum() < 0).isPresent();
        OptionalDouble low = scaled(scaling, device.low());
        OptionalDouble high = scaled(scaling, device.high());
        Detail detail = device.detail();
        OptionalDouble instrumentLow = scaled(scaling, detail.instrumentLow());
        OptionalDouble instrumentHigh = scaled(scaling, detail.instrumentHigh());
        return new TagMeaning(
                device.unit(),
                device.description(),
                device.enumeration(),
                reversed ? high : low,
                reversed ? low : high,
                new Detail(
                        detail.displayName(),
                        detail.typeDefinition(),
                        reversed ? instrumentHigh : instrumentLow,
                        reversed ? instrumentLow : instrumentHigh,
                        OptionalDouble.empty(),
                        detail.bits()),
                device.type());
    }

    private static OptionalDouble scaled(Scaling scaling, OptionalDouble value) {
        return value.isPresent()
                        && scaling.apply(new Value.Float64(value.getAsDouble())) instanceof Value.Float64(double result)
                ? OptionalDouble.of(result)
                : OptionalDouble.empty();
    }

    /** What the profile says otherwise than the device, for people; empty if nothing. */
    static String difference(TagDefinition tag, TagMeaning device) {
        List<String> differences = new ArrayList<>();
        if (!tag.unit().isEmpty() && !device.unit().isEmpty() && !tag.unit().equals(device.unit())) {
            differences.add("unit " + tag.unit() + ", not " + device.unit());
        }
        tag.range().ifPresent(range -> {
            OptionalDouble low = OptionalDouble.of(range.low().doubleValue());
            OptionalDouble high = OptionalDouble.of(range.high().doubleValue());
            if (differs(device.low(), low) || differs(device.high(), high)) {
                differences.add("range %s to %s, not %s to %s"
                        .formatted(range.low(), range.high(), end(device.low(), "-∞"), end(device.high(), "∞")));
            }
        });
        List<EnumValue> names = tag.states().entrySet().stream()
                .map(e -> new EnumValue(e.getKey(), e.getValue()))
                .toList();
        if (!names.isEmpty() && !device.enumeration().isEmpty() && !names.equals(device.enumeration())) {
            differences.add("states " + written(names) + ", not " + written(device.enumeration()));
        }
        return String.join("; ", differences);
    }

    /** An end that the device does not name is no other one. */
    private static boolean differs(OptionalDouble device, OptionalDouble profile) {
        return device.isPresent() && !device.equals(profile);
    }

    private static String end(OptionalDouble end, String none) {
        return end.isPresent() ? String.valueOf(end.getAsDouble()) : none;
    }

    private static String written(List<EnumValue> names) {
        return names.stream()
                .limit(MOST_NAMES)
                .map(name -> name.value() + ": " + name.name())
                .collect(Collectors.joining(", ", "{ ", names.size() > MOST_NAMES ? ", … }" : " }"));
    }

    private static Optional<BigDecimal> decimal(OptionalDouble value) {
        return value.isPresent() && Double.isFinite(value.getAsDouble())
                ? Optional.of(BigDecimal.valueOf(value.getAsDouble()))
                : Optional.empty();
    }
}

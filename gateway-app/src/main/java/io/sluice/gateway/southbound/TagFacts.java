package io.sluice.gateway.southbound;

import io.sluice.profiles.TagDefinition;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What is known of a tag besides its address: what the profile says, and where it is silent what the device says.
 *
 * @param unit UCUM, empty if none
 * @param enumeration names of its values, empty if it is none
 * @param low lowest value in engineering units
 * @param high highest value in engineering units
 */
public record TagFacts(String unit, List<EnumValue> enumeration, Optional<BigDecimal> low, Optional<BigDecimal> high) {

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

    private static Optional<BigDecimal> decimal(OptionalDouble value) {
        return value.isPresent() && Double.isFinite(value.getAsDouble())
                ? Optional.of(BigDecimal.valueOf(value.getAsDouble()))
                : Optional.empty();
    }
}

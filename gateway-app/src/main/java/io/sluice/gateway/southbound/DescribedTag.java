package io.sluice.gateway.southbound;

import io.sluice.adapter.DevicePlan.PlannedTag;
import io.sluice.adapter.TagMeaning;
import io.sluice.profiles.TagDefinition;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.TagDescriptor.Detail;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.ValueType;
import java.util.List;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What a tag is called and what its values mean: what the profile says, and where it is silent what the device says. Confined
 * to the device's thread.
 */
final class DescribedTag {

    private final TagDefinition definition;
    private final PlannedTag planned;

    private @Nullable String name;
    private String source;
    private String unit;
    private String description;
    private Detail detail = Detail.NONE;
    private List<EnumValue> enumeration;
    private OptionalDouble low = OptionalDouble.empty();
    private OptionalDouble high = OptionalDouble.empty();
    private String toldDifference = "";

    DescribedTag(TagDefinition definition, PlannedTag planned) {
        this.definition = definition;
        this.planned = planned;
        this.name = planned.template() ? null : planned.name();
        this.source = planned.source();
        this.unit = definition.unit();
        this.description = definition.description();
        this.enumeration = definition.states().entrySet().stream()
                .map(e -> new EnumValue(e.getKey(), e.getValue()))
                .toList();
        definition.range().ifPresent(range -> {
            low = OptionalDouble.of(range.low().doubleValue());
            high = OptionalDouble.of(range.high().doubleValue());
        });
    }

    /** Whether it has a name: the tag of a template has none before the device has one for it. */
    boolean isNamed() {
        return name != null;
    }

    String name() {
        if (name == null) {
            throw new IllegalStateException("a tag of template " + definition.name() + " has no name yet");
        }
        return name;
    }

    /** Takes the name and place that a tag of a template has on the device; returns whether either is another one. */
    boolean found(String its, String where) {
        boolean changed = !its.equals(name) || !where.equals(source);
        name = its;
        source = where;
        return changed;
    }

    /** Takes what the device says in its own numbers; returns whether that changes anything. */
    boolean describe(TagMeaning device) {
        return take(TagFacts.inEngineeringUnits(definition, device));
    }

    /** Takes what an earlier alias said, which is in engineering units; returns whether that changes anything. */
    boolean recall(TagDescriptor last) {
        return take(new TagMeaning(
                last.unit(), last.description(), last.enumeration(), last.low(), last.high(), last.detail()));
    }

    private boolean take(TagMeaning said) {
        TagDescriptor before = descriptor(ValueType.STRING);
        unit = definition.unit().isEmpty() ? said.unit() : definition.unit();
        description = definition.description().isEmpty() ? said.description() : definition.description();
        enumeration = definition.states().isEmpty() ? said.enumeration() : enumeration;
        if (definition.range().isEmpty()) {
            low = said.low();
            high = said.high();
        }
        detail = said.detail();
        return !descriptor(ValueType.STRING).equals(before);
    }

    /** Where the profile contradicts the device; empty if it does not, or if that was the answer before. */
    String newDifference(TagMeaning device) {
        String difference = TagFacts.difference(definition, TagFacts.inEngineeringUnits(definition, device));
        boolean told = difference.equals(toldDifference);
        toldDifference = difference;
        return told ? "" : difference;
    }

    /** All of it, for values of one type. */
    TagDescriptor descriptor(ValueType type) {
        return new TagDescriptor(
                name(), type, unit, description, enumeration, low, high, source, planned.kind(), detail);
    }

    /** From the lowest value to the highest in engineering units; zero while they are not known. */
    double span() {
        return low.isPresent() && high.isPresent() ? high.getAsDouble() - low.getAsDouble() : 0;
    }
}

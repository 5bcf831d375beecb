package io.sluice.adapter;

import io.sluice.telemetry.TagDescriptor.Detail;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import io.sluice.telemetry.ValueType;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a device itself says of a tag, in the units in which it sends the value.
 *
 * @param unit UCUM, empty if none
 * @param description for people, empty if none
 * @param enumeration names of the values in ascending order, empty if it is no enumeration
 * @param low lower end of the engineering range
 * @param high upper end of the engineering range
 * @param type in which the wire carries its values before scaling; empty where only a value can tell. No promise: a value may
 *     come in another one
 */
public record TagMeaning(
        String unit,
        String description,
        List<EnumValue> enumeration,
        OptionalDouble low,
        OptionalDouble high,
        Detail detail,
        Optional<ValueType> type) {

    /** The device says nothing. */
    public static final TagMeaning NONE =
            new TagMeaning("", "", List.of(), OptionalDouble.empty(), OptionalDouble.empty(), Detail.NONE);

    public TagMeaning {
        enumeration = List.copyOf(enumeration);
    }

    /** Of a device that does not say the type. */
    public TagMeaning(
            String unit,
            String description,
            List<EnumValue> enumeration,
            OptionalDouble low,
            OptionalDouble high,
            Detail detail) {
        this(unit, description, enumeration, low, high, detail, Optional.empty());
    }

    /** Of a device that says no more than the unit. */
    public static TagMeaning ofUnit(String unit) {
        return new TagMeaning(unit, "", List.of(), OptionalDouble.empty(), OptionalDouble.empty(), Detail.NONE);
    }
}

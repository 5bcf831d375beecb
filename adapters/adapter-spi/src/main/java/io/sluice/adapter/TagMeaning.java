package io.sluice.adapter;

import io.sluice.telemetry.TagDescriptor.Detail;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a device itself says of a tag, in the units in which it sends the value.
 *
 * @param unit UCUM, empty if none
 * @param description for people, empty if none
 * @param enumeration names of the values in ascending order, empty if it is no enumeration
 * @param low lower end of the engineering range
 * @param high upper end of the engineering range
 */
public record TagMeaning(
        String unit,
        String description,
        List<EnumValue> enumeration,
        OptionalDouble low,
        OptionalDouble high,
        Detail detail) {

    /** The device says nothing. */
    public static final TagMeaning NONE =
            new TagMeaning("", "", List.of(), OptionalDouble.empty(), OptionalDouble.empty(), Detail.NONE);

    public TagMeaning {
        enumeration = List.copyOf(enumeration);
    }

    /** Of a device that says no more than the unit. */
    public static TagMeaning ofUnit(String unit) {
        return new TagMeaning(unit, "", List.of(), OptionalDouble.empty(), OptionalDouble.empty(), Detail.NONE);
    }
}

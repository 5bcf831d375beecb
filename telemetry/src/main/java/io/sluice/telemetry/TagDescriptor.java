package io.sluice.telemetry;

import java.util.List;
import java.util.OptionalDouble;

/**
 * What a birth says of one tag. Two descriptors that differ get different aliases.
 *
 * @param unit UCUM, empty if none
 * @param description for people, empty if none
 * @param enumeration names of the values of an enumeration, in ascending order of value; empty if it is none
 * @param low lower end of the engineering range
 * @param high upper end of the engineering range
 * @param source address or NodeId as the protocol writes it
 */
public record TagDescriptor(
        String name,
        ValueType type,
        String unit,
        String description,
        List<EnumValue> enumeration,
        OptionalDouble low,
        OptionalDouble high,
        String source) {

    public TagDescriptor {
        enumeration = List.copyOf(enumeration);
    }

    public record EnumValue(long value, String name) {}
}

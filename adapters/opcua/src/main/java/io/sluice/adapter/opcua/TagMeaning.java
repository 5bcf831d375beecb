package io.sluice.adapter.opcua;

import io.sluice.telemetry.TagDescriptor.EnumValue;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What the server itself says of a tag.
 *
 * @param unit UCUM, empty if none
 * @param enumeration in ascending order of value
 */
record TagMeaning(String unit, List<EnumValue> enumeration, OptionalDouble low, OptionalDouble high) {

    static final TagMeaning NONE = new TagMeaning("", List.of(), OptionalDouble.empty(), OptionalDouble.empty());

    TagMeaning {
        enumeration = List.copyOf(enumeration);
    }
}

package io.sluice.adapter.opcua;

import io.sluice.telemetry.TagDescriptor.EnumValue;
import java.util.List;
import java.util.OptionalDouble;
import org.eclipse.milo.opcua.stack.core.OpcUaDataType;

/**
 * What a variable takes.
 *
 * @param type built-in type on the wire
 * @param array whether it takes an array, or an element of one by IndexRange
 * @param enumeration names that may be written instead of their numbers, empty if it is no enumeration
 * @param low lower end of the range that the server names for it
 * @param high upper end of that range
 */
record Target(OpcUaDataType type, boolean array, List<EnumValue> enumeration, OptionalDouble low, OptionalDouble high) {

    Target {
        enumeration = List.copyOf(enumeration);
    }
}

package io.sluice.adapter.opcua;

import io.sluice.adapter.Sample;
import io.sluice.telemetry.TagDescriptor.EnumValue;
import java.util.List;

/**
 * A variable with what it held when it was read.
 *
 * @param unit UCUM, empty if the server names none
 */
public record ReadNode(BrowsedNode node, Sample sample, String unit, List<EnumValue> enumeration) {}

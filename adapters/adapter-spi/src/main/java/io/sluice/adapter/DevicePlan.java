package io.sluice.adapter;

import io.sluice.profiles.DeviceDefinition;
import io.sluice.telemetry.TagDescriptor;
import io.sluice.telemetry.ValueType;
import java.util.List;

/** A checked device, ready to be opened. Each protocol has a record of its own that carries its parsed addresses. */
public interface DevicePlan {

    DeviceDefinition device();

    /**
     * The tags in the order that {@link Sample#tag} counts. The normaliser makes one alias of each.
     */
    List<PlannedTag> tags();

    /** Names of the tags that have no value and are called instead ({@link CallsMethods}); none of them is in {@link #tags}. */
    default List<String> methods() {
        return List.of();
    }

    /**
     * @param name of the tag
     * @param type as the wire carries it before scaling; {@code null} where only the device can say (OPC UA)
     * @param source address or NodeId as users write it, for the birth
     * @param kind what a sample of it stands for
     * @param template whether it is one of many with the same definition, and has no name before {@link DeviceSink#found}; the name
     *     is that of the definition
     */
    record PlannedTag(
            String name,
            @org.jspecify.annotations.Nullable ValueType type,
            String source,
            TagDescriptor.Kind kind,
            boolean template) {

        /** One that has its name from the profile. */
        public PlannedTag(
                String name,
                @org.jspecify.annotations.Nullable ValueType type,
                String source,
                TagDescriptor.Kind kind) {
            this(name, type, source, kind, false);
        }

        /** Of a value. */
        public PlannedTag(String name, @org.jspecify.annotations.Nullable ValueType type, String source) {
            this(name, type, source, TagDescriptor.Kind.VALUE);
        }

        /** One of many values. */
        public static PlannedTag template(String name, String source) {
            return new PlannedTag(name, null, source, TagDescriptor.Kind.VALUE, true);
        }
    }
}

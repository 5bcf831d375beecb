package io.sluice.profiles;

import java.util.List;

/**
 * What a protocol lets users write, as data. The keys that all protocols share (unit, scale, deadband, poll …) are not
 * repeated here: see {@link TagDefinition}.
 *
 * @param protocol as in {@code protocol: modbus}
 * @param connection keys of a device's {@code connection:} and of the entries of {@code connections:}
 * @param profile keys at the top of a profile, {@code request.max-gap} or {@code publishing}
 * @param tag keys of a tag and of a profile's {@code defaults:}
 * @param rangeFromDevice the device can tell a tag's range, so a deadband in percent needs no {@code range:}
 * @param sampleConnection a {@code connection:} that is right, as YAML, so that a profile can be checked without a device
 */
public record ProtocolSchema(
        String protocol,
        List<Setting<?>> connection,
        List<Setting<?>> profile,
        List<Setting<?>> tag,
        boolean rangeFromDevice,
        String sampleConnection) {

    public ProtocolSchema(
            String protocol,
            List<Setting<?>> connection,
            List<Setting<?>> profile,
            List<Setting<?>> tag,
            boolean rangeFromDevice) {
        this(protocol, connection, profile, tag, rangeFromDevice, "{}");
    }

    public ProtocolSchema(
            String protocol, List<Setting<?>> connection, List<Setting<?>> profile, List<Setting<?>> tag) {
        this(protocol, connection, profile, tag, false);
    }

    public ProtocolSchema withSampleConnection(String yaml) {
        return new ProtocolSchema(protocol, connection, profile, tag, rangeFromDevice, yaml);
    }

    public ProtocolSchema {
        connection = List.copyOf(connection);
        profile = List.copyOf(profile);
        tag = List.copyOf(tag);
    }
}

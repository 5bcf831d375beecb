package io.sluice.profiles;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One device of {@code devices:}, with its profile's tags and its own overrides merged, checked against the protocol's
 * schema.
 *
 * @param id {@code [A-Za-z0-9][A-Za-z0-9._-]{0,63}}
 * @param mark of the id
 * @param profile name of the profile, empty if the device is written inline
 * @param sharedConnection name of the entry of {@code connections:} that it uses; its settings are merged into
 *     {@code connection}
 * @param settings of the profile's top level
 * @param poll default poll interval of its tags
 */
public record DeviceDefinition(
        String id,
        Mark mark,
        String protocol,
        Optional<String> profile,
        Map<String, String> labels,
        Optional<String> sharedConnection,
        Settings connection,
        Settings settings,
        Duration poll,
        List<TagDefinition> tags) {
    public DeviceDefinition {
        labels = Map.copyOf(labels);
        tags = List.copyOf(tags);
    }

    /** A connection and nothing else: without profile, labels, settings and tags, polled once a second. */
    public static DeviceDefinition bare(String id, Mark mark, String protocol, Settings connection) {
        return new DeviceDefinition(
                id,
                mark,
                protocol,
                Optional.empty(),
                Map.of(),
                Optional.empty(),
                connection,
                new Settings(mark, Map.of()),
                Duration.ofSeconds(1),
                List.of());
    }

    /** The same device with other tags. */
    public DeviceDefinition withTags(List<TagDefinition> others) {
        return new DeviceDefinition(
                id, mark, protocol, profile, labels, sharedConnection, connection, settings, poll, others);
    }
}

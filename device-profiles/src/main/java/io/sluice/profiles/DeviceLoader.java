package io.sluice.profiles;

import io.sluice.profiles.ProfileLoader.Profile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads {@code connections:} and {@code devices:} of a gateway's file. Confined to one thread. */
public final class DeviceLoader {

    private final ProfileLoader profiles;
    private final Connections connections;
    private final Problems problems;
    private final Map<String, Mark> ids = new HashMap<>();

    private DeviceLoader(ProfileLoader profiles, Connections connections, Problems problems) {
        this.profiles = profiles;
        this.connections = connections;
        this.problems = problems;
    }

    /**
     * The devices that are without error. Every problem is reported, also those of the profiles they name.
     *
     * @param root of the gateway's file
     * @param schemas by protocol
     */
    public static List<DeviceDefinition> load(
            Node.Mapping root, Map<String, ProtocolSchema> schemas, Substitution substitution, Problems problems) {
        ProfileLoader profiles = new ProfileLoader(schemas, substitution, problems);
        Connections connections = Connections.of(root, problems);
        DeviceLoader loader = new DeviceLoader(profiles, connections, problems);
        List<DeviceDefinition> devices = loader.devices(root);
        connections.warnOfUnused();
        return devices;
    }

    private List<DeviceDefinition> devices(Node.Mapping root) {
        Optional<Node> node = root.find("devices");
        if (node.isEmpty()) {
            problems.error(root.mark(), "key 'devices' is missing, expected a list with at least one device");
            return List.of();
        }
        if (!(node.get() instanceof Node.Sequence sequence) || sequence.items().isEmpty()) {
            problems.error(node.get().mark(), "devices is not a list with at least one device, expected '- id: …'");
            return List.of();
        }
        List<DeviceDefinition> devices = new ArrayList<>();
        for (Node item : sequence.items()) {
            int before = problems.errors();
            Optional<DeviceDefinition> device = device(item);
            if (problems.errors() == before) {
                device.ifPresent(devices::add);
            }
        }
        return devices;
    }

    private Optional<DeviceDefinition> device(Node item) {
        if (!(item instanceof Node.Mapping map)) {
            problems.error(item.mark(), "a device is a map, expected keys such as { id: meter-1, profile: … }");
            return Optional.empty();
        }
        Optional<Profile> profile = map.find("profile").flatMap(profiles::load);
        Optional<ProtocolSchema> schema = schema(map, profile);
        List<Setting<?>> known = new ArrayList<>(CommonKeys.DEVICE);
        schema.ifPresent(s -> known.addAll(s.profile()));
        if (schema.isEmpty()) {
            checkAlone(map);
            return Optional.empty();
        }
        Written written = Written.of(map, known, "device", problems);
        Settings head = written.read(CommonKeys.DEVICE, problems);
        checkId(head);
        return Optional.of(define(map, head, written, schema.get(), profile));
    }

    /** Without a protocol only the keys that all devices share can be judged. */
    private void checkAlone(Node.Mapping map) {
        Node.Mapping shared = new Node.Mapping(
                map.entries().stream()
                        .filter(entry -> CommonKeys.DEVICE.stream()
                                .anyMatch(s -> s.name().equals(entry.key().text())))
                        .toList(),
                map.mark());
        checkId(Settings.read(shared, CommonKeys.DEVICE, "device", problems));
    }

    private void checkId(Settings head) {
        head.find(CommonKeys.ID).ifPresent(id -> {
            Mark mark = head.mark(CommonKeys.ID);
            @Nullable Mark first = ids.putIfAbsent(id, mark);
            if (first != null) {
                problems.error(mark, "device id '" + id + "' is there twice, first at " + first);
            }
        });
    }

    /** The schema that the profile or the device names; empty after a problem was reported. */
    private Optional<ProtocolSchema> schema(Node.Mapping map, Optional<Profile> profile) {
        Optional<ProtocolSchema> own = map.find("protocol").flatMap(profiles::schema);
        boolean named = map.find("profile").isPresent();
        if (!named && map.find("protocol").isEmpty()) {
            problems.error(map.mark(), "the device has neither profile nor protocol, expected one of them");
        }
        if (profile.isPresent() && own.isPresent() && !profile.get().schema().equals(own.get())) {
            problems.error(
                    map.find("protocol").orElseThrow().mark(),
                    "the profile is for " + profile.get().schema().protocol() + ", not for "
                            + own.get().protocol());
        }
        return named ? profile.map(Profile::schema) : own;
    }

    private DeviceDefinition define(
            Node.Mapping map, Settings head, Written written, ProtocolSchema schema, Optional<Profile> profile) {
        Mark mark = head.mark(CommonKeys.ID);
        Written settings = profile.map(p -> p.settings().overlaidBy(written))
                .orElse(written)
                .at(mark, "device");
        TagReader reader = new TagReader(schema, problems);
        TagReader.Source ofProfile = profile.map(Profile::tags).orElse(TagReader.Source.NONE);
        TagReader.Source ofDevice = TagReader.Source.of(map);
        List<TagDefinition> tags = reader.read(ofProfile, ofDevice, mark);
        if (tags.isEmpty()) {
            problems.error(mark, "the device has no tags");
        }
        Connections.Merged connection = connections.merge(head, schema, mark);
        return new DeviceDefinition(
                head.find(CommonKeys.ID).orElse(""),
                mark,
                schema.protocol(),
                profile.map(Profile::name),
                head.get(CommonKeys.LABELS),
                connection.shared(),
                connection.settings(),
                settings.read(schema.profile(), problems),
                poll(head, reader.defaults(ofProfile, mark).overlaidBy(reader.defaults(ofDevice, mark))),
                tags);
    }

    /** The device's own {@code poll}, else the one of {@code defaults:}, else the general default. */
    private Duration poll(Settings head, Written defaults) {
        Settings ofDefaults = defaults.read(List.of(CommonKeys.TAG_POLL), problems);
        return head.given(CommonKeys.POLL)
                ? head.get(CommonKeys.POLL)
                : ofDefaults.find(CommonKeys.TAG_POLL).orElseGet(() -> head.get(CommonKeys.POLL));
    }
}

package io.sluice.gateway.config;

import static io.sluice.gateway.config.GatewayKeys.*;

import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.DeviceLoader;
import io.sluice.profiles.Id;
import io.sluice.profiles.Node;
import io.sluice.profiles.Problems;
import io.sluice.profiles.ProfileLoader;
import io.sluice.profiles.ProtocolSchema;
import io.sluice.profiles.Settings;
import io.sluice.profiles.Substitution;
import io.sluice.profiles.YamlReader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/** Loads a gateway's file and everything it names. Connects to nothing and loads no protocol library. */
public final class ConfigLoader {

    /** What the file is loaded for. */
    public enum Mode {
        /** To judge it: a credential that is not set is a warning, since systemd sets it later. */
        CHECK,
        /** To run it: a credential that is not set is an error. */
        RUN
    }

    /** Looks deeper into a device, as a protocol can: addresses, and settings that exclude each other. */
    @FunctionalInterface
    public interface DeviceCheck {
        void check(DeviceDefinition device, Problems problems);

        DeviceCheck NONE = (device, problems) -> {};
    }

    private final Map<String, ProtocolSchema> protocols;
    private final Map<String, String> environment;
    private final Substitution substitution;
    private final DeviceCheck deviceCheck;
    private final Problems problems;

    private ConfigLoader(
            Map<String, ProtocolSchema> protocols,
            Mode mode,
            Map<String, String> environment,
            DeviceCheck deviceCheck,
            Problems problems) {
        this.protocols = protocols;
        this.environment = environment;
        this.substitution = new Substitution(environment, mode == Mode.RUN);
        this.deviceCheck = deviceCheck;
        this.problems = problems;
    }

    /**
     * The configuration; empty if there was an error. All problems are reported at once.
     *
     * @param protocols what users may write for each protocol, by its name
     * @param environment of the process
     */
    public static Optional<GatewayConfig> load(
            Path file,
            Map<String, ProtocolSchema> protocols,
            Mode mode,
            Map<String, String> environment,
            Problems problems) {
        return load(file, protocols, mode, environment, DeviceCheck.NONE, problems);
    }

    /**
     * The same, and every device that is otherwise without error is looked into, even where other devices have errors.
     */
    public static Optional<GatewayConfig> load(
            Path file,
            Map<String, ProtocolSchema> protocols,
            Mode mode,
            Map<String, String> environment,
            DeviceCheck deviceCheck,
            Problems problems) {
        ConfigLoader loader = new ConfigLoader(protocols, mode, environment, deviceCheck, problems);
        return YamlReader.read(file, loader.substitution, problems).flatMap(root -> loader.gateway(file, root));
    }

    /** Checks a gateway's file or a profile, whichever it is. */
    public static void check(
            Path file,
            Map<String, ProtocolSchema> protocols,
            Map<String, String> environment,
            DeviceCheck deviceCheck,
            Problems problems) {
        ConfigLoader loader = new ConfigLoader(protocols, Mode.CHECK, environment, deviceCheck, problems);
        YamlReader.read(file, loader.substitution, problems).ifPresent(root -> loader.either(file, root));
    }

    /** Checks a profile. */
    public static void checkProfile(
            Path file, Map<String, ProtocolSchema> protocols, Map<String, String> environment, Problems problems) {
        ConfigLoader loader = new ConfigLoader(protocols, Mode.CHECK, environment, DeviceCheck.NONE, problems);
        YamlReader.read(file, loader.substitution, problems).ifPresent(root -> loader.profile(file, root));
    }

    private void either(Path file, Node.Mapping root) {
        if (root.find("profile").isPresent()) {
            profile(file, root);
        } else {
            gateway(file, root);
        }
    }

    /** What only the protocol can judge, such as addresses, it judges of a device that the profile is tried on. */
    private void profile(Path file, Node.Mapping root) {
        int before = problems.errors();
        new ProfileLoader(protocols, substitution, problems).check(root);
        if (problems.errors() == before) {
            trial(file, root).forEach(device -> deviceCheck.check(device, problems));
        }
    }

    private List<DeviceDefinition> trial(Path file, Node.Mapping root) {
        String connection = root.find("protocol")
                .map(protocol -> protocols.get(((Node.Scalar) protocol).text()))
                .map(ProtocolSchema::sampleConnection)
                .orElse("{}");
        String name = String.valueOf(file.getFileName());
        String path = (name.endsWith(".yaml") ? name : "./" + name).replace("'", "''");
        String yaml = "devices: [ { id: trial, profile: '%s', connection: %s } ]\n".formatted(path, connection);
        Problems told = new Problems();
        return YamlReader.read(file.resolveSibling("trial").toString(), yaml, substitution, told)
                .map(devices -> DeviceLoader.load(devices, protocols, substitution, told))
                .orElse(List.of());
    }

    private Optional<GatewayConfig> gateway(Path file, Node.Mapping root) {
        int before = problems.errors();
        Settings settings = Settings.read(root, FILE, "the file", problems);
        String id = id(settings);
        Optional<NorthboundReader> northbound =
                settings.find(NORTHBOUND).flatMap(map -> NorthboundReader.of(map, problems));
        List<DeviceDefinition> devices = settings.find(DEVICES).isEmpty()
                ? List.of()
                : DeviceLoader.load(root, protocols, substitution, problems);
        devices.forEach(device -> deviceCheck.check(device, problems));
        northbound.ifPresent(reader -> reader.check(id, settings.get(LABELS), settings.mark(LABELS), devices));
        return problems.errors() == before && northbound.isPresent()
                ? Optional.of(new GatewayConfig(
                        id,
                        settings.get(LABELS),
                        northbound.get().build(id),
                        outbox(file, settings),
                        devices,
                        settings.find(HTTP_LISTEN)))
                : Optional.empty();
    }

    private String id(Settings settings) {
        String id = settings.find(ID).orElseGet(HostName::read);
        if (!settings.given(ID) && Id.parse(id).isEmpty()) {
            problems.error(settings.mark(ID), "the host name '" + id + "' cannot be the gateway's id, give gateway.id");
        }
        return id;
    }

    private OutboxConfig outbox(Path file, Settings settings) {
        return new OutboxConfig(
                settings.find(DIRECTORY).orElseGet(() -> stateDirectory(file)),
                settings.get(MAX_SIZE),
                settings.find(MAX_AGE),
                settings.get(MIN_FREE),
                settings.get(FLUSH_INTERVAL),
                settings.get(WHEN_FULL),
                settings.get(REPLAY),
                settings.find(REPLAY_RATE).map(OptionalInt::of).orElseGet(OptionalInt::empty));
    }

    /** systemd may name several, separated by colons; the first is ours. */
    private Path stateDirectory(Path file) {
        return Optional.ofNullable(environment.get("STATE_DIRECTORY"))
                .filter(directories -> !directories.isBlank())
                .map(directories -> Path.of(directories.split(":", 2)[0]))
                .orElseGet(() -> file.resolveSibling(".sluice"));
    }
}

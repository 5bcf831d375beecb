package io.sluice.gateway.cli;

import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.DevicePlan;
import io.sluice.gateway.config.ConfigLoader;
import io.sluice.gateway.config.GatewayConfig;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Problems;
import io.sluice.profiles.ProtocolSchema;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A configuration with everything checked that can be checked without connecting.
 *
 * @param plans the devices of each protocol that is used
 */
record Configured(GatewayConfig config, Map<AdapterFactory, List<DevicePlan>> plans) {

    /** The protocols of this program, by name. Loads no protocol library. */
    static Map<String, AdapterFactory> protocols() {
        Map<String, AdapterFactory> found = new TreeMap<>();
        for (AdapterFactory factory : ServiceLoader.load(AdapterFactory.class)) {
            found.put(factory.schema().protocol(), factory);
        }
        return found;
    }

    static Map<String, ProtocolSchema> schemas(Map<String, AdapterFactory> protocols) {
        return protocols.entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, e -> e.getValue().schema()));
    }

    /** Loads and checks a gateway file; every problem is printed. Empty if there was an error. */
    static Optional<Configured> load(
            Path file, ConfigLoader.Mode mode, Map<String, String> environment, PrintWriter err) {
        Map<String, AdapterFactory> protocols = protocols();
        Map<AdapterFactory, List<DevicePlan>> plans = new LinkedHashMap<>();
        Problems problems = new Problems();
        Optional<GatewayConfig> config = ConfigLoader.load(
                file,
                schemas(protocols),
                mode,
                environment,
                (device, found) -> plan(protocols, device, found, plans),
                problems);
        problems.sorted().forEach(err::println);
        err.flush();
        return problems.hasErrors() ? Optional.empty() : config.map(loaded -> new Configured(loaded, plans));
    }

    /** Checks a gateway file or a profile; every problem is printed. */
    static boolean check(Path file, PrintWriter err) {
        Map<String, AdapterFactory> protocols = protocols();
        Problems problems = new Problems();
        ConfigLoader.check(
                file,
                schemas(protocols),
                System.getenv(),
                (device, found) -> plan(protocols, device, found, new LinkedHashMap<>()),
                problems);
        problems.sorted().forEach(err::println);
        err.flush();
        return !problems.hasErrors();
    }

    private static void plan(
            Map<String, AdapterFactory> protocols,
            DeviceDefinition device,
            Problems problems,
            Map<AdapterFactory, List<DevicePlan>> plans) {
        AdapterFactory factory = Objects.requireNonNull(protocols.get(device.protocol()));
        factory.plan(device, problems)
                .ifPresent(plan -> plans.computeIfAbsent(factory, f -> new ArrayList<>()).add(plan));
    }
}

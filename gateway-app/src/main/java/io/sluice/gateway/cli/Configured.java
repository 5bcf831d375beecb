package io.sluice.gateway.cli;

import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.DevicePlan;
import io.sluice.gateway.config.ConfigLoader;
import io.sluice.gateway.config.DevicePlans;
import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.config.Protocols;
import io.sluice.profiles.Problems;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A configuration with everything checked that can be checked without connecting.
 *
 * @param plans the devices of each protocol that is used
 */
record Configured(GatewayConfig config, Map<AdapterFactory, List<DevicePlan>> plans) {

    /** Loads and checks a gateway file; every problem is printed. Empty if there was an error. */
    static Optional<Configured> load(
            Path file, ConfigLoader.Mode mode, Map<String, String> environment, Protocols protocols, PrintWriter err) {
        DevicePlans plans = new DevicePlans(protocols);
        Problems problems = new Problems();
        Optional<GatewayConfig> config =
                ConfigLoader.load(file, protocols.schemas(), mode, environment, plans, problems);
        plans.checkTogether(problems);
        problems.sorted().forEach(err::println);
        err.flush();
        return problems.hasErrors()
                ? Optional.empty()
                : config.map(loaded -> new Configured(loaded, plans.byProtocol()));
    }

    /** What a gateway file says; errors are printed, warnings are {@code check}'s. Empty if there was an error. */
    static Optional<GatewayConfig> glance(Path file, Map<String, String> environment, PrintWriter err) {
        Problems problems = new Problems();
        Optional<GatewayConfig> config = ConfigLoader.load(
                file, Protocols.installed().schemas(), ConfigLoader.Mode.CHECK, environment, problems);
        problems.sorted().stream()
                .filter(problem -> problem.severity() == Problems.Severity.ERROR)
                .forEach(err::println);
        err.flush();
        return problems.hasErrors() ? Optional.empty() : config;
    }

    /** Checks a gateway file or a profile; every problem is printed. */
    static boolean check(Path file, PrintWriter err) {
        Protocols protocols = Protocols.installed();
        DevicePlans plans = new DevicePlans(protocols);
        Problems problems = new Problems();
        ConfigLoader.check(file, protocols.schemas(), System.getenv(), plans, problems);
        plans.checkTogether(problems);
        problems.sorted().forEach(err::println);
        err.flush();
        return !problems.hasErrors();
    }
}

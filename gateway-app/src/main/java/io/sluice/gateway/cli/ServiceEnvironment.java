package io.sluice.gateway.cli;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Where the gateway of a file keeps its state and its socket, as a person's shell does not know it: what lies in {@code
 * /etc/sluice} belongs to the installed service, whose unit names {@code /var/lib/sluice} and {@code /run/sluice}.
 */
final class ServiceEnvironment {

    private static final Path CONFIGURATION = Path.of("/etc/sluice");
    private static final Map<String, String> UNIT =
            Map.of("STATE_DIRECTORY", "/var/lib/sluice", "RUNTIME_DIRECTORY", "/run/sluice");

    private ServiceEnvironment() {}

    static Map<String, String> of(Path file, Map<String, String> environment) {
        if (!file.toAbsolutePath().normalize().startsWith(CONFIGURATION)) {
            return environment;
        }
        Map<String, String> completed = new HashMap<>(UNIT);
        completed.putAll(environment);
        return completed;
    }
}

package io.sluice.gateway.runtime;

import io.sluice.gateway.config.ConfigLoader;
import io.sluice.gateway.config.GatewayConfig;
import io.sluice.gateway.config.Protocols;
import io.sluice.profiles.Problems;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A gateway's file as {@code run} reads it; its devices are not checked by their protocols. */
final class GatewayFile {

    private GatewayFile() {}

    static GatewayConfig write(Path directory, String text) throws IOException {
        return load(Files.writeString(directory.resolve("gateway.yaml"), text));
    }

    /** Fails if anything is wrong with it. */
    static GatewayConfig load(Path file) {
        Problems problems = new Problems();
        return ConfigLoader.load(
                        file,
                        Protocols.installed().schemas(),
                        ConfigLoader.Mode.RUN,
                        Map.of(),
                        ConfigLoader.DeviceCheck.NONE,
                        problems)
                .orElseThrow(() -> new AssertionError(problems.sorted().toString()));
    }
}

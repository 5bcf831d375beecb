package io.sluice.gateway.config;

import io.sluice.profiles.DeviceDefinition;
import java.util.List;
import java.util.Map;

/**
 * A gateway's file, checked.
 *
 * @param id {@code [A-Za-z0-9][A-Za-z0-9._-]{0,63}}
 */
public record GatewayConfig(
        String id,
        Map<String, String> labels,
        Northbound northbound,
        OutboxConfig outbox,
        List<DeviceDefinition> devices) {
    public GatewayConfig {
        labels = Map.copyOf(labels);
        devices = List.copyOf(devices);
    }
}

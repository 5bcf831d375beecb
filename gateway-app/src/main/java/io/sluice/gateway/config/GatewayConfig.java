package io.sluice.gateway.config;

import io.sluice.profiles.DeviceDefinition;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A gateway's file, checked.
 *
 * @param id {@code [A-Za-z0-9][A-Za-z0-9._-]{0,63}}
 * @param httpListen where the gateway's own pages are; not resolved; empty: nowhere
 */
public record GatewayConfig(
        String id,
        Map<String, String> labels,
        Northbound northbound,
        OutboxConfig outbox,
        List<DeviceDefinition> devices,
        Optional<InetSocketAddress> httpListen) {
    public GatewayConfig {
        labels = Map.copyOf(labels);
        devices = List.copyOf(devices);
    }
}

package io.sluice.gateway.config;

import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.DevicePlan;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Problems;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The plans of a file's devices, as their protocols make them. Confined to one thread. */
public final class DevicePlans implements ConfigLoader.DeviceCheck {

    private final Protocols protocols;
    private final Map<AdapterFactory, List<DevicePlan>> plans = new LinkedHashMap<>();

    public DevicePlans(Protocols protocols) {
        this.protocols = protocols;
    }

    /** Keeps the plan of the device, if there is no error in it. */
    @Override
    public void check(DeviceDefinition device, Problems problems) {
        AdapterFactory factory = protocols.factory(device.protocol());
        factory.plan(device, problems)
                .ifPresent(plan ->
                        plans.computeIfAbsent(factory, f -> new ArrayList<>()).add(plan));
    }

    /** When all devices are known: checks what those of one protocol can only get wrong together. */
    public void checkTogether(Problems problems) {
        plans.forEach((factory, devices) -> factory.check(List.copyOf(devices), problems));
    }

    /** The devices of each protocol that is used. */
    public Map<AdapterFactory, List<DevicePlan>> byProtocol() {
        return plans;
    }
}

package io.sluice.adapter.opcua;

import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.DevicePlan;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Problems;
import io.sluice.profiles.ProtocolSchema;
import java.util.List;
import java.util.Optional;

/** OPC UA over {@code opc.tcp}. The protocol library is loaded by {@link #open}, not before. */
public final class OpcUaAdapterFactory implements AdapterFactory {

    @Override
    public ProtocolSchema schema() {
        return OpcUaSettings.SCHEMA;
    }

    @Override
    public Optional<? extends DevicePlan> plan(DeviceDefinition device, Problems problems) {
        return new DevicePlanner(device, problems).plan();
    }

    @Override
    public void check(List<DevicePlan> plans, Problems problems) {
        OverlappingListeners.check(plans.stream().map(OpcUaPlan.class::cast).toList(), problems);
    }

    @Override
    public Adapter open(List<DevicePlan> plans, AdapterContext context) {
        return OpcUaAdapter.open(plans.stream().map(OpcUaPlan.class::cast).toList(), context, Timings.DEFAULT);
    }
}

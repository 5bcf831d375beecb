package io.sluice.adapter.modbus;

import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.DevicePlan;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Problems;
import io.sluice.profiles.ProtocolSchema;
import java.util.List;
import java.util.Optional;

/** Modbus over TCP and serial lines. */
public final class ModbusAdapterFactory implements AdapterFactory {

    @Override
    public ProtocolSchema schema() {
        return ModbusSettings.SCHEMA;
    }

    @Override
    public Optional<? extends DevicePlan> plan(DeviceDefinition device, Problems problems) {
        return new DeviceChecker(device, problems).plan();
    }

    @Override
    public Adapter open(List<DevicePlan> plans, AdapterContext context) {
        return ModbusAdapter.open(plans, context);
    }
}

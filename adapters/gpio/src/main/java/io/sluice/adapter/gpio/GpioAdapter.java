package io.sluice.adapter.gpio;

import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import java.util.List;

/** All GPIO devices of the gateway, with one thread for what takes place at times. */
final class GpioAdapter implements Adapter {

    private final Chips chips;
    private final Timetable timetable;
    private final List<GpioDevice> devices;

    GpioAdapter(List<GpioPlan> plans, Chips chips, AdapterContext context) {
        this.chips = chips;
        this.timetable = new Timetable(context.bugs());
        this.devices = plans.stream()
                .map(plan -> new GpioDevice(plan, chips, timetable, context))
                .toList();
        devices.forEach(GpioDevice::start);
    }

    @Override
    public void close() {
        timetable.close();
        chips.close();
        devices.forEach(GpioDevice::close);
    }
}

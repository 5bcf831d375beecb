package io.sluice.adapter.gpio;

import com.pi4j.context.Context;
import io.sluice.adapter.Adapter;
import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.DevicePlan;
import io.sluice.profiles.DeviceDefinition;
import io.sluice.profiles.Problems;
import io.sluice.profiles.ProtocolSchema;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** GPIO lines through Pi4J, which is loaded when the first chip is opened and not before. */
public final class GpioAdapterFactory implements AdapterFactory {

    private final Supplier<Context> mockContexts;

    /** For the service loader. The chip {@code mock} is there, but nobody moves its lines. */
    public GpioAdapterFactory() {
        this(new IdleMock());
    }

    /**
     * For simulators, which move the lines of the chip {@code mock}.
     *
     * @param mockContexts gives a context with Pi4J's mock provider; the adapter shuts it down
     */
    public GpioAdapterFactory(Supplier<Context> mockContexts) {
        this.mockContexts = mockContexts;
    }

    @Override
    public ProtocolSchema schema() {
        return GpioSettings.SCHEMA;
    }

    @Override
    public Optional<? extends DevicePlan> plan(DeviceDefinition device, Problems problems) {
        return new PlanChecker(device, problems).check();
    }

    @Override
    public Adapter open(List<DevicePlan> plans, AdapterContext context) {
        List<GpioPlan> devices = plans.stream().map(GpioPlan.class::cast).toList();
        return new GpioAdapter(devices, new Pi4jChips(mockContexts), context);
    }

    /** A class and not a lambda: the link of a lambda would load what it returns. */
    private static final class IdleMock implements Supplier<Context> {
        @Override
        public Context get() {
            return Pi4jContexts.mock();
        }
    }
}

package io.sluice.adapter.gpio;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.plugin.gpiod.provider.gpio.digital.GpioDDigitalInputProvider;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInputProvider;

/** Contexts with exactly one provider: what a gateway does must not depend on which plugins are on the class path. */
final class Pi4jContexts {

    private Pi4jContexts() {}

    static Context mock() {
        return Pi4J.newContextBuilder()
                .noAutoDetect()
                .disableShutdownHook()
                .add(MockDigitalInputProvider.newInstance())
                .build();
    }

    /**
     * @param chip name, gpiochip0
     */
    static Context gpiod(String chip) {
        return Pi4J.newContextBuilder()
                .noAutoDetect()
                .disableShutdownHook()
                .setGpioChipName(chip)
                .add(GpioDDigitalInputProvider.newInstance())
                .build();
    }
}

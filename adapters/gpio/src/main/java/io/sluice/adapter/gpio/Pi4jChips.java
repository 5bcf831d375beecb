package io.sluice.adapter.gpio;

import com.pi4j.boardinfo.util.BoardInfoHelper;
import com.pi4j.context.Context;
import com.pi4j.exception.Pi4JException;
import com.pi4j.io.gpio.digital.DigitalInput;
import com.pi4j.io.gpio.digital.DigitalInputConfigBuilder;
import com.pi4j.io.gpio.digital.DigitalInputProvider;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.io.gpio.digital.PullResistance;
import com.pi4j.library.gpiod.internal.GpioDException;
import io.sluice.adapter.gpio.GpioSettings.Bias;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chips through Pi4J 3: its gpiod provider for a chip of the machine, its mock provider for {@link GpioPlan#MOCK}. Pi4J's
 * own debounce is off, since it dates a change by the end of the wait. Its gpiod provider opens one chip per process, and
 * brings native libraries for ARM only.
 */
final class Pi4jChips implements Chips {

    private static final Logger LOG = LoggerFactory.getLogger(Pi4jChips.class);
    private static final Duration SHUTDOWN = Duration.ofSeconds(2);

    private final Supplier<Context> mockContexts;
    private @Nullable Context mock;
    private @Nullable Context gpiod;
    private String gpiodChip = "";

    Pi4jChips(Supplier<Context> mockContexts) {
        this.mockContexts = mockContexts;
    }

    @Override
    public Input open(String id, String chip, Line line, LevelListener listener) throws ChipUnavailable {
        Context context = chip.equals(GpioPlan.MOCK) ? mockContext() : gpiodContext(chip);
        try {
            DigitalInputProvider provider = context.providers().all(DigitalInputProvider.class).values().stream()
                    .findFirst()
                    .orElseThrow();
            DigitalInput input = provider.create(DigitalInputConfigBuilder.newInstance(context)
                    .id(id)
                    .address(line.offset())
                    .pull(pull(line.bias()))
                    .debounce(0L)
                    .build());
            input.addListener(event -> listener.changed(event.state() == DigitalState.HIGH));
            return new Pi4jInput(context, input, chip + " line " + line.offset());
        } catch (Pi4JException | GpioDException | IllegalStateException e) {
            release(context, id);
            throw new ChipUnavailable(
                    "chip " + chip + ", line " + line.offset() + ": " + e.getMessage()
                            + " (is the line used by another program? gpioinfo shows it)",
                    e);
        }
    }

    /** Pi4J may have registered a line that it then could not request. */
    private static void release(Context context, String id) {
        if (context.hasIO(id)) {
            context.shutdown(id);
        }
    }

    private Context mockContext() {
        Context context = mock == null ? mockContexts.get() : mock;
        mock = context;
        return context;
    }

    private Context gpiodContext(String chip) throws ChipUnavailable {
        if (gpiod != null && !gpiodChip.equals(chip)) {
            throw new ChipUnavailable("chip " + chip + ": Pi4J opens one GPIO chip per process, and " + gpiodChip
                    + " is open already; run a second gateway for this chip");
        }
        if (gpiod == null) {
            gpiod = openGpiod(chip);
            gpiodChip = chip;
        }
        return gpiod;
    }

    private static Context openGpiod(String chip) throws ChipUnavailable {
        Machine.requireNatives(chip);
        String name = ChipDirectory.ofMachine().resolve(chip);
        if (!BoardInfoHelper.runningOnRaspberryPi()) {
            throw new ChipUnavailable("chip " + chip + ": Pi4J opens GPIO chips on Raspberry Pi boards only");
        }
        try {
            return Pi4jContexts.gpiod(name);
        } catch (Pi4JException | GpioDException | IllegalStateException | LinkageError e) {
            throw new ChipUnavailable("chip " + chip + " (/dev/" + name + ") cannot be opened: " + e.getMessage(), e);
        }
    }

    private static PullResistance pull(Bias bias) {
        return switch (bias) {
            case PULL_UP -> PullResistance.PULL_UP;
            case PULL_DOWN -> PullResistance.PULL_DOWN;
            case NONE -> PullResistance.OFF;
        };
    }

    /** Pi4J may wait up to 5 s for each line; the process ends anyway, so after two seconds it is left alone. */
    @Override
    public void close() {
        Thread closing = Thread.ofPlatform().name("gpio-close").daemon().start(() -> {
            shutdown(mock);
            shutdown(gpiod);
        });
        try {
            if (!closing.join(SHUTDOWN)) {
                LOG.warn("Pi4J has not released its GPIO lines within {} s", SHUTDOWN.toSeconds());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void shutdown(@Nullable Context context) {
        if (context != null) {
            context.shutdown();
        }
    }

    private record Pi4jInput(Context context, DigitalInput input, String where) implements Input {

        @Override
        public boolean high() throws ChipUnavailable {
            try {
                return input.state() == DigitalState.HIGH;
            } catch (Pi4JException | GpioDException e) {
                throw new ChipUnavailable("chip " + where + " cannot be read: " + e.getMessage(), e);
            }
        }

        @Override
        public void close() {
            context.shutdown(input.id());
        }
    }
}

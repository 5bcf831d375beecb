package io.sluice.gateway.demo;

import com.pi4j.Pi4J;
import com.pi4j.context.Context;
import com.pi4j.io.gpio.digital.DigitalState;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInput;
import com.pi4j.plugin.mock.provider.gpio.digital.MockDigitalInputProvider;
import io.sluice.adapter.AdapterFactory;
import io.sluice.adapter.gpio.GpioAdapterFactory;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;

/**
 * A simulated control cabinet on the lines of Pi4J's mock chip: a door contact on line 17, which bounces as contacts do and
 * whose voltage is low while the door is open, and on line 27 an energy meter's pulse output, 1,000 pulses for each kWh. A
 * line moves from the moment at which the adapter has opened it.
 */
public final class CabinetSimulator implements AutoCloseable {

    private static final int DOOR = 17;
    private static final int ENERGY = 27;

    private static final long PULSE_MILLIS = 40;
    private static final long DOOR_NANOS = TimeUnit.SECONDS.toNanos(3);

    private final Context chip = Pi4J.newContextBuilder()
            .noAutoDetect()
            .disableShutdownHook()
            .add(MockDigitalInputProvider.newInstance())
            .build();
    private final RandomGenerator random;
    private final CountDownLatch stop = new CountDownLatch(1);
    private final Thread thread;

    /** Starts to move the lines. */
    public CabinetSimulator(RandomGenerator random) {
        this.random = random;
        this.thread = Thread.ofPlatform().name("demo-cabinet").daemon().start(this::run);
    }

    /** The GPIO adapter as it always is, but {@code chip: mock} is this cabinet. */
    public AdapterFactory adapterFactory() {
        return new GpioAdapterFactory(() -> chip);
    }

    private void run() {
        try {
            long nextDoor = System.nanoTime() + DOOR_NANOS;
            while (!restFor(random.nextLong(200, 900))) {
                pulse();
                if (System.nanoTime() - nextDoor >= 0) {
                    moveDoor();
                    nextDoor += DOOR_NANOS + random.nextLong(DOOR_NANOS);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void pulse() throws InterruptedException {
        set(ENERGY, DigitalState.HIGH);
        restFor(PULSE_MILLIS);
        set(ENERGY, DigitalState.LOW);
    }

    private void moveDoor() {
        Optional<MockDigitalInput> door = input(DOOR);
        if (door.isPresent()) {
            DigitalState before = door.get().state();
            DigitalState after = before == DigitalState.HIGH ? DigitalState.LOW : DigitalState.HIGH;
            door.get().mockState(after).mockState(before).mockState(after);
        }
    }

    private void set(int line, DigitalState state) {
        input(line).ifPresent(input -> input.mockState(state));
    }

    private Optional<MockDigitalInput> input(int line) {
        return chip.registry().allByType(MockDigitalInput.class).values().stream()
                .filter(input -> input.address() == line)
                .findFirst();
    }

    /** Whether to stop. */
    private boolean restFor(long millis) throws InterruptedException {
        return stop.await(millis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void close() {
        stop.countDown();
        try {
            thread.join(Duration.ofSeconds(1));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!chip.isShutdown()) {
            chip.shutdown();
        }
    }
}

package io.sluice.adapter.gpio;

import io.sluice.adapter.AdapterContext;
import io.sluice.adapter.Backoff;
import io.sluice.adapter.DeviceSink;
import io.sluice.adapter.SampleQueue;
import io.sluice.adapter.gpio.GpioSettings.Kind;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Status.SluiceCode;
import java.util.ArrayList;
import java.util.List;

/**
 * One device: its lines, opened, and opened again after trouble. Everything runs on the timetable's thread but the edges,
 * which come on the library's; samples go through the queue to the device's own thread.
 */
final class GpioDevice implements AutoCloseable {

    private static final int QUEUED_SAMPLES = 10_000;

    private final GpioPlan plan;
    private final Chips chips;
    private final Timetable timetable;
    private final SampleQueue queue;
    private final Backoff backoff;
    private final List<InputLine> lines;

    /** In the order of the lines; empty while the chip is not there. */
    private final List<Chips.Input> inputs = new ArrayList<>();

    GpioDevice(GpioPlan plan, Chips chips, Timetable timetable, AdapterContext context) {
        DeviceSink sink = context.sinks().of(plan.device().id());
        this.plan = plan;
        this.chips = chips;
        this.timetable = timetable;
        this.queue = new SampleQueue("gpio-" + plan.chip(), QUEUED_SAMPLES, sink, context);
        this.backoff = new Backoff(context.random());
        this.lines = plan.lines().stream()
                .map(line -> new InputLine(line, context.clock(), System::nanoTime, queue::offer))
                .toList();
    }

    void start() {
        timetable.after(0, this::open);
        lines.forEach(line -> line.line().poll().ifPresent(interval -> timetable.every(interval, () -> poll(line))));
    }

    private void open() throws InterruptedException {
        queue.submit(DeviceSink::connecting);
        try {
            for (InputLine line : lines) {
                inputs.add(request(line));
            }
            queue.submit(DeviceSink::online);
            for (InputLine line : lines) {
                begin(line);
            }
            backoff.reset();
        } catch (ChipUnavailable e) {
            fail(e);
        }
    }

    /** A state is told at once, a counter by its poll alone. */
    private void begin(InputLine line) throws ChipUnavailable {
        line.opened(inputs.get(line.line().tag()));
        if (line.line().kind() == Kind.STATE) {
            line.report();
        }
    }

    private Chips.Input request(InputLine line) throws ChipUnavailable {
        String id = plan.device().id() + "/" + line.line().name();
        return chips.open(id, plan.chip(), line.line(), high -> level(line, high));
    }

    /** Called on a thread of the library, too. */
    private void level(InputLine line, boolean high) {
        line.level(high);
        awaitDebounce(line);
    }

    private void awaitDebounce(InputLine line) {
        line.claimCheck()
                .ifPresent(nanos -> timetable.after(nanos, () -> {
                    line.check();
                    awaitDebounce(line);
                }));
    }

    /** Reading the level also heals an edge that got lost. */
    private void poll(InputLine line) throws InterruptedException {
        if (inputs.isEmpty()) {
            return;
        }
        try {
            level(line, inputs.get(line.line().tag()).high());
            line.report();
        } catch (ChipUnavailable e) {
            fail(e);
        }
    }

    private void fail(ChipUnavailable trouble) throws InterruptedException {
        lines.forEach(InputLine::closed);
        inputs.forEach(Chips.Input::close);
        inputs.clear();
        String error = String.valueOf(trouble.getMessage());
        queue.submit(sink -> sink.offline(Status.bad(SluiceCode.DEVICE_UNREACHABLE), error));
        timetable.after(backoff.next(), this::open);
    }

    /** After the timetable and the chips have ended. */
    @Override
    public void close() {
        queue.close();
    }
}

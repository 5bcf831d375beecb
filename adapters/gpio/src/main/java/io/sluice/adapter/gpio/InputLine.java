package io.sluice.adapter.gpio;

import io.sluice.adapter.Sample;
import io.sluice.adapter.gpio.GpioSettings.Kind;
import io.sluice.telemetry.Status;
import io.sluice.telemetry.Value;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Turns the levels of one line into samples of its tag. Shared by the library's callback, the debounce timer and the poll:
 * every method is synchronized and none waits, so samples leave in the order in which levels came.
 */
final class InputLine {

    private final Line line;
    private final LongSupplier clock;
    private final LongSupplier monotonic;
    private final Consumer<Sample> samples;

    private Debouncer debouncer;
    private boolean opened;
    private boolean checkPending;
    private long count;

    /**
     * @param clock nanoseconds since 1970-01-01 UTC
     * @param monotonic nanoseconds
     * @param samples must not wait
     */
    InputLine(Line line, LongSupplier clock, LongSupplier monotonic, Consumer<Sample> samples) {
        this.line = line;
        this.clock = clock;
        this.monotonic = monotonic;
        this.samples = samples;
        this.debouncer = debouncer(false);
    }

    Line line() {
        return line;
    }

    /** Starts from the level that the line has now. A count goes on: edges while the chip was away are not known. */
    synchronized void opened(Chips.Input input) throws ChipUnavailable {
        debouncer = debouncer(logical(input.high()));
        opened = true;
    }

    /** Edges are ignored until the line is opened again. */
    synchronized void closed() {
        opened = false;
    }

    /** An edge, or a level that was read. */
    synchronized void level(boolean high) {
        if (opened) {
            debouncer.observe(logical(high), monotonic.getAsLong(), clock.getAsLong());
            settle();
        }
    }

    /** A level may have lasted long enough now. */
    synchronized void check() {
        checkPending = false;
        settle();
    }

    /** In how many nanoseconds {@link #check} is due; said once for each check, empty if none is due. */
    synchronized OptionalLong claimCheck() {
        OptionalLong due = checkPending ? OptionalLong.empty() : debouncer.due(monotonic.getAsLong());
        checkPending |= due.isPresent();
        return due;
    }

    /** Reports the value as it is. */
    synchronized void report() {
        report(clock.getAsLong());
    }

    private void settle() {
        OptionalLong time = debouncer.settle(monotonic.getAsLong());
        if (time.isPresent() && line.edge().includes(debouncer.level())) {
            count++;
            if (line.kind() == Kind.STATE) {
                report(time.getAsLong());
            }
        }
    }

    private void report(long time) {
        samples.accept(new Sample(line.tag(), value(), Status.GOOD, time));
    }

    private Value value() {
        boolean level = debouncer.level();
        return switch (line.kind()) {
            case COUNTER -> new Value.Unsigned(count);
            case STATE -> line.named() ? new Value.Signed(level ? 1 : 0) : new Value.Bool(level);
        };
    }

    private Debouncer debouncer(boolean level) {
        return new Debouncer(line.debounce().toNanos(), level);
    }

    private boolean logical(boolean high) {
        return high != line.activeLow();
    }
}

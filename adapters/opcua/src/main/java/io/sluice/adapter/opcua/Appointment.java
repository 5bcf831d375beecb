package io.sluice.adapter.opcua;

import java.time.Duration;
import org.eclipse.milo.opcua.stack.core.UaException;
import org.jspecify.annotations.Nullable;

/** Work that is done once, at the time that was set last. Confined to the thread of its {@link DeviceLink}. */
final class Appointment implements Agenda.Work {

    private final Agenda.Action action;
    private @Nullable Long dueNanos;

    Appointment(Agenda.Action action) {
        this.action = action;
    }

    /** From now; a time that was set before counts no more. */
    void in(Duration delay) {
        dueNanos = System.nanoTime() + delay.toNanos();
    }

    @Override
    public long untilNext(long now) {
        @Nullable Long due = dueNanos;
        return due == null ? Agenda.NEVER : due - now;
    }

    @Override
    public void run(long now) throws UaException, InterruptedException {
        dueNanos = null;
        action.run();
    }
}

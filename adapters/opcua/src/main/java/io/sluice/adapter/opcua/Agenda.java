package io.sluice.adapter.opcua;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.eclipse.milo.opcua.stack.core.UaException;

/**
 * What one Session has to do, and when. Nothing is done but by {@link #run}, so what is due waits for whoever calls that.
 * Times are those of {@link System#nanoTime}. Confined to the thread of its {@link DeviceLink}.
 */
final class Agenda {

    /** How long nothing is due, where nothing is planned. */
    static final long NEVER = Long.MAX_VALUE / 2;

    /** Something that knows when there is something to do. */
    interface Work {

        /** Nanoseconds; 0 or less: now. */
        long untilNext(long now);

        /** Called when it is due. */
        void run(long now) throws UaException, InterruptedException;
    }

    /** What is done. */
    @FunctionalInterface
    interface Action {
        void run() throws UaException, InterruptedException;
    }

    private record Entry(Work work, String failure) {}

    private final List<Entry> entries = new ArrayList<>();

    /**
     * Adds work, to be done after what was added before it.
     *
     * @param failure what is not possible any more if the server refuses
     */
    void add(Work work, String failure) {
        entries.add(new Entry(work, failure));
    }

    /** Nanoseconds until something is due, 0 if it is due now. */
    long untilNext(long now) {
        return Math.max(
                0,
                entries.stream()
                        .mapToLong(entry -> entry.work().untilNext(now))
                        .min()
                        .orElse(NEVER));
    }

    /**
     * Does what is due.
     *
     * @return why the Session is of no use any more
     */
    Optional<String> run(long now) throws InterruptedException {
        for (Entry entry : entries) {
            try {
                if (entry.work().untilNext(now) <= 0) {
                    entry.work().run(now);
                }
            } catch (UaException e) {
                return Optional.of(entry.failure() + ": " + LinkFailure.reason(e));
            }
        }
        return Optional.empty();
    }
}

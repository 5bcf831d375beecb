package io.sluice.mqtt;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Takes publishes from any thread to the one that sends them, with one wake-up for a burst: only the first message of a burst
 * wakes, the others find it under way. A stack that is swapped out whole and turned round.
 *
 * <p>While the receiver has no room, it wants no wake-up at all: it looks here by itself when room comes.
 */
final class Handoff {

    private static final Outgoing CLOSED = new Outgoing(new Publish("closed", new byte[0], 0, false), outcome -> {});

    private final AtomicReference<@Nullable Outgoing> youngest = new AtomicReference<>();
    private final Runnable wakeUp;
    private volatile boolean wanted;

    Handoff(Runnable wakeUp) {
        this.wakeUp = wakeUp;
    }

    /** Takes the message; false after {@link #close}: it was not taken. */
    boolean offer(Outgoing message) {
        Outgoing before;
        do {
            before = youngest.get();
            if (before == CLOSED) {
                return false;
            }
            message.next = before;
        } while (!youngest.compareAndSet(before, message));
        if (before == null && wanted) {
            wakeUp.run();
        }
        return true;
    }

    /** Nothing to drain. */
    boolean isEmpty() {
        Outgoing last = youngest.get();
        return last == null || last == CLOSED;
    }

    /** Wake-ups are of use or not. After switching them on the receiver must look for what came in between. */
    void wanted(boolean useful) {
        if (wanted != useful) {
            wanted = useful;
        }
    }

    /** Hands over everything, oldest first. */
    void drain(Consumer<Outgoing> to) {
        if (!isEmpty()) {
            inOrder(youngest.getAndSet(null), to);
        }
    }

    /** Hands over everything; from here on nothing is taken. */
    void close(Consumer<Outgoing> to) {
        Outgoing last = youngest.getAndSet(CLOSED);
        if (last != CLOSED) {
            inOrder(last, to);
        }
    }

    private static void inOrder(@Nullable Outgoing last, Consumer<Outgoing> to) {
        Outgoing oldest = null;
        Outgoing message = last;
        while (message != null) {
            Outgoing before = message.next;
            message.next = oldest;
            oldest = message;
            message = before;
        }
        while (oldest != null) {
            Outgoing following = oldest.next;
            oldest.next = null;
            to.accept(oldest);
            oldest = following;
        }
    }
}

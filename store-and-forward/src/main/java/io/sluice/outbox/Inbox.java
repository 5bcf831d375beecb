package io.sluice.outbox;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** What one thread is told by others, in order. Those never wait. */
final class Inbox<T> {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private List<T> events = new ArrayList<>();
    private boolean due;

    /** @param isDue whether the thread is woken for it, or finds it when it comes round */
    void put(T event, boolean isDue) {
        lock.lock();
        try {
            events.add(event);
            if (isDue && !due) {
                due = true;
                arrived.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits for something that is due, and takes all there is; what is not due too when the time is over. */
    List<T> await(long nanos) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            long left = nanos;
            while (!due && left > 0) {
                left = arrived.awaitNanos(left);
            }
            due = false;
            List<T> taken = events;
            events = new ArrayList<>();
            return taken;
        } finally {
            lock.unlock();
        }
    }
}

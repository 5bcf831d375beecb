package io.sluice.gateway.northbound;

import io.sluice.mqtt.Publish;
import java.util.List;
import java.util.function.Supplier;

/**
 * A retained message, or its parts, of which receivers only need the latest: sent when it changed and a connection
 * stands, one version in flight at a time. Thread-safe.
 */
final class RetainedState {

    /** Sends one message; the callback runs when the broker has answered. */
    @FunctionalInterface
    interface Sender {
        void send(Publish message, Runnable answered);
    }

    private final Supplier<List<Publish>> latest;
    private final Sender sender;
    private final Runnable settled;

    private boolean connected;
    private boolean changed;
    private int unanswered;

    /**
     * @param latest renders the present state; an empty list if there is nothing to say yet
     * @param settled runs whenever the broker has answered the latest version
     */
    RetainedState(Supplier<List<Publish>> latest, Sender sender, Runnable settled) {
        this.latest = latest;
        this.sender = sender;
        this.settled = settled;
    }

    /** There is a newer version. */
    void changed() {
        synchronized (this) {
            changed = true;
        }
        sendIfDue();
    }

    /**
     * @param again the broker may have lost what it was sent before
     */
    void connected(boolean again) {
        synchronized (this) {
            connected = true;
            changed |= again;
        }
        sendIfDue();
    }

    synchronized void disconnected() {
        connected = false;
    }

    /** Whether the broker has answered the latest version. */
    synchronized boolean settled() {
        return !changed && unanswered == 0;
    }

    private void sendIfDue() {
        List<Publish> messages;
        synchronized (this) {
            if (!connected || !changed || unanswered > 0) {
                return;
            }
            changed = false;
            messages = latest.get();
            unanswered = messages.size();
        }
        if (messages.isEmpty()) {
            settled.run();
        }
        messages.forEach(message -> sender.send(message, this::answered));
    }

    private void answered() {
        boolean done;
        synchronized (this) {
            unanswered--;
            done = unanswered == 0 && !changed;
        }
        if (done) {
            settled.run();
        } else {
            sendIfDue();
        }
    }
}

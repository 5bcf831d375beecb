package io.sluice.gateway.northbound;

import io.sluice.mqtt.Publish;
import io.sluice.outbox.Outgoing;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * One device's birth, and the data that has to wait until the broker has it: a number is named before it is used. What
 * waits counts in the forwarder's window, so it is bounded by it. Thread-safe.
 */
final class BirthGate {

    private final RetainedState birth;
    private final Consumer<Outgoing> pass;
    private final ArrayDeque<Outgoing> held = new ArrayDeque<>();

    BirthGate(Supplier<List<Publish>> births, RetainedState.Sender sender, Consumer<Outgoing> pass) {
        this.birth = new RetainedState(births, sender, this::open);
        this.pass = pass;
    }

    /** A tag got a new number: data waits until the broker has the new birth. */
    void changed() {
        birth.changed();
    }

    void connected(boolean again) {
        birth.connected(again);
    }

    void disconnected() {
        birth.disconnected();
    }

    /** Passes the message on, now or once the birth is acknowledged, in the order of the calls. */
    void admit(Outgoing out) {
        synchronized (held) {
            if (!birth.settled() || !held.isEmpty()) {
                held.add(out);
                return;
            }
        }
        pass.accept(out);
    }

    private void open() {
        synchronized (held) {
            while (!held.isEmpty()) {
                pass.accept(held.remove());
            }
        }
    }
}

package io.sluice.gateway.control;

import io.sluice.gateway.control.Call.Form;
import io.sluice.outbox.Forwarding;
import io.sluice.outbox.OutboxView;
import io.sluice.outbox.RunEpoch;
import java.util.Optional;

/**
 * What waits in an outbox, for people and as JSON: of a gateway that runs, which knows the lane of everything, or of the files
 * of one that does not.
 */
public final class Queue {

    private final OutboxView view;
    private final Optional<Forwarding> forwarding;

    /** @param forwarding empty for a gateway that does not run */
    public Queue(OutboxView view, Optional<Forwarding> forwarding) {
        this.view = view;
        this.forwarding = forwarding;
    }

    public String statistics(Form form) {
        return new QueueStatistics(view, forwarding).render(form);
    }

    /**
     * @param limit most messages, and most dead letters
     */
    public String list(int limit, Form form) {
        return new QueueList(view, forwarding).render(limit, form);
    }

    /** What people tell epochs apart by. */
    static String order(RunEpoch epoch) {
        return epoch.toString().substring(0, 8);
    }
}

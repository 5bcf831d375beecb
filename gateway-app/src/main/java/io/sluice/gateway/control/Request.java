package io.sluice.gateway.control;

import java.util.Optional;

/** What somebody asks of a running gateway. */
public sealed interface Request {

    /** How everything does. */
    record Status() implements Request {}

    /** What the outbox holds, counted. */
    record QueueStatistics() implements Request {}

    /**
     * What the outbox holds, message by message.
     *
     * @param limit most messages, 1 to 10,000
     */
    record QueueList(int limit) implements Request {
        public static final int MOST = 10_000;

        public QueueList {
            if (limit < 1 || limit > MOST) {
                throw new IllegalArgumentException("limit " + limit + " is not from 1 to " + MOST);
            }
        }
    }

    /** The present value of one tag of a device, or of all. */
    record Read(String device, Optional<String> tag) implements Request {}

    /** A value for one tag, as a person types it. */
    record Write(String device, String tag, String value) implements Request {}
}

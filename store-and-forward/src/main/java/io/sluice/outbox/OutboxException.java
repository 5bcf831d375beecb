package io.sluice.outbox;

import org.jspecify.annotations.Nullable;

/** The outbox cannot be opened; the message says why and what to do. */
public final class OutboxException extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final boolean disk;

    private OutboxException(String message, @Nullable Throwable cause, boolean disk) {
        super(message, cause);
        this.disk = disk;
    }

    /** Somebody has to do what the message says; trying again without that does not help. */
    public OutboxException(String message) {
        this(message, null, false);
    }

    /** As {@link #OutboxException(String)}, with what was found. */
    public OutboxException(String message, Throwable cause) {
        this(message, cause, false);
    }

    /** The disk is at fault: full, read-only, or failing. It may come back by itself. */
    static OutboxException ofDisk(String message, Throwable cause) {
        return new OutboxException(message, cause, true);
    }

    /** Whether the same may succeed later, without any change of the configuration. */
    public boolean mayPass() {
        return disk;
    }
}

package io.sluice.outbox;

/** The outbox cannot be opened; the message says why and what to do. Trying again without doing it does not help. */
public final class OutboxException extends RuntimeException {

    private static final long serialVersionUID = 1;

    public OutboxException(String message) {
        super(message);
    }

    public OutboxException(String message, Throwable cause) {
        super(message, cause);
    }
}

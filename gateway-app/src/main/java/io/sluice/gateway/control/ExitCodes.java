package io.sluice.gateway.control;

/** Exit codes of the commands, also of those that a running gateway answers; those from 64 up are sysexits.h's. */
public final class ExitCodes {

    public static final int OK = 0;

    /**
     * {@code verify}: something is missing, out of order or lost. {@code status}: something is wrong. {@code read} and
     * {@code write}: the device answered with an error.
     */
    public static final int INCOMPLETE = 1;

    public static final int USAGE = 2;

    /** {@code status}: the gateway does not run, as systemctl says it. */
    public static final int NOT_RUNNING = 3;

    /** EX_DATAERR: a value may not be written; nothing was sent. */
    public static final int REFUSED = 65;

    /** EX_UNAVAILABLE: the broker, the device or the gateway cannot be reached. */
    public static final int UNAVAILABLE = 69;

    /** EX_SOFTWARE: a defect of Sluice. */
    public static final int SOFTWARE = 70;

    /** EX_CANTCREAT: the outbox cannot be opened. */
    public static final int CANNOT_CREATE = 73;

    /** EX_TEMPFAIL: a write was sent and no answer came; it may have taken effect. */
    public static final int UNKNOWN = 75;

    /** EX_CONFIG; the unit does not restart on it. */
    public static final int CONFIG = 78;

    private ExitCodes() {}
}

package io.sluice.gateway.cli;

/** Exit codes of the commands; those from 64 up are sysexits.h's. */
final class ExitCodes {

    static final int OK = 0;

    /** {@code verify}: something is missing, out of order or lost. */
    static final int INCOMPLETE = 1;

    static final int USAGE = 2;

    /** EX_UNAVAILABLE: the broker cannot be reached. */
    static final int UNAVAILABLE = 69;

    /** EX_SOFTWARE: a defect of Sluice. */
    static final int SOFTWARE = 70;

    /** EX_CANTCREAT: the outbox cannot be opened. */
    static final int CANNOT_CREATE = 73;

    /** EX_CONFIG; the unit does not restart on it. */
    static final int CONFIG = 78;

    private ExitCodes() {}
}

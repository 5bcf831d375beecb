package io.sluice.adapter.gpio;

/** A chip or a line cannot be had now. The message says what is wrong and what to do. */
final class ChipUnavailable extends Exception {

    private static final long serialVersionUID = 1;

    ChipUnavailable(String message) {
        super(message);
    }

    ChipUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}

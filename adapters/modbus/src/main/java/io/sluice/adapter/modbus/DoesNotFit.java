package io.sluice.adapter.modbus;

/** A value cannot be what a tag's registers hold. The message is for people. */
final class DoesNotFit extends Exception {

    private static final long serialVersionUID = 1L;

    DoesNotFit(String message) {
        super(message);
    }

    @Override
    public String getMessage() {
        return String.valueOf(super.getMessage());
    }
}

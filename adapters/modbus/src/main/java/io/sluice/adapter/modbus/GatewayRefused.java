package io.sluice.adapter.modbus;

import java.io.IOException;

/** A gateway between us and the unit says that it cannot reach it (exception codes 10 and 11). */
final class GatewayRefused extends IOException {

    private static final long serialVersionUID = 1L;
    private final int code;

    GatewayRefused(int unit, int code) {
        super("the gateway in front of it says that unit " + unit
                + (code == 11 ? " does not respond (exception 11)" : " has no path (exception 10)"));
        this.code = code;
    }

    int code() {
        return code;
    }
}

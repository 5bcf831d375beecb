package io.sluice.adapter.modbus;

import java.io.IOException;

/** The other side ended the connection, or it broke; the device itself may be well. */
final class ConnectionLost extends IOException {

    private static final long serialVersionUID = 1L;

    ConnectionLost(String message) {
        super(message);
    }
}

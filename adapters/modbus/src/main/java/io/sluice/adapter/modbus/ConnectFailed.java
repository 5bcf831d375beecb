package io.sluice.adapter.modbus;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** There is no connection, so no device behind it can be reached. The message names the address. */
final class ConnectFailed extends IOException {

    private static final long serialVersionUID = 1L;

    ConnectFailed(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

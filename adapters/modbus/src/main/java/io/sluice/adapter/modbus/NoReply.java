package io.sluice.adapter.modbus;

import java.io.IOException;
import java.time.Duration;

/** Nothing, or not all of it, came in time. */
final class NoReply extends IOException {

    private static final long serialVersionUID = 1L;

    NoReply(String address, int unit, Request asked, Duration within, IOException cause) {
        super(
                "no reply from " + address + " within " + within.toMillis() + " ms (unit " + unit + ", "
                        + asked.describe() + ")",
                cause);
    }
}

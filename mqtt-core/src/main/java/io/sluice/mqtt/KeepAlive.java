package io.sluice.mqtt;

import io.sluice.mqtt.Action.Retry;
import java.time.Duration;

/** Keep Alive of one connection (MQTT 5 §3.1.2.10): a half-open connection is found in time, also while only writing. */
final class KeepAlive {

    private static final Packet PINGREQ = new Packet.PingReq();

    private final Link link;
    private long nanos;
    private long lastReceivedAt;
    private long lastWrittenAt;
    private long pingedAt;
    private boolean pinged;

    KeepAlive(Link link) {
        this.link = link;
    }

    /** @param interval zero: none is kept */
    void begin(Duration interval) {
        nanos = interval.toNanos();
        pinged = false;
        received();
        wrote();
    }

    Duration interval() {
        return Duration.ofNanos(nanos);
    }

    void received() {
        lastReceivedAt = link.now();
        pinged = false;
    }

    void wrote() {
        lastWrittenAt = link.now();
    }

    /** A PINGREQ well before Keep Alive runs out [MQTT-3.1.2-20]; half of it without an answer ends the connection. */
    void tick() {
        if (nanos == 0) {
            return;
        }
        if (pinged && link.now() - pingedAt > nanos / 2) {
            link.end(
                    Retry.SOON,
                    "no answer to PINGREQ within %s: the connection is dead"
                            .formatted(Session.text(Duration.ofNanos(nanos / 2))));
        } else if (!pinged && link.now() - Math.min(lastReceivedAt, lastWrittenAt) >= nanos / 4 * 3) {
            pinged = true;
            pingedAt = link.now();
            link.write(PINGREQ);
        }
    }
}

package io.sluice.gateway.northbound;

import io.sluice.mqtt.Reason;
import io.sluice.outbox.Outcome;

/** What the end of a publish means for the row that it carried: whether it may go again, and how. */
final class RowOutcome {

    /** Payload format invalid (MQTT 5 §2.4): the only answer to a publish that no change at the broker can mend. */
    private static final int PAYLOAD_FORMAT_INVALID = 0x99;

    private RowOutcome() {}

    static Outcome of(io.sluice.mqtt.Outcome published) {
        return switch (published) {
            case io.sluice.mqtt.Outcome.Acknowledged _ -> new Outcome.Acknowledged();
            case io.sluice.mqtt.Outcome.Refused(Reason reason) -> refused(reason);
            case io.sluice.mqtt.Outcome.TooLarge(long bytes, long limit) ->
                new Outcome.Rejected(
                        "%,d bytes, larger than the broker's Maximum Packet Size of %,d".formatted(bytes, limit));
            case io.sluice.mqtt.Outcome.EndsConnections _ ->
                new Outcome.Suspected("the broker ends the connection whenever it is sent");
            case io.sluice.mqtt.Outcome.Unknown _ -> new Outcome.Unknown();
        };
    }

    /** A wrong ACL, template or quota must not empty the outbox. */
    private static Outcome refused(Reason reason) {
        String text = "refused by the broker with Reason Code 0x%02X%s"
                .formatted(reason.code(), reason.text().isEmpty() ? "" : ": " + reason.text());
        return reason.code() == PAYLOAD_FORMAT_INVALID ? new Outcome.Rejected(text) : new Outcome.Held(text);
    }
}

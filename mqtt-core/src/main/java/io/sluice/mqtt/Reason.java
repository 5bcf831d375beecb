package io.sluice.mqtt;

import io.sluice.mqtt.Publish.UserProperty;
import java.util.List;

/**
 * A Reason Code (MQTT 5 §2.4) and what came with it. A return code of MQTT 3.1.1 appears as the Reason Code of the same
 * meaning.
 *
 * @param code 0x00 to 0xFF; below 0x80 is success
 * @param text the Reason String, for people; empty if there was none
 */
public record Reason(int code, String text, List<UserProperty> userProperties) {

    /** 0x00 and nothing else. */
    static final Reason SUCCESS = new Reason(ReasonCode.SUCCESS, "", List.of());

    private static final Reason NO_MATCHING_SUBSCRIBERS = new Reason(ReasonCode.NO_MATCHING_SUBSCRIBERS, "", List.of());

    public Reason {
        userProperties = List.copyOf(userProperties);
    }

    static Reason of(int code) {
        return switch (code) {
            case ReasonCode.SUCCESS -> SUCCESS;
            case ReasonCode.NO_MATCHING_SUBSCRIBERS -> NO_MATCHING_SUBSCRIBERS;
            default -> new Reason(code, "", List.of());
        };
    }

    /** The code is 0x80 or above. */
    public boolean isFailure() {
        return code >= ReasonCode.FAILURE;
    }

    /** As people read it: {@code not authorised (0x87), "no such client"}. */
    @Override
    public String toString() {
        return ReasonCode.text(code) + (text.isEmpty() ? "" : ", \"" + text + "\"");
    }
}

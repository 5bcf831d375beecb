package io.sluice.mqtt;

import java.util.Map;
import java.util.Set;

/** Reason Codes (MQTT 5 §2.4): their names, and what a person can do about them. */
final class ReasonCode {

    static final int SUCCESS = 0x00;
    static final int DISCONNECT_WITH_WILL = 0x04;
    static final int NO_MATCHING_SUBSCRIBERS = 0x10;
    static final int CONTINUE_AUTHENTICATION = 0x18;
    static final int REAUTHENTICATE = 0x19;
    static final int UNSUPPORTED_VERSION = 0x84;
    static final int USE_ANOTHER_SERVER = 0x9C;
    static final int SERVER_MOVED = 0x9D;
    static final int MALFORMED_PACKET = 0x81;
    static final int PROTOCOL_ERROR = 0x82;
    static final int IDENTIFIER_NOT_FOUND = 0x92;
    static final int RECEIVE_MAXIMUM_EXCEEDED = 0x93;
    static final int TOPIC_ALIAS_INVALID = 0x94;
    static final int PACKET_TOO_LARGE = 0x95;
    static final int RETAIN_NOT_SUPPORTED = 0x9A;
    static final int QOS_NOT_SUPPORTED = 0x9B;
    static final int SHARED_SUBSCRIPTIONS_NOT_SUPPORTED = 0x9E;
    static final int SUBSCRIPTION_IDENTIFIERS_NOT_SUPPORTED = 0xA1;
    static final int WILDCARD_SUBSCRIPTIONS_NOT_SUPPORTED = 0xA2;
    static final int TAKEN_OVER = 0x8E;

    /** First code that means failure. */
    static final int FAILURE = 0x80;

    /** Nothing but a change of configuration, here or at the broker, helps. */
    private static final Set<Integer> PERMANENT =
            Set.of(0x84, 0x85, 0x86, 0x87, 0x8A, 0x8C, 0x90, 0x95, 0x99, 0x9A, 0x9B, 0x9C, 0x9D);

    private static final Map<Integer, String> NAMES = Map.ofEntries(
            Map.entry(0x00, "normal disconnection"),
            Map.entry(0x04, "disconnect with Will message"),
            Map.entry(0x18, "continue authentication"),
            Map.entry(0x19, "re-authenticate"),
            Map.entry(0x10, "no matching subscribers"),
            Map.entry(0x80, "unspecified error"),
            Map.entry(0x81, "malformed packet"),
            Map.entry(0x82, "protocol error"),
            Map.entry(0x83, "implementation specific error"),
            Map.entry(0x84, "unsupported protocol version"),
            Map.entry(0x85, "client identifier not valid"),
            Map.entry(0x86, "bad user name or password"),
            Map.entry(0x87, "not authorised"),
            Map.entry(0x88, "server unavailable"),
            Map.entry(0x89, "server busy"),
            Map.entry(0x8A, "banned"),
            Map.entry(0x8B, "server shutting down"),
            Map.entry(0x8C, "bad authentication method"),
            Map.entry(0x8D, "keep alive timeout"),
            Map.entry(0x8E, "taken over"),
            Map.entry(0x8F, "topic filter invalid"),
            Map.entry(0x90, "topic name invalid"),
            Map.entry(0x91, "packet identifier in use"),
            Map.entry(0x92, "packet identifier not found"),
            Map.entry(0x93, "Receive Maximum exceeded"),
            Map.entry(0x94, "topic alias invalid"),
            Map.entry(0x95, "packet too large"),
            Map.entry(0x96, "message rate too high"),
            Map.entry(0x97, "quota exceeded"),
            Map.entry(0x98, "administrative action"),
            Map.entry(0x99, "payload format invalid"),
            Map.entry(0x9A, "retain not supported"),
            Map.entry(0x9B, "QoS not supported"),
            Map.entry(0x9C, "use another server"),
            Map.entry(0x9D, "server moved"),
            Map.entry(0x9E, "shared subscriptions not supported"),
            Map.entry(0x9F, "connection rate exceeded"),
            Map.entry(0xA0, "maximum connect time"),
            Map.entry(0xA1, "subscription identifiers not supported"),
            Map.entry(0xA2, "wildcard subscriptions not supported"));

    private ReasonCode() {}

    static boolean isPermanent(int code) {
        return PERMANENT.contains(code);
    }

    /** As people read it: {@code not authorised (0x87)}. */
    static String text(int code) {
        return "%s (0x%02X)".formatted(NAMES.getOrDefault(code, "unknown Reason Code"), code);
    }

    /** What to do about it; empty where nothing needs to be done. */
    static String advice(int code, String clientId) {
        return switch (code) {
            case UNSUPPORTED_VERSION -> "The broker does not speak this version of MQTT: try the other one.";
            case 0x85 -> "The broker does not accept the client id " + clientId + ": give this gateway another one.";
            case 0x86 -> "Check user name and password.";
            case 0x87 -> "Ask the broker's operator to let client id " + clientId + " in.";
            case 0x8A -> "The broker has banned client id " + clientId + ": ask its operator.";
            case 0x8C -> "The broker wants another authentication method.";
            case TAKEN_OVER -> "Is a second gateway running with client id " + clientId + "?";
            case 0x90 -> "Check the topics against the broker's rules.";
            case 0x95 -> "Send smaller messages, or let the broker accept larger ones.";
            case 0x9A -> "Send nothing retained to this broker, also no Will.";
            case 0x9B -> "Send to this broker with a lower QoS, also the Will.";
            case USE_ANOTHER_SERVER, SERVER_MOVED -> "Put the broker's new address into the configuration.";
            default -> "";
        };
    }

    /** The Reason Code of MQTT 5 that says the same as a return code of MQTT 3.1.1 §3.2.2.3. */
    static int ofReturnCode(int returnCode) {
        return switch (returnCode) {
            case 0 -> SUCCESS;
            case 1 -> UNSUPPORTED_VERSION;
            case 2 -> 0x85;
            case 3 -> 0x88;
            case 4 -> 0x86;
            case 5 -> 0x87;
            default -> returnCode >= FAILURE ? returnCode : 0x80;
        };
    }
}

package io.sluice.mqtt;

import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The properties of MQTT 5 (§2.2.2.2, Table 2-4). */
enum Property {
    PAYLOAD_FORMAT_INDICATOR(0x01, Type.BOOLEAN),
    MESSAGE_EXPIRY_INTERVAL(0x02, Type.FOUR_BYTES),
    CONTENT_TYPE(0x03, Type.TEXT),
    RESPONSE_TOPIC(0x08, Type.TEXT),
    CORRELATION_DATA(0x09, Type.BINARY),
    SUBSCRIPTION_IDENTIFIER(0x0B, Type.VARIABLE),
    SESSION_EXPIRY_INTERVAL(0x11, Type.FOUR_BYTES),
    ASSIGNED_CLIENT_IDENTIFIER(0x12, Type.TEXT),
    SERVER_KEEP_ALIVE(0x13, Type.TWO_BYTES),
    AUTHENTICATION_METHOD(0x15, Type.TEXT),
    AUTHENTICATION_DATA(0x16, Type.BINARY),
    REQUEST_PROBLEM_INFORMATION(0x17, Type.BOOLEAN),
    WILL_DELAY_INTERVAL(0x18, Type.FOUR_BYTES),
    REQUEST_RESPONSE_INFORMATION(0x19, Type.BOOLEAN),
    RESPONSE_INFORMATION(0x1A, Type.TEXT),
    SERVER_REFERENCE(0x1C, Type.TEXT),
    REASON_STRING(0x1F, Type.TEXT),
    RECEIVE_MAXIMUM(0x21, Type.TWO_BYTES),
    TOPIC_ALIAS_MAXIMUM(0x22, Type.TWO_BYTES),
    TOPIC_ALIAS(0x23, Type.TWO_BYTES),
    MAXIMUM_QOS(0x24, Type.BOOLEAN),
    RETAIN_AVAILABLE(0x25, Type.BOOLEAN),
    USER_PROPERTY(0x26, Type.PAIR),
    MAXIMUM_PACKET_SIZE(0x27, Type.FOUR_BYTES),
    WILDCARD_SUBSCRIPTION_AVAILABLE(0x28, Type.BOOLEAN),
    SUBSCRIPTION_IDENTIFIERS_AVAILABLE(0x29, Type.BOOLEAN),
    SHARED_SUBSCRIPTION_AVAILABLE(0x2A, Type.BOOLEAN);

    enum Type {
        /** A byte that is 0 or 1. */
        BOOLEAN,
        TWO_BYTES,
        FOUR_BYTES,
        VARIABLE,
        TEXT,
        BINARY,
        PAIR
    }

    // what each packet from a broker may carry

    static final Set<Property> OF_CONNACK = EnumSet.of(
            SESSION_EXPIRY_INTERVAL,
            ASSIGNED_CLIENT_IDENTIFIER,
            SERVER_KEEP_ALIVE,
            AUTHENTICATION_METHOD,
            AUTHENTICATION_DATA,
            RESPONSE_INFORMATION,
            SERVER_REFERENCE,
            REASON_STRING,
            RECEIVE_MAXIMUM,
            TOPIC_ALIAS_MAXIMUM,
            MAXIMUM_QOS,
            RETAIN_AVAILABLE,
            USER_PROPERTY,
            MAXIMUM_PACKET_SIZE,
            WILDCARD_SUBSCRIPTION_AVAILABLE,
            SUBSCRIPTION_IDENTIFIERS_AVAILABLE,
            SHARED_SUBSCRIPTION_AVAILABLE);
    static final Set<Property> OF_PUBLISH = EnumSet.of(
            PAYLOAD_FORMAT_INDICATOR,
            MESSAGE_EXPIRY_INTERVAL,
            CONTENT_TYPE,
            RESPONSE_TOPIC,
            CORRELATION_DATA,
            SUBSCRIPTION_IDENTIFIER,
            TOPIC_ALIAS,
            USER_PROPERTY);
    static final Set<Property> OF_ACKNOWLEDGEMENT = EnumSet.of(REASON_STRING, USER_PROPERTY);
    static final Set<Property> OF_DISCONNECT = EnumSet.of(REASON_STRING, USER_PROPERTY, SERVER_REFERENCE);
    static final Set<Property> OF_AUTH =
            EnumSet.of(AUTHENTICATION_METHOD, AUTHENTICATION_DATA, REASON_STRING, USER_PROPERTY);

    private static final @Nullable Property[] BY_IDENTIFIER = byIdentifier();

    private final int identifier;
    private final Type type;

    Property(int identifier, Type type) {
        this.identifier = identifier;
        this.type = type;
    }

    int identifier() {
        return identifier;
    }

    Type type() {
        return type;
    }

    static @Nullable Property of(long identifier) {
        return identifier < BY_IDENTIFIER.length ? BY_IDENTIFIER[(int) identifier] : null;
    }

    private static @Nullable Property[] byIdentifier() {
        @Nullable Property[] table = new @Nullable Property[0x2B];
        for (Property property : values()) {
            table[property.identifier] = property;
        }
        return table;
    }
}

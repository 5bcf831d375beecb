package io.sluice.mqtt;

import io.netty.buffer.ByteBuf;
import io.sluice.mqtt.Publish.UserProperty;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The property section of a packet from the broker (MQTT 5 §2.2.2): only what the packet may carry, each at most once. */
final class ReceivedProperties {

    static final ReceivedProperties NONE = new ReceivedProperties();

    private final Map<Property, Object> values = new EnumMap<>(Property.class);
    private final List<UserProperty> userProperties = new ArrayList<>();
    private final List<Integer> subscriptionIdentifiers = new ArrayList<>();

    private ReceivedProperties() {}

    /** Reads length and properties. */
    static ReceivedProperties read(ByteBuf from, Set<Property> allowed) throws Malformation {
        int length = Wire.readVariable(from);
        if (length == 0) {
            return NONE;
        }
        ReceivedProperties properties = new ReceivedProperties();
        ByteBuf section = from.readSlice(length);
        while (section.isReadable()) {
            properties.readOne(section, allowed);
        }
        return properties;
    }

    private void readOne(ByteBuf from, Set<Property> allowed) throws Malformation {
        int identifier = Wire.readVariable(from);
        Property property = Property.of(identifier);
        if (property == null || !allowed.contains(property)) {
            throw Malformation.malformed("a property 0x%02X that does not belong there".formatted(identifier));
        }
        switch (property) {
            case USER_PROPERTY -> userProperties.add(new UserProperty(Wire.readText(from), Wire.readText(from)));
            case SUBSCRIPTION_IDENTIFIER -> subscriptionIdentifiers.add(subscriptionIdentifier(from));
            default -> {
                if (values.put(property, value(property, from)) != null) {
                    throw Malformation.protocolError("property " + property + " twice");
                }
            }
        }
    }

    private static int subscriptionIdentifier(ByteBuf from) throws Malformation {
        int identifier = Wire.readVariable(from);
        if (identifier == 0) {
            throw Malformation.protocolError("a Subscription Identifier 0");
        }
        return identifier;
    }

    private static Object value(Property property, ByteBuf from) throws Malformation {
        return switch (property.type()) {
            case BOOLEAN -> bit(property, from.readUnsignedByte());
            case TWO_BYTES -> from.readUnsignedShort();
            case FOUR_BYTES -> from.readUnsignedInt();
            case TEXT -> Wire.readText(from);
            case BINARY -> Wire.readBinary(from);
            case VARIABLE, PAIR -> throw new IllegalArgumentException(property + " may come several times");
        };
    }

    private static int bit(Property property, int value) throws Malformation {
        if (value > 1) {
            throw Malformation.protocolError("property " + property + " with " + value);
        }
        return value;
    }

    Optional<Integer> number(Property property) {
        return Optional.ofNullable((Integer) values.get(property));
    }

    int number(Property property, int otherwise) {
        return values.get(property) instanceof Integer number ? number : otherwise;
    }

    boolean bit(Property property, boolean otherwise) {
        return number(property, otherwise ? 1 : 0) == 1;
    }

    Optional<Long> interval(Property property) {
        return Optional.ofNullable((Long) values.get(property));
    }

    Optional<String> text(Property property) {
        return Optional.ofNullable((String) values.get(property));
    }

    Optional<byte[]> binary(Property property) {
        return Optional.ofNullable((byte[]) values.get(property));
    }

    /** With Reason String and User Properties. */
    Reason reason(int code) {
        return values.isEmpty() && userProperties.isEmpty()
                ? Reason.of(code)
                : new Reason(code, text(Property.REASON_STRING).orElse(""), userProperties);
    }

    Subscribe.Answer answer(List<Integer> reasonCodes) {
        return new Subscribe.Answer(reasonCodes, text(Property.REASON_STRING).orElse(""), userProperties);
    }

    Publish.Properties message() throws Malformation {
        if (this == NONE) {
            return Publish.Properties.NONE;
        }
        Optional<String> responseTopic = text(Property.RESPONSE_TOPIC);
        if (responseTopic.map(Topics::problemOfName).filter(p -> !p.isEmpty()).isPresent()) {
            throw Malformation.protocolError("a Response Topic that is no Topic Name");
        }
        return new Publish.Properties(
                bit(Property.PAYLOAD_FORMAT_INDICATOR, false),
                interval(Property.MESSAGE_EXPIRY_INTERVAL),
                text(Property.CONTENT_TYPE),
                responseTopic,
                binary(Property.CORRELATION_DATA),
                userProperties,
                subscriptionIdentifiers);
    }
}

package io.sluice.mqtt;

import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * An application message, in either direction (MQTT 5 §3.3). The payload array is given away, not copied.
 *
 * @param topic a Topic Name without wildcards, 1 to 65,535 bytes as UTF-8 [MQTT-3.3.2-2], [MQTT-4.7.3-1]
 * @param payload at most 256 MiB with topic and header
 * @param qos 0, 1 or 2
 * @param properties of MQTT 5; not sent over MQTT 3.1.1
 */
@SuppressWarnings("ArrayRecordComponent") // a copy per message is what this client avoids
public record Publish(String topic, byte[] payload, int qos, boolean retain, Properties properties) {

    public Publish {
        Objects.requireNonNull(payload, "payload");
        Objects.requireNonNull(properties, "properties");
        if (qos < 0 || qos > 2) {
            throw new IllegalArgumentException("QoS " + qos + " is not 0, 1 or 2");
        }
        String problem = Topics.problemOfName(topic);
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException("topic '" + topic + "' " + problem);
        }
    }

    /** A message without properties. */
    public Publish(String topic, byte[] payload, int qos, boolean retain) {
        this(topic, payload, qos, retain, Properties.NONE);
    }

    /** The same message with other properties. */
    public Publish with(Properties changed) {
        return new Publish(topic, payload, qos, retain, changed);
    }

    /**
     * The properties of a PUBLISH that belong to the message (MQTT 5 §3.3.2.3); Topic Aliases are the client's own affair.
     *
     * @param utf8Payload Payload Format Indicator: the payload is declared to be UTF-8; nobody here checks it
     * @param messageExpirySeconds 0 to 4,294,967,295; how long the broker keeps it, or what was left of it
     * @param responseTopic a Topic Name
     * @param correlationData at most 65,535 bytes
     * @param subscriptionIdentifiers of the subscriptions that matched; received only [MQTT-3.3.4-6]
     */
    @SuppressWarnings("ArrayRecordComponent") // as the payload
    public record Properties(
            boolean utf8Payload,
            Optional<Long> messageExpirySeconds,
            Optional<String> contentType,
            Optional<String> responseTopic,
            Optional<byte[]> correlationData,
            List<UserProperty> userProperties,
            List<Integer> subscriptionIdentifiers) {

        /** None at all. */
        public static final Properties NONE = new Properties(
                false, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), List.of(), List.of());

        public Properties {
            userProperties = List.copyOf(userProperties);
            subscriptionIdentifiers = List.copyOf(subscriptionIdentifiers);
            messageExpirySeconds.ifPresent(seconds -> {
                if (seconds < 0 || seconds > 0xFFFF_FFFFL) {
                    throw new IllegalArgumentException("message expiry " + seconds + " s is not 0 to 4,294,967,295 s");
                }
            });
            contentType.ifPresent(text -> Texts.require(text, "Content Type"));
            responseTopic.ifPresent(Properties::requireTopic);
            correlationData.ifPresent(data -> Texts.require(data, "Correlation Data"));
        }

        /** What a request carries (MQTT 5 §4.10): where the answer is to go, and what it is to repeat. */
        public static Properties request(String responseTopic, byte[] correlationData) {
            return NONE.with(properties -> {
                properties.responseTopic = Optional.of(responseTopic);
                properties.correlationData = Optional.of(correlationData);
            });
        }

        /** These properties with what {@code changes} assigns: {@code NONE.with(p -> p.contentType = Optional.of("text/csv"))}. */
        public Properties with(Consumer<Draft> changes) {
            Draft draft = new Draft(this);
            changes.accept(draft);
            return draft.properties();
        }

        /** What of {@link Properties} can be sent, to be assigned inside {@link #with}. */
        public static final class Draft {

            public boolean utf8Payload;
            public Optional<Long> messageExpirySeconds;
            public Optional<String> contentType;
            public Optional<String> responseTopic;
            public Optional<byte[]> correlationData;
            public List<UserProperty> userProperties;

            private final List<Integer> subscriptionIdentifiers;

            private Draft(Properties from) {
                utf8Payload = from.utf8Payload;
                messageExpirySeconds = from.messageExpirySeconds;
                contentType = from.contentType;
                responseTopic = from.responseTopic;
                correlationData = from.correlationData;
                userProperties = from.userProperties;
                subscriptionIdentifiers = from.subscriptionIdentifiers;
            }

            private Properties properties() {
                return new Properties(
                        utf8Payload,
                        messageExpirySeconds,
                        contentType,
                        responseTopic,
                        correlationData,
                        userProperties,
                        subscriptionIdentifiers);
            }
        }

        private static void requireTopic(String topic) {
            String problem = Topics.problemOfName(topic);
            if (!problem.isEmpty()) {
                throw new IllegalArgumentException("Response Topic '" + topic + "' " + problem);
            }
        }
    }

    /**
     * A User Property of a packet (MQTT 5 §1.5.7): a name and a value that the standard gives no meaning. Names may repeat, and
     * their order is kept [MQTT-3.3.2-18]. MQTT 3.1.1 cannot carry it.
     *
     * @param name at most 65,535 bytes as UTF-8, without U+0000, as the value
     */
    public record UserProperty(String name, String value) {

        public UserProperty {
            Texts.require(name, "name of a User Property");
            Texts.require(value, "value of User Property " + name);
        }
    }
}

package io.sluice.mqtt;

import io.sluice.mqtt.Publish.UserProperty;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;

/**
 * What is asked for in one SUBSCRIBE (MQTT 5 §3.8).
 *
 * @param filters at least one [MQTT-3.8.3-2]
 * @param identifier Subscription Identifier, 1 to 268,435,455, or 0 for none; MQTT 5 only
 * @param userProperties MQTT 5 only
 */
public record Subscribe(List<Filter> filters, int identifier, List<UserProperty> userProperties) {

    private static final int MAX_IDENTIFIER = 268_435_455;

    public Subscribe {
        filters = List.copyOf(filters);
        userProperties = List.copyOf(userProperties);
        if (filters.isEmpty()) {
            throw new IllegalArgumentException("no topic filter is given");
        }
        if (identifier < 0 || identifier > MAX_IDENTIFIER) {
            throw new IllegalArgumentException(
                    "Subscription Identifier " + identifier + " is not 1 to 268,435,455 (0: none)");
        }
    }

    /** These topic filters at QoS 1, with the standard's defaults. */
    public static Subscribe to(String... topicFilters) {
        return to(Arrays.asList(topicFilters));
    }

    /** These topic filters at QoS 1, with the standard's defaults. */
    public static Subscribe to(Collection<String> topicFilters) {
        return new Subscribe(
                topicFilters.stream().map(filter -> Filter.of(filter, 1)).toList(), 0, List.of());
    }

    /**
     * A Topic Filter with its Subscription Options (MQTT 5 §3.8.3.1); over MQTT 3.1.1 only filter and QoS are sent.
     *
     * @param topicFilter may have wildcards, and be shared: {@code $share/NAME/FILTER}
     * @param qos most that the broker may send with: 0, 1 or 2
     * @param noLocal not what this client publishes; not with a shared filter [MQTT-3.8.3-4]
     * @param retainAsPublished keep the RETAIN flag as it was published
     */
    public record Filter(
            String topicFilter, int qos, boolean noLocal, boolean retainAsPublished, RetainHandling retainHandling) {

        public Filter {
            String problem = Topics.problemOfFilter(topicFilter);
            if (!problem.isEmpty()) {
                throw new IllegalArgumentException("topic filter '" + topicFilter + "' " + problem);
            }
            if (qos < 0 || qos > 2) {
                throw new IllegalArgumentException("QoS " + qos + " is not 0, 1 or 2");
            }
            if (noLocal && Topics.isShared(topicFilter)) {
                throw new IllegalArgumentException(
                        "topic filter '" + topicFilter + "' is shared: no-local is not allowed");
            }
        }

        /** With the standard's defaults. */
        public static Filter of(String topicFilter, int qos) {
            return new Filter(topicFilter, qos, false, false, RetainHandling.SEND);
        }
    }

    /** What the broker does with retained messages when the subscription is made. */
    public enum RetainHandling {
        SEND,
        SEND_IF_NEW,
        DO_NOT_SEND
    }

    /**
     * SUBACK or UNSUBACK.
     *
     * @param reasonCodes one a filter, in their order: the granted QoS or a success below 0x80, else why not. UNSUBACK of
     *     MQTT 3.1.1 names none: all are 0x00
     */
    public record Answer(List<Integer> reasonCodes, String reasonString, List<UserProperty> userProperties) {

        public Answer {
            reasonCodes = List.copyOf(reasonCodes);
            userProperties = List.copyOf(userProperties);
        }
    }
}

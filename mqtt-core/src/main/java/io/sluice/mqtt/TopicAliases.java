package io.sluice.mqtt;

import java.util.HashMap;
import java.util.Map;

/** The Topic Aliases that this client has set on one connection (MQTT 5 §3.3.2.3.4): the first topics get one and keep it. */
final class TopicAliases {

    private final Map<String, Integer> byTopic = new HashMap<>();
    private int most;

    /** A new connection: nothing is set. */
    void reset(int maximum) {
        byTopic.clear();
        most = maximum;
    }

    /** The alias of a topic that the broker knows; 0 if there is none. */
    int known(String topic) {
        return most == 0 ? 0 : byTopic.getOrDefault(topic, 0);
    }

    /** A new alias for a topic that has none; 0 if all are taken. */
    int assign(String topic) {
        if (byTopic.size() >= most) {
            return 0;
        }
        int alias = byTopic.size() + 1;
        byTopic.put(topic, alias);
        return alias;
    }
}

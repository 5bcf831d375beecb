package io.sluice.mqtt;

import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.MqttOptions.Credentials;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** A broker that is not ours, with a listener for every {@link Way}. */
interface PeerBroker extends AutoCloseable {

    int port(Way way);

    /** What a client has to say on that way besides its certificate. */
    default Optional<Credentials> login(Way way) {
        return Optional.empty();
    }

    static Map<Way, Integer> freePorts() throws IOException {
        Map<Way, Integer> ports = new EnumMap<>(Way.class);
        for (Way way : Way.values()) {
            ports.put(way, Mosquitto.freePort());
        }
        return ports;
    }

    /** Waits until all of them are open. */
    static void awaitListening(Map<Way, Integer> ports) {
        await().atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(20))
                .until(() -> ports.values().stream().allMatch(Mosquitto::isListening));
    }
}

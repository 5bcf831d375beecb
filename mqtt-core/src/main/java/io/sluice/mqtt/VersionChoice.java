package io.sluice.mqtt;

import io.sluice.mqtt.MqttOptions.Version;
import java.net.URI;
import java.util.HashSet;
import java.util.Set;

/**
 * The version of MQTT to speak with a broker: the one of the options, or MQTT 3.1.1 if the options allow to fall back. A
 * broker that refuses MQTT 5 is believed from then on; one that only closes at CONNECT may have had another reason, so that
 * MQTT 5 is tried again after one attempt.
 */
final class VersionChoice {

    private final MqttOptions options;
    private final Set<URI> refusedMqtt5 = new HashSet<>();
    private final Set<URI> closedAtConnect = new HashSet<>();

    VersionChoice(MqttOptions options) {
        this.options = options;
    }

    Version of(URI broker) {
        boolean fallBack = options.fallBack() && (closedAtConnect.contains(broker) || refusedMqtt5.contains(broker));
        return fallBack ? Version.MQTT_3_1_1 : options.version();
    }

    /** CONNACK with a failure. @return the other version is worth an attempt */
    boolean refused(URI broker, Version version, int reasonCode) {
        if (version == Version.MQTT_3_1_1) {
            refusedMqtt5.remove(broker);
            return false;
        }
        return options.fallBack() && reasonCode == ReasonCode.UNSUPPORTED_VERSION && refusedMqtt5.add(broker);
    }

    /** A connection is over. @param atConnect it never answered CONNECT */
    void closed(URI broker, Version version, boolean atConnect) {
        if (atConnect && version == Version.MQTT_5) {
            closedAtConnect.add(broker);
        } else {
            closedAtConnect.remove(broker);
        }
    }
}

package io.sluice.gateway.config;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Where telemetry goes, and how.
 *
 * @param name of the entry of {@code northbound:}
 * @param brokers {@code mqtt://HOST[:1883]} or {@code mqtts://HOST[:8883]}, tried in order
 * @param clientId with {@code {gateway}} filled in
 * @param keepAlive 1 s to 65,535 s
 * @param topic template; its placeholders are known, and {@code {gateway}}, {@code {kind}} and {@code {device}} are there
 * @param retain whether birth and status messages are retained
 * @param maxBatchBytes largest body of one message
 * @param window most messages in flight, 1 to 65,535
 * @param ackTimeout an acknowledgement older than this ends the connection
 * @param backoffMax longest wait before connecting again
 */
public record Northbound(
        String name,
        List<URI> brokers,
        Version version,
        String clientId,
        Optional<String> username,
        Optional<String> password,
        Duration keepAlive,
        Format format,
        String topic,
        boolean retain,
        int maxBatchBytes,
        int window,
        Duration ackTimeout,
        Duration backoffMax,
        Optional<Tls> tls) {

    public Northbound {
        brokers = List.copyOf(brokers);
    }

    public enum Version {
        MQTT_5,
        MQTT_3_1_1
    }

    public enum Format {
        PROTOBUF,
        JSON
    }

    /**
     * PEM files.
     *
     * @param ca certificates to trust instead of the JDK's
     */
    public record Tls(Optional<Path> ca, Optional<Path> certificate, Optional<Path> key) {}

    /** Without the password, so that it never gets into a log. */
    @Override
    public String toString() {
        return "Northbound[" + name + ", " + brokers + ", " + version + ", client id " + clientId + "]";
    }
}

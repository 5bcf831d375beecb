package io.sluice.mqtt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;

/** A {@link Mosquitto} that listens in every {@link Way}. */
final class MosquittoEveryWay implements PeerBroker {

    private final Map<Way, Integer> ports = PeerBroker.freePorts();
    private final Mosquitto broker;

    /** @param certificates with {@code server} and its authority */
    MosquittoEveryWay(Path directory, Certificates certificates) throws IOException {
        String tls = "cafile %s\ncertfile %s\nkeyfile %s\nrequire_certificate true"
                .formatted(
                        certificates.file("ca.pem"), certificates.file("server.pem"), certificates.file("server.key"));
        String web = "protocol websockets";
        broker = Mosquitto.start(
                directory,
                "allow_anonymous true",
                listener(Way.MUTUAL_TLS),
                tls,
                listener(Way.WEBSOCKET),
                web,
                listener(Way.SECURE_WEBSOCKET),
                web,
                tls);
        ports.put(Way.TCP, broker.port());
        PeerBroker.awaitListening(ports);
    }

    private String listener(Way way) {
        return "listener %d 127.0.0.1".formatted(port(way));
    }

    @Override
    public int port(Way way) {
        return Objects.requireNonNull(ports.get(way));
    }

    @Override
    public void close() throws InterruptedException {
        broker.close();
    }
}

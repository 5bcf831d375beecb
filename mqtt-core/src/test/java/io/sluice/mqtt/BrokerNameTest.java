package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker's name: all of its addresses, and asked for anew at each attempt. */
class BrokerNameTest {

    @TempDir
    Path directory;

    private final Scene scene = new Scene();

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void everyAddressOfANameIsTriedInOneAttempt() throws Exception {
        Mosquitto broker = scene.add(Mosquitto.open(directory.resolve("broker")));
        Recording events = new Recording();

        scene.start(
                Scene.options(URI.create("mqtt://broker.test:" + broker.port())), events, host -> new InetAddress[] {
                    InetAddress.getByName("127.0.0.3"),
                    InetAddress.getByName("127.0.0.2"),
                    InetAddress.getByName("127.0.0.1")
                });

        await().until(() -> events.connected.size() == 1);
        assertThat(events.disconnected).isEmpty();
    }

    @Test
    void theNameIsResolvedAgainAtEachAttempt() throws Exception {
        Mosquitto broker = scene.add(Mosquitto.open(directory.resolve("broker")));
        Recording events = new Recording();
        AtomicInteger asked = new AtomicInteger();

        scene.start(Scene.options(URI.create("mqtt://broker.test:" + broker.port())), events, host -> {
            if (asked.incrementAndGet() < 3) {
                throw new UnknownHostException(host + ": not yet");
            }
            return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
        });

        await().until(() -> events.connected.size() == 1);
        assertThat(events.reasons())
                .hasSize(2)
                .containsOnly("unknown host broker.test: check its name, and whether DNS is reachable");
    }

    @Test
    void theNameIsResolvedAgainAfterALostConnection() throws Exception {
        Mosquitto broker = scene.add(Mosquitto.open(directory.resolve("broker")));
        Recording events = new Recording();
        List<String> asked = new CopyOnWriteArrayList<>();
        scene.start(Scene.options(URI.create("mqtt://broker.test:" + broker.port())), events, host -> {
            asked.add(host);
            return new InetAddress[] {InetAddress.getByName("127.0.0.1")};
        });
        await().until(() -> events.connected.size() == 1);
        assertThat(asked).containsExactly("broker.test");

        broker.kill();
        await().until(() -> !events.disconnected.isEmpty());
        broker.startAgain();

        await().until(() -> events.connected.size() == 2);
        assertThat(asked).hasSize(1 + events.disconnected.size());
    }
}

package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The list of brokers in order, and the way back to the preferred one. */
class BrokerListTest {

    @TempDir
    Path directory;

    private final Scene scene = new Scene();

    @AfterEach
    void close() throws Exception {
        scene.close();
    }

    @Test
    void takesTheNextBrokerAndGoesBackToThePreferredOneWhenItCanBeReachedAgain() throws Exception {
        Mosquitto first = scene.add(Mosquitto.open(directory.resolve("broker")));
        Mosquitto second = scene.add(Mosquitto.open(directory.resolve("second")));
        first.kill();
        Recording events = new Recording();
        scene.start(
                MqttOptions.defaults(List.of(first.uri(), second.uri()), "plant-7")
                        .with(o -> {
                            o.backoffMin = Duration.ofMillis(5);
                            o.backoffMax = Duration.ofMillis(20);
                            o.transport = o.transport.withPreferredRetry(Duration.ofMillis(50));
                        }),
                events);
        await().until(() -> events.connected.size() == 1);
        assertThat(events.connected.getFirst().broker()).isEqualTo(second.uri());

        first.startAgain();

        await().until(() -> events.connected.size() == 2);
        assertThat(events.connected.getLast().broker()).isEqualTo(first.uri());
        assertThat(events.disconnected.getLast().retryIn()).isZero();
        assertThat(events.reasons().getLast())
                .isEqualTo("the preferred broker can be reached again: back to " + first.uri());
    }

    @Test
    void aPreferredBrokerThatTakesConnectionsAndSaysNothingIsLookedAtAgainAndAgain() throws Exception {
        Mosquitto second = scene.add(Mosquitto.open(directory.resolve("broker")));
        ServerSocket hanging = scene.add(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
        AtomicInteger closed = new AtomicInteger();
        Thread.ofVirtual().start(() -> countConnectionsUntilTheyAreClosed(hanging, closed));
        Recording events = new Recording();

        scene.start(
                MqttOptions.defaults(
                                List.of(URI.create("mqtts://127.0.0.1:" + hanging.getLocalPort()), second.uri()),
                                "plant-7")
                        .with(o -> {
                            o.connectTimeout = Duration.ofMillis(200);
                            o.backoffMin = Duration.ofMillis(5);
                            o.transport = o.transport.withPreferredRetry(Duration.ofMillis(20));
                        }),
                events);

        await().until(() -> events.connected.size() == 1);
        // The timeout holds for the broker that answers too: a slow machine may need it more than once to get there.
        int failed = events.disconnected.size();
        int looks = closed.get() + 3;
        await().until(() -> closed.get() >= looks);
        assertThat(events.connected).hasSize(1);
        assertThat(events.disconnected).hasSize(failed);
    }

    @Test
    void aPreferredBrokerThatRefusesTheSessionIsGoneBackToLessAndLessOften() throws Exception {
        Mosquitto second = scene.add(Mosquitto.open(directory.resolve("broker")));
        RawBroker refusing = scene.add(new RawBroker());
        List<Long> refusals = new CopyOnWriteArrayList<>();
        Thread.ofVirtual().start(() -> refuse(refusing, refusals));
        Duration period = Duration.ofMillis(20);

        scene.start(
                MqttOptions.defaults(List.of(refusing.uri(), second.uri()), "plant-7")
                        .with(o -> {
                            o.backoffMin = Duration.ofMillis(1);
                            o.backoffMax = Duration.ofMillis(1);
                            o.transport = o.transport.withPreferredRetry(period);
                        }),
                new Recording());

        await().until(() -> refusals.size() >= 6);
        // 1, 2, 4, 8 and 16 periods lie between them
        assertThat(refusals.get(5) - refusals.get(0)).isGreaterThanOrEqualTo(31 * period.toNanos());
    }

    private static void refuse(RawBroker broker, List<Long> refusals) {
        while (true) {
            try (RawBroker.Link link = broker.next()) {
                if (!link.read().equals("end")) {
                    refusals.add(System.nanoTime());
                    link.send("20 03 00 87 00"); // not authorised
                }
            } catch (IOException | InterruptedException | AssertionError end) {
                return;
            }
        }
    }

    /** One after the other, so that a connection which stays open would keep the next from being counted. */
    private static void countConnectionsUntilTheyAreClosed(ServerSocket server, AtomicInteger closed) {
        while (true) {
            try (Socket socket = server.accept()) {
                socket.getInputStream().transferTo(OutputStream.nullOutputStream());
                closed.incrementAndGet();
            } catch (IOException end) {
                return;
            }
        }
    }
}

package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.FaultProxy.Fault;
import io.sluice.mqtt.MqttOptions.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Whatever a network does between client and broker: every publish ends in exactly one outcome, QoS 1 arrives at least once,
 * QoS 2 exactly once within the session, and the order is kept.
 */
class FaultProxyTest {

    private static final int MESSAGES = 60;
    private static final int PUBACK = 0x40;

    @TempDir
    Path directory;

    private final List<MqttClient> clients = new ArrayList<>();
    private final Recording reader = new Recording();
    private final Recording events = new Recording();
    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    private Mosquitto broker;

    @BeforeEach
    void open() throws Exception {
        broker = Mosquitto.open(directory);
        MqttClient client = start(MqttOptions.defaults(List.of(broker.uri()), "reader"), reader);
        assertThat(client.subscribe(Subscribe.to("data")).get().reasonCodes()).containsExactly(1);
    }

    @AfterEach
    void close() throws InterruptedException {
        clients.forEach(MqttClient::close);
        if (broker != null) {
            broker.close();
        }
    }

    private MqttClient start(MqttOptions options, Recording listener) {
        MqttClient client = new MqttClient(options, listener);
        clients.add(client);
        client.start();
        return client;
    }

    @ParameterizedTest
    @CsvSource({"1, MQTT_5", "1, MQTT_3_1_1", "2, MQTT_5"})
    void survivesACutAfterAnyPacketOfTheBroker(int qos, Version version) throws Exception {
        through(qos, version, connection -> (packet, number) -> {
            return List.of(number > connection % 9 ? FaultProxy.CUT : packet);
        });

        assertThat(events.disconnected).hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @CsvSource({"1, MQTT_5", "1, MQTT_3_1_1", "2, MQTT_5"})
    void survivesACutAfterAnyByteOfTheClient(int qos, Version version) throws Exception {
        through(qos, version, connection -> new Fault() {
            @Override
            public List<byte[]> fromBroker(byte[] packet, int number) {
                return List.of(packet);
            }

            @Override
            public int bytesFromClient() {
                return 20 + connection * 7;
            }
        });

        assertThat(events.disconnected).hasSizeGreaterThan(5);
    }

    @Test
    void aDroppedPubAckEndsTheConnectionAndTheMessageGoesAgain() throws Exception {
        through(
                1,
                Version.MQTT_5,
                connection -> (packet, number) ->
                        isPubAck(packet) && connection == 0 && number == 3 ? List.of() : List.of(packet));

        assertThat(events.reasons()).singleElement().asString().startsWith("no acknowledgement of Packet Identifier");
        assertThat(events.connected.getLast().sessionPresent()).isTrue();
    }

    @Test
    void aDoubledPubAckEndsOnlyOnePublish() throws Exception {
        through(
                1,
                Version.MQTT_5,
                connection -> (packet, number) -> isPubAck(packet) ? List.of(packet, packet) : List.of(packet));

        assertThat(events.disconnected).isEmpty();
        assertThat(reader.texts()).hasSize(MESSAGES);
    }

    @Test
    void pubAcksInAnotherOrderEndTheirOwnPublishes() throws Exception {
        through(1, Version.MQTT_5, connection -> new Fault() {
            private final Deque<byte[]> held = new ArrayDeque<>();

            // Passes on four at a time, the last one first.
            @Override
            public List<byte[]> fromBroker(byte[] packet, int number) {
                if (!isPubAck(packet)) {
                    return List.of(packet);
                }
                held.push(packet);
                if (held.size() < 4) {
                    return List.of();
                }
                List<byte[]> turned = List.copyOf(held);
                held.clear();
                return turned;
            }
        });

        assertThat(events.disconnected).isEmpty();
        assertThat(reader.texts()).hasSize(MESSAGES);
    }

    /** Publishes through the proxy and checks what must hold whatever it does. */
    private void through(int qos, Version version, IntFunction<Fault> faults) throws IOException {
        try (FaultProxy proxy = new FaultProxy(broker.port(), faults)) {
            MqttClient writer = start(
                    MqttOptions.defaults(List.of(proxy.uri()), "writer").with(o -> {
                        o.version = version;
                        o.window = 8;
                        o.ackTimeout = Duration.ofMillis(500);
                        o.backoffMin = Duration.ofMillis(1);
                        o.backoffMax = Duration.ofMillis(5);
                    }),
                    events);
            for (int i = 0; i < MESSAGES; i++) {
                byte[] payload = Integer.toString(i).getBytes(StandardCharsets.UTF_8);
                writer.publish(new Publish("data", payload, qos, false), outcomes::add);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> outcomes.size() == MESSAGES);
        }
        assertThat(outcomes).allMatch(Outcome.Acknowledged.class::isInstance);
        await().until(() -> reader.texts().contains(Integer.toString(MESSAGES - 1)));
        List<String> all =
                IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList();
        assertThat(reader.texts().stream().distinct().toList()).isEqualTo(all);
        if (qos == 2) {
            assertThat(reader.texts()).doesNotHaveDuplicates();
        }
    }

    private static boolean isPubAck(byte[] packet) {
        return packet[0] == PUBACK;
    }
}

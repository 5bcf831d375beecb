package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.FaultProxy.Fault;
import io.sluice.mqtt.MqttOptions.CleanStart;
import io.sluice.mqtt.MqttOptions.Version;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Whatever a network does between client and broker: every publish ends in exactly one outcome, QoS 1 arrives at least once,
 * QoS 2 exactly once within the session, and the order is kept.
 */
class FaultProxyTest {

    private static final int MESSAGES = 60;

    /** What a broker answers to a publish. */
    private enum Acknowledgement {
        PUBACK(1, 0x40),
        PUBREC(2, 0x50),
        PUBCOMP(2, 0x70);

        final int qos;
        private final int firstByte;

        Acknowledgement(int qos, int firstByte) {
            this.qos = qos;
            this.firstByte = firstByte;
        }

        boolean is(byte[] packet) {
            return packet[0] == firstByte;
        }
    }

    @TempDir
    Path directory;

    private final List<MqttClient> clients = new ArrayList<>();
    private final Recording reader = new Recording();
    private final Recording events = new Recording();
    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    private Mosquitto broker;
    private int payloadBytes;
    /** Short only where something is dropped: elsewhere a slow machine must not be taken for a lost acknowledgement. */
    private Duration ackTimeout = Duration.ofSeconds(30);
    /** mosquitto passes a message of QoS 2 on when PUBREL comes, so that PUBRECs which are not in order turn the messages too. */
    private boolean ordered = true;

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
    @CsvSource({"1, MQTT_5", "1, MQTT_3_1_1", "2, MQTT_5", "2, MQTT_3_1_1"})
    void survivesACutAfterAnyPacketOfTheBroker(int qos, Version version) throws Exception {
        through(qos, version, connection -> (packet, number) -> {
            return List.of(number > connection % 9 ? FaultProxy.CUT : packet);
        });

        assertThat(events.disconnected).hasSizeGreaterThan(5);
    }

    @ParameterizedTest
    @CsvSource({"1, MQTT_5", "1, MQTT_3_1_1", "2, MQTT_5", "2, MQTT_3_1_1"})
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

    // ---- what happens to an acknowledgement

    @ParameterizedTest
    @EnumSource(Acknowledgement.class)
    void aDroppedAcknowledgementEndsTheConnectionAndTheMessageGoesAgain(Acknowledgement kind) throws Exception {
        ordered = kind != Acknowledgement.PUBREC;
        ackTimeout = Duration.ofSeconds(1);
        AtomicInteger seen = new AtomicInteger();
        through(
                kind.qos,
                Version.MQTT_5,
                connection -> (packet, number) ->
                        kind.is(packet) && seen.incrementAndGet() == 3 ? List.of() : List.of(packet));

        assertThat(events.reasons()).singleElement().asString().startsWith("no acknowledgement of Packet Identifier");
        assertThat(events.connected.getLast().sessionPresent()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Acknowledgement.class)
    void aDoubledAcknowledgementEndsOnlyOnePublish(Acknowledgement kind) throws Exception {
        through(
                kind.qos,
                Version.MQTT_5,
                connection -> (packet, number) -> kind.is(packet) ? List.of(packet, packet) : List.of(packet));

        assertThat(events.disconnected).isEmpty();
        assertThat(reader.texts()).hasSize(MESSAGES);
    }

    @ParameterizedTest
    @EnumSource(Acknowledgement.class)
    void acknowledgementsInAnotherOrderEndTheirOwnPublishes(Acknowledgement kind) throws Exception {
        ordered = kind != Acknowledgement.PUBREC;
        through(kind.qos, Version.MQTT_5, connection -> new Fault() {
            private final Deque<byte[]> held = new ArrayDeque<>();

            // Passes on four at a time, the last one first.
            @Override
            public List<byte[]> fromBroker(byte[] packet, int number) {
                if (!kind.is(packet)) {
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

    @ParameterizedTest
    @EnumSource(Acknowledgement.class)
    void aLateAcknowledgementIsWaitedFor(Acknowledgement kind) throws Exception {
        through(kind.qos, Version.MQTT_5, connection -> (packet, number) -> {
            if (kind.is(packet)) {
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
            }
            return List.of(packet);
        });

        assertThat(events.disconnected).isEmpty();
        assertThat(reader.texts()).hasSize(MESSAGES);
    }

    // ---- what happens to a connection

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void aConnectionThatGoesSilentIsGivenUpAndNothingIsMissing(int qos) throws Exception {
        ackTimeout = Duration.ofSeconds(1);
        through(
                qos,
                Version.MQTT_5,
                connection -> connection > 0
                        ? Fault.NONE
                        : new Fault() {
                            @Override
                            public List<byte[]> fromBroker(byte[] packet, int number) {
                                return number < 10 ? List.of(packet) : List.of();
                            }

                            @Override
                            public List<byte[]> fromClient(byte[] packet, int number) {
                                return number < 10 ? List.of(packet) : List.of();
                            }
                        });

        assertThat(events.disconnected).hasSize(1);
    }

    @Test
    void aBrokerThatClosesAtOnceIsNotFloodedAndGetsEverythingInTheEnd() throws Exception {
        AtomicInteger attempts = new AtomicInteger();
        through(2, Version.MQTT_5, connection -> {
            attempts.incrementAndGet();
            return (packet, number) -> List.of(connection < 20 ? FaultProxy.CUT : packet);
        });

        assertThat(attempts).hasValue(21);
        assertThat(events.disconnected).hasSize(20);
        assertThat(events.connected).hasSize(1);
    }

    @Test
    void aBrokerThatReadsSlowlyGetsEverythingInOrder() throws Exception {
        payloadBytes = 20_000;
        through(1, Version.MQTT_5, connection -> new Fault() {
            @Override
            public List<byte[]> fromBroker(byte[] packet, int number) {
                return List.of(packet);
            }

            @Override
            public List<byte[]> fromClient(byte[] packet, int number) {
                LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
                return List.of(packet);
            }
        });

        assertThat(events.disconnected).isEmpty();
    }

    // ---- everything at once

    @ParameterizedTest
    @CsvSource({"1, MQTT_5", "1, MQTT_3_1_1", "2, MQTT_5", "2, MQTT_3_1_1"})
    void whateverHappensByChanceNothingIsMissingAndNothingOfQos2IsDoubled(int qos, Version version) throws Exception {
        ordered = qos == 1;
        ackTimeout = Duration.ofMillis(500);
        long seed = new SecureRandom().nextLong();
        Random random = new Random(seed);
        try {
            through(qos, version, connection -> connection > 40 ? Fault.NONE : new Chance(random.nextLong()));
        } catch (AssertionError | ConditionTimeoutException e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    /** Drops, doubles, delays, swaps and cuts, each seldom. */
    private static final class Chance implements Fault {

        private final Random random;
        private final List<byte[]> held = new ArrayList<>();

        Chance(long seed) {
            random = new Random(seed);
        }

        @Override
        public synchronized List<byte[]> fromBroker(byte[] packet, int number) {
            List<byte[]> passed = new ArrayList<>(held);
            held.clear();
            switch (isAcknowledgement(packet) ? random.nextInt(30) : 30) {
                case 0 -> {}
                case 1, 2 -> passed.addAll(List.of(packet, packet));
                case 3, 4 -> held.add(packet);
                case 5, 6 -> passed.addFirst(packet);
                case 7 -> passed.add(FaultProxy.CUT);
                case 8 -> passed.addAll(List.of(packet, FaultProxy.CUT));
                default -> passed.add(packet);
            }
            return passed;
        }

        @Override
        public synchronized List<byte[]> fromClient(byte[] packet, int number) {
            return random.nextInt(40) == 0 ? List.of(packet, FaultProxy.CUT) : List.of(packet);
        }

        private static boolean isAcknowledgement(byte[] packet) {
            return Stream.of(Acknowledgement.values()).anyMatch(kind -> kind.is(packet));
        }
    }

    /** Publishes through the proxy and checks what must hold whatever it does. */
    private void through(int qos, Version version, IntFunction<Fault> faults) throws IOException {
        try (FaultProxy proxy = new FaultProxy(broker.port(), faults)) {
            MqttClient writer = start(
                    MqttOptions.defaults(List.of(proxy.uri()), "writer").with(o -> {
                        o.version = version;
                        // MQTT 3.1.1 has no session that outlives a connection made with Clean Session 1.
                        o.cleanStart = version == Version.MQTT_5 ? CleanStart.FIRST : CleanStart.NEVER;
                        o.window = 8;
                        o.ackTimeout = ackTimeout;
                        o.backoffMin = Duration.ofMillis(1);
                        o.backoffMax = Duration.ofMillis(5);
                    }),
                    events);
            for (int i = 0; i < MESSAGES; i++) {
                writer.publish(new Publish("data", payload(i), qos, false), outcomes::add);
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> outcomes.size() >= MESSAGES);
            writer.stop(null, Duration.ofSeconds(5));
        }
        assertThat(outcomes).hasSize(MESSAGES).allMatch(Outcome.Acknowledged.class::isInstance);
        await().until(() -> texts().stream().distinct().count() >= MESSAGES);
        List<String> all =
                IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toList();
        List<String> arrived = texts().stream().distinct().toList();
        assertThat(arrived).containsExactlyInAnyOrderElementsOf(all);
        if (ordered) {
            assertThat(arrived).isEqualTo(all);
        }
        if (qos == 2) {
            assertThat(texts()).doesNotHaveDuplicates();
        }
    }

    /** The number, filled up with blanks. */
    private byte[] payload(int number) {
        return "%-{}d"
                .replace("{}", Integer.toString(Math.max(1, payloadBytes)))
                .formatted(number)
                .getBytes(StandardCharsets.UTF_8);
    }

    private List<String> texts() {
        return reader.texts().stream().map(String::strip).toList();
    }
}

package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.FaultProxy.Fault;
import io.sluice.mqtt.MqttOptions.CleanStart;
import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.Subscribe.Filter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The connection is cut once, before or after any packet of any handshake, between a writer or a reader and a mosquitto:
 * nothing is missing, every publish has one outcome, and QoS 2 arrives exactly once.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HandshakeCutTest {

    private static final int MESSAGES = 12;
    private static final Duration LIMIT = Duration.ofSeconds(15);

    enum Role {
        WRITER,
        READER
    }

    enum End {
        CLIENT,
        BROKER
    }

    /** A packet of a handshake, by its first byte. */
    enum Point {
        WRITERS_CONNECT(Role.WRITER, End.CLIENT, 0x10),
        WRITERS_CONNACK(Role.WRITER, End.BROKER, 0x20),
        PUBLISH_OF_QOS_1(Role.WRITER, End.CLIENT, 0x32),
        PUBACK(Role.WRITER, End.BROKER, 0x40),
        PUBLISH_OF_QOS_2(Role.WRITER, End.CLIENT, 0x34),
        PUBREC(Role.WRITER, End.BROKER, 0x50),
        PUBREL(Role.WRITER, End.CLIENT, 0x62),
        PUBCOMP(Role.WRITER, End.BROKER, 0x70),
        READERS_CONNECT(Role.READER, End.CLIENT, 0x10),
        READERS_CONNACK(Role.READER, End.BROKER, 0x20),
        SUBSCRIBE(Role.READER, End.CLIENT, 0x82),
        SUBACK(Role.READER, End.BROKER, 0x90),
        ARRIVAL_OF_QOS_1(Role.READER, End.BROKER, 0x32),
        PUBACK_OF_AN_ARRIVAL(Role.READER, End.CLIENT, 0x40),
        ARRIVAL_OF_QOS_2(Role.READER, End.BROKER, 0x34),
        PUBREC_OF_AN_ARRIVAL(Role.READER, End.CLIENT, 0x50),
        PUBREL_OF_AN_ARRIVAL(Role.READER, End.BROKER, 0x62),
        PUBCOMP_OF_AN_ARRIVAL(Role.READER, End.CLIENT, 0x70),
        UNSUBSCRIBE(Role.READER, End.CLIENT, 0xA2),
        UNSUBACK(Role.READER, End.BROKER, 0xB0);

        final Role role;
        final End from;
        final int firstByte;

        Point(Role role, End from, int firstByte) {
            this.role = role;
            this.from = from;
            this.firstByte = firstByte;
        }
    }

    enum Side {
        BEFORE,
        AFTER
    }

    record Cut(Version version, Side side, Point point) {}

    static Stream<Cut> everyCut() {
        return Stream.of(Version.values())
                .flatMap(version -> Stream.of(Point.values())
                        .flatMap(point -> Stream.of(Side.values()).map(side -> new Cut(version, side, point))));
    }

    /** Cuts the first connection that comes to the point, and none after it. */
    private static final class Once implements Fault {

        private final Cut cut;
        private final AtomicBoolean done = new AtomicBoolean();

        Once(Cut cut) {
            this.cut = cut;
        }

        @Override
        public List<byte[]> fromBroker(byte[] packet, int number) {
            return passed(packet, End.BROKER);
        }

        @Override
        public List<byte[]> fromClient(byte[] packet, int number) {
            return passed(packet, End.CLIENT);
        }

        private List<byte[]> passed(byte[] packet, End from) {
            boolean here = from == cut.point().from
                    && (packet[0] & 0xFF) == cut.point().firstByte
                    && done.compareAndSet(false, true);
            if (!here) {
                return List.of(packet);
            }
            return cut.side() == Side.BEFORE ? List.of(FaultProxy.CUT) : List.of(packet, FaultProxy.CUT);
        }
    }

    @TempDir
    static Path directory;

    private final List<AutoCloseable> open = new ArrayList<>();
    private Mosquitto broker;
    private int tests;

    @BeforeAll
    void startBroker() throws IOException {
        broker = Mosquitto.open(directory);
    }

    @AfterEach
    void close() throws Exception {
        tests++;
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        open.clear();
    }

    @AfterAll
    void stopBroker() throws InterruptedException {
        if (broker != null) {
            broker.close();
        }
    }

    @ParameterizedTest
    @MethodSource("everyCut")
    void oneCutAnywhereLosesAndDoublesNothing(Cut cut) throws Exception {
        Once fault = new Once(cut);
        Recording arrivals = new Recording();
        Recording events = new Recording();
        MqttClient reader = start(cut, Role.READER, fault, arrivals);
        assertThat(answer(reader.subscribe(new Subscribe(List.of(Filter.of(topic("#"), 2)), 0, List.of()))))
                .containsExactly(2);
        MqttClient writer = start(cut, Role.WRITER, fault, events);
        AtomicIntegerArray outcomes = new AtomicIntegerArray(MESSAGES);

        for (int i = 0; i < MESSAGES; i++) {
            int number = i;
            writer.publish(message(i), outcome -> {
                assertThat(outcome).isInstanceOf(Outcome.Acknowledged.class);
                outcomes.incrementAndGet(number);
            });
        }

        eventually(() -> IntStream.range(0, MESSAGES).allMatch(i -> outcomes.get(i) > 0));
        eventually(() -> arrivals.texts().stream().distinct().count() == MESSAGES);
        // Asked again after the cut, the broker may say that it has no such subscription any more.
        assertThat(answer(reader.unsubscribe(List.of(topic("#"))))).isSubsetOf(0x00, 0x11);
        assertThat(fault.done).as("the cut was made").isTrue();
        eventually(() -> !(cut.point().role == Role.READER ? arrivals : events).disconnected.isEmpty());
        writer.stop(null, Duration.ofSeconds(5));
        assertThat(IntStream.range(0, MESSAGES).map(outcomes::get).boxed())
                .as("outcomes of each publish")
                .containsOnly(1);
        assertThat(arrived(arrivals, 1).stream().distinct().toList()).isEqualTo(sent(1));
        assertThat(arrived(arrivals, 2)).isEqualTo(sent(2));
    }

    private static List<Integer> answer(CompletableFuture<Subscribe.Answer> request) throws Exception {
        return request.get(LIMIT.toSeconds(), TimeUnit.SECONDS).reasonCodes();
    }

    private interface Check {
        boolean holds();
    }

    private static void eventually(Check check) {
        await().atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(2))
                .until(check::holds);
    }

    private MqttClient start(Cut cut, Role role, Fault fault, Recording events) throws IOException {
        Fault mine = cut.point().role == role ? fault : Fault.NONE;
        FaultProxy proxy = new FaultProxy(broker.port(), connection -> mine);
        open.add(proxy);
        MqttOptions options = MqttOptions.defaults(List.of(proxy.uri()), role + "-" + tests)
                .with(o -> {
                    o.version = cut.version();
                    o.window = 4;
                    // MQTT 3.1.1 has no session that outlives a connection made with Clean Session 1.
                    o.cleanStart = CleanStart.NEVER;
                    o.backoffMin = Duration.ofMillis(1);
                    o.backoffMax = Duration.ofMillis(5);
                });
        MqttClient client = new MqttClient(options, events);
        open.add(client);
        client.start();
        return client;
    }

    /** Odd numbers are of QoS 1, even ones of QoS 2. */
    private Publish message(int number) {
        int qos = 2 - number % 2;
        return new Publish(topic("qos" + qos), Integer.toString(number).getBytes(StandardCharsets.UTF_8), qos, false);
    }

    private String topic(String name) {
        return "test" + tests + "/" + name;
    }

    private static List<String> sent(int qos) {
        return IntStream.range(0, MESSAGES)
                .filter(i -> 2 - i % 2 == qos)
                .mapToObj(Integer::toString)
                .toList();
    }

    private List<String> arrived(Recording arrivals, int qos) {
        return arrivals.received.stream()
                .filter(message -> message.topic().equals(topic("qos" + qos)))
                .map(message -> new String(message.payload(), StandardCharsets.UTF_8))
                .toList();
    }
}

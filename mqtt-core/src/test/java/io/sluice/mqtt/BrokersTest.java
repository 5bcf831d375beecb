package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.MqttOptions.CleanStart;
import io.sluice.mqtt.MqttOptions.Draft;
import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.MqttOptions.Will;
import io.sluice.mqtt.Publish.Properties;
import io.sluice.mqtt.Publish.UserProperty;
import io.sluice.mqtt.Subscribe.Filter;
import io.sluice.mqtt.Subscribe.RetainHandling;
import io.sluice.mqtt.TransportOptions.Identity.Pem;
import io.sluice.mqtt.TransportOptions.Tls;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The same against three brokers that are not ours, in both versions of the protocol, over everything that carries it. What
 * a broker cannot do is in the table of docs/mqtt-conformance.md.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BrokersTest {

    enum Kind {
        MOSQUITTO,
        EJABBERD,
        HIVEMQ
    }

    record Setting(Kind kind, Version version, Way way) {}

    private interface Start {
        PeerBroker in(Path directory, Certificates certificates) throws Exception;
    }

    /** Of more that wait for a session, mosquitto 2.0.11 sends 20 over MQTT 3.1.1, then none, to other clients as well. */
    private static final int WAITING_MESSAGES = 20;

    private static final Duration LIMIT = Duration.ofSeconds(20);

    @TempDir
    static Path directory;

    private final Map<Kind, PeerBroker> brokers = new EnumMap<>(Kind.class);
    private final List<AutoCloseable> open = new ArrayList<>();
    private Certificates certificates;
    private int tests;

    @BeforeAll
    void issueCertificates() throws Exception {
        certificates = Certificates.in(directory.resolve("certificates"));
        certificates.issue(Ejabberd.USER, "DNS:client");
    }

    @AfterEach
    void closeClients() throws Exception {
        tests++;
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
        open.clear();
    }

    @AfterAll
    void stopBrokers() throws Exception {
        for (PeerBroker broker : brokers.values()) {
            broker.close();
        }
    }

    static Stream<Setting> everySetting() {
        return Stream.of(Kind.values())
                .flatMap(kind -> Stream.of(Version.values())
                        .flatMap(version -> Stream.of(Way.values()).map(way -> new Setting(kind, version, way))));
    }

    static Stream<Setting> everySettingOfMqtt5() {
        return everySetting().filter(setting -> setting.version() == Version.MQTT_5);
    }

    // ---- what is delivered

    @ParameterizedTest
    @MethodSource("everySetting")
    @Clause("311:7.0.0-2")
    void everyPublishOfEachQosIsAcknowledgedAndArrivesOnceInItsOrder(Setting at) throws Exception {
        Recording reader = reader(at, Filter.of(topic("#"), 2));
        MqttClient writer = start(at, "writer", new Recording(), o -> {});
        List<Outcome> outcomes = new CopyOnWriteArrayList<>();

        for (int i = 0; i < 60; i++) {
            writer.publish(message(topic("qos" + i % 3), i % 3, Integer.toString(i)), outcomes::add);
        }

        eventually().until(() -> outcomes.size() == 60 && reader.received.size() == 60);
        assertThat(outcomes).allMatch(Outcome.Acknowledged.class::isInstance);
        for (int qos = 0; qos <= 2; qos++) {
            int wanted = qos;
            assertThat(reader.received.stream().filter(m -> m.topic().equals(topic("qos" + wanted))))
                    .extracting(BrokersTest::text)
                    .isEqualTo(IntStream.range(0, 60)
                            .filter(i -> i % 3 == wanted)
                            .mapToObj(Integer::toString)
                            .toList());
            assertThat(reader.received.stream().filter(m -> m.topic().equals(topic("qos" + wanted))))
                    .allMatch(m -> m.qos() == wanted);
        }
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void payloadsOfEveryLengthOfLengthsArriveAsTheyWereSent(Setting at) throws Exception {
        Recording reader = reader(at, Filter.of(topic("#"), 1));
        MqttClient writer = start(at, "writer", new Recording(), o -> {});
        Random random = new Random(tests);
        List<byte[]> payloads = IntStream.of(0, 1, 100, 127, 128, 4096, 16_383, largest(at))
                .mapToObj(byte[]::new)
                .toList();
        payloads.forEach(random::nextBytes);

        payloads.forEach(payload -> writer.publish(new Publish(topic("t"), payload, 1, false), outcome -> {}));

        eventually().until(() -> reader.received.size() == payloads.size());
        assertThat(reader.received)
                .extracting(Publish::payload)
                .usingElementComparator(Arrays::compare)
                .isEqualTo(payloads);
    }

    /** More over its WebSocket makes mosquitto 2.0.11 stall, also with other clients. */
    private static int largest(Setting at) {
        return at.kind() == Kind.MOSQUITTO && at.way().webSocket() ? 20_000 : 200_000;
    }

    @ParameterizedTest
    @MethodSource("everySettingOfMqtt5")
    void everyPropertyOfAMessageReachesTheReceiver(Setting at) throws Exception {
        Recording reader = reader(at, Filter.of(topic("#"), 1));
        MqttClient writer = start(at, "writer", new Recording(), o -> {});
        Properties properties = new Properties(
                true,
                Optional.of(3600L),
                Optional.of("text/plain; charset=utf-8"),
                Optional.of(topic("answers")),
                Optional.of(new byte[] {0, 1, (byte) 0xFF}),
                List.of(new UserProperty("b", "1"), new UserProperty("a", "ü"), new UserProperty("b", "2")),
                List.of());

        writer.publish(message(topic("t"), 1, "grün").with(properties), outcome -> {});

        eventually().until(() -> reader.received.size() == 1);
        Properties arrived = reader.received.getFirst().properties();
        assertThat(arrived.utf8Payload()).isTrue();
        assertThat(arrived.messageExpirySeconds().orElseThrow()).isBetween(3500L, 3600L);
        assertThat(arrived.contentType()).isEqualTo(properties.contentType());
        assertThat(arrived.responseTopic()).isEqualTo(properties.responseTopic());
        assertThat(arrived.correlationData().orElseThrow()).containsExactly(0, 1, 0xFF);
        assertThat(arrived.userProperties()).isEqualTo(properties.userProperties());
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void aRetainedMessageIsKeptForWhoComesLaterUntilAnEmptyOneClearsIt(Setting at) throws Exception {
        MqttClient writer = start(at, "writer", new Recording(), o -> {});
        List<Outcome> outcomes = new CopyOnWriteArrayList<>();
        writer.publish(new Publish(topic("state"), bytes("on"), 1, true), outcomes::add);
        eventually().until(() -> outcomes.size() == 1);

        Recording late = reader(at, Filter.of(topic("#"), 1));

        eventually().until(() -> late.received.size() == 1);
        assertThat(late.received.getFirst().retain()).isTrue();
        writer.publish(new Publish(topic("state"), new byte[0], 1, true), outcomes::add);
        eventually().until(() -> outcomes.size() == 2);
        Recording later = reader(at, "later", Filter.of(topic("#"), 1));
        writer.publish(message(topic("state"), 1, "marker"), outcomes::add);
        eventually().until(() -> later.texts().contains("marker"));
        assertThat(later.texts()).containsExactly("marker");
    }

    // ---- subscriptions

    @ParameterizedTest
    @MethodSource("everySetting")
    void nothingComesOfATopicAfterItsUnsubscribe(Setting at) throws Exception {
        Recording events = new Recording();
        MqttClient client = start(at, "reader", events, o -> {});
        client.subscribe(Subscribe.to(topic("a"), topic("b"))).join();

        assertThat(client.unsubscribe(List.of(topic("a"))).join().reasonCodes()).containsExactly(0);

        client.publish(message(topic("a"), 1, "gone"), outcome -> {});
        client.publish(message(topic("b"), 1, "there"), outcome -> {});
        eventually().until(() -> !events.received.isEmpty());
        assertThat(events.texts()).containsExactly("there");
    }

    @ParameterizedTest
    @MethodSource("everySettingOfMqtt5")
    void subscriptionOptionsAndIdentifiersAreKept(Setting at) throws Exception {
        Recording events = new Recording();
        MqttClient client = start(at, "reader", events, o -> {});
        client.publish(new Publish(topic("own"), bytes("old"), 1, true), outcome -> {});
        List<Filter> filters = List.of(
                new Filter(topic("own"), 1, true, false, RetainHandling.DO_NOT_SEND),
                new Filter(topic("flag"), 1, false, true, RetainHandling.SEND));

        Subscribe.Answer granted =
                client.subscribe(new Subscribe(filters, 268_435_455, List.of())).join();

        assertThat(granted.reasonCodes()).containsExactly(1, 1);
        client.publish(message(topic("own"), 1, "mine"), outcome -> {});
        client.publish(new Publish(topic("flag"), bytes("kept"), 1, true), outcome -> {});
        eventually().until(() -> !events.received.isEmpty());
        assertThat(events.texts()).containsExactly("kept");
        Publish arrived = events.received.getFirst();
        assertThat(arrived.retain()).isTrue();
        assertThat(arrived.properties().subscriptionIdentifiers()).containsExactly(268_435_455);
    }

    @ParameterizedTest
    @MethodSource("everySettingOfMqtt5")
    void aSharedSubscriptionGivesEachMessageToOneOfItsReaders(Setting at) throws Exception {
        Filter shared = Filter.of("$share/group/" + topic("t"), 1);
        Recording one = new Recording();
        MqttClient client = start(at, "one", one, o -> {});
        Subscribe.Answer granted =
                client.subscribe(new Subscribe(List.of(shared), 0, List.of())).join();
        if (at.kind() == Kind.EJABBERD) {
            assertThat(one.connected.getFirst().connAck().sharedSubscriptionAvailable())
                    .isFalse();
            assertThat(granted.reasonCodes()).containsExactly(ReasonCode.SHARED_SUBSCRIPTIONS_NOT_SUPPORTED);
            return;
        }
        Recording other = reader(at, "other", shared);
        MqttClient writer = start(at, "writer", new Recording(), o -> {});

        for (int i = 0; i < 40; i++) {
            writer.publish(message(topic("t"), 1, Integer.toString(i)), outcome -> {});
        }

        eventually().until(() -> one.received.size() + other.received.size() >= 40);
        List<String> all = new ArrayList<>(one.texts());
        all.addAll(other.texts());
        assertThat(all)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 40).mapToObj(Integer::toString).toList());
    }

    // ---- the end of a connection

    @ParameterizedTest
    @MethodSource("everySetting")
    void aSessionThatWasCutOffGetsWhatWasPublishedMeanwhileOnceAndInOrder(Setting at) throws Exception {
        FaultProxy proxy = FaultProxy.blind(broker(at).port(at.way()));
        open.add(proxy);
        Recording events = new Recording();
        MqttClient reader = start(at, "reader", events, o -> {
            o.brokers = List.of(uri(at, proxy.port()));
            // MQTT 3.1.1 has no session that outlives a connection made with Clean Session 1.
            o.cleanStart = CleanStart.NEVER;
        });
        subscribe(reader, Filter.of(topic("t"), 2));
        MqttClient writer = start(at, "writer", new Recording(), o -> {});
        List<Outcome> outcomes = new CopyOnWriteArrayList<>();
        proxy.refuse(true);
        eventually().until(() -> !events.disconnected.isEmpty());

        for (int i = 0; i < WAITING_MESSAGES; i++) {
            writer.publish(message(topic("t"), 2, Integer.toString(i)), outcomes::add);
        }
        eventually().until(() -> outcomes.size() == WAITING_MESSAGES);
        proxy.refuse(false);

        eventually().until(() -> events.received.size() >= WAITING_MESSAGES);
        assertThat(events.connected.getLast().sessionPresent()).isTrue();
        assertThat(events.texts())
                .isEqualTo(IntStream.range(0, WAITING_MESSAGES)
                        .mapToObj(Integer::toString)
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("everySetting")
    void theWillIsPublishedAfterALostConnectionAndNotAfterACleanStop(Setting at) throws Exception {
        Recording reader = reader(at, Filter.of(topic("#"), 1));
        MqttClient lost = start(at, "lost", new Recording(), o -> o.will = will(topic("lost")));
        MqttClient stopped = start(at, "stopped", new Recording(), o -> o.will = will(topic("stopped")));
        lost.subscribe(Subscribe.to(topic("x"))).join();

        stopped.stop(message(topic("stopped"), 1, "clean"), Duration.ofSeconds(5));
        lost.close();

        eventually().until(() -> reader.received.size() == 2);
        assertThat(reader.received)
                .extracting(m -> m.topic() + " " + text(m))
                .containsExactly(topic("stopped") + " clean", topic("lost") + " lost");
    }

    private static Optional<Will> will(String topic) {
        return Optional.of(new Will(message(topic, 1, "lost"), Duration.ZERO));
    }

    // ---- the arrangement

    private PeerBroker broker(Setting at) throws Exception {
        if (!brokers.containsKey(at.kind())) {
            Start start = switch (at.kind()) {
                case MOSQUITTO -> MosquittoEveryWay::new;
                case EJABBERD -> Ejabberd::new;
                case HIVEMQ -> HiveMq::new;
            };
            brokers.put(at.kind(), start.in(directory.resolve(at.kind().name()), certificates));
        }
        return brokers.get(at.kind());
    }

    /** Below a name of the test's own: what one leaves behind is nothing to another. */
    private String topic(String name) {
        return "test" + tests + "/" + name;
    }

    private static URI uri(Setting at, int port) {
        return URI.create(at.way().scheme + "://localhost:" + port);
    }

    private Recording reader(Setting at, Filter filter) throws Exception {
        return reader(at, "reader", filter);
    }

    private Recording reader(Setting at, String clientId, Filter filter) throws Exception {
        Recording events = new Recording();
        subscribe(start(at, clientId, events, o -> {}), filter);
        return events;
    }

    private static void subscribe(MqttClient client, Filter filter) {
        Subscribe.Answer granted =
                client.subscribe(new Subscribe(List.of(filter), 0, List.of())).join();
        assertThat(granted.reasonCodes()).containsExactly(filter.qos());
    }

    private MqttClient start(Setting at, String clientId, Recording events, Consumer<Draft> changes) throws Exception {
        PeerBroker broker = broker(at);
        MqttOptions options = MqttOptions.defaults(List.of(uri(at, broker.port(at.way()))), clientId + tests)
                .with(o -> {
                    o.version = at.version();
                    o.credentials = broker.login(at.way());
                    o.transport = TransportOptions.defaults().withTls(tls());
                    o.backoffMin = Duration.ofMillis(10);
                    o.backoffMax = Duration.ofMillis(100);
                })
                .with(changes);
        MqttClient client = new MqttClient(options, events);
        open.add(client);
        client.start();
        eventually().until(() -> !events.connected.isEmpty() || !events.disconnected.isEmpty());
        assertThat(events.reasons()).isEmpty();
        assertThat(events.connected.getFirst().version()).isEqualTo(at.version());
        return client;
    }

    private Tls tls() {
        return Tls.defaults()
                .withCa(certificates.file("ca.pem"))
                .withIdentity(
                        new Pem(certificates.file(Ejabberd.USER + ".pem"), certificates.file(Ejabberd.USER + ".key")));
    }

    private static ConditionFactory eventually() {
        return await().atMost(LIMIT).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(2));
    }

    private static Publish message(String topic, int qos, String text) {
        return new Publish(topic, bytes(text), qos, false);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(Publish message) {
        return new String(message.payload(), StandardCharsets.UTF_8);
    }
}

package io.sluice.mqtt;

import static io.sluice.mqtt.Recording.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.MqttOptions.Version;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against a broker that is not ours. */
class MosquittoTest {

    @TempDir
    Path directory;

    private final List<MqttClient> clients = new ArrayList<>();

    @AfterEach
    void closeClients() {
        clients.forEach(MqttClient::close);
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void everyPublishIsAcknowledgedAndArrivesInOrder(Version version) throws Exception {
        try (Mosquitto broker = Mosquitto.open(directory)) {
            Recording reader = subscriber(broker, "data/#");
            MqttClient writer = started(options(broker, "writer", version), new Recording());
            List<Outcome> outcomes = new CopyOnWriteArrayList<>();

            publish(writer, "data/1", 0, 500, outcomes);

            await().until(() -> outcomes.size() == 500);
            assertThat(outcomes).allMatch(Outcome.Acknowledged.class::isInstance);
            await().until(() -> reader.received.size() == 500);
            assertThat(reader.texts()).isEqualTo(numbers(0, 500));
        }
    }

    @Test
    void publishesMadeWithoutABrokerAreSentWhenItComes() throws Exception {
        try (Mosquitto broker = Mosquitto.open(directory)) {
            broker.kill();
            Recording events = new Recording();
            MqttClient writer = started(options(broker, "writer", Version.MQTT_5), events);
            List<Outcome> outcomes = new CopyOnWriteArrayList<>();
            publish(writer, "data/1", 0, 20, outcomes);
            await().until(() -> !events.disconnected.isEmpty());
            assertThat(events.reasons().getFirst()).contains("connection refused by 127.0.0.1:" + broker.port());

            broker.startAgain();

            await().until(() -> outcomes.size() == 20);
            assertThat(outcomes).allMatch(Outcome.Acknowledged.class::isInstance);
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void nothingIsMissingAndNewestStaysNewestWhenTheBrokerIsKilledAndStartedAgain(Version version) throws Exception {
        try (Mosquitto broker = Mosquitto.open(directory)) {
            Recording events = new Recording();
            MqttClient writer = started(options(broker, "writer", version), events);
            await().until(() -> events.connected.size() == 1);
            List<Outcome> outcomes = new CopyOnWriteArrayList<>();
            publish(writer, "data/1", 0, 50, outcomes);

            broker.kill();
            publish(writer, "data/1", 50, 100, outcomes);
            broker.startAgain();
            Recording reader = subscriber(broker, "data/#");
            publish(writer, "data/1", 100, 150, outcomes);

            await().until(() -> outcomes.size() == 150);
            assertThat(outcomes).allMatch(Outcome.Acknowledged.class::isInstance);
            await().until(() -> reader.texts().containsAll(numbers(100, 150)));
            assertThat(events.connected).hasSize(2);
            assertThat(events.connected.get(1).sessionPresent()).isFalse();
            assertThat(events.connected.get(1).brokerChanged()).isFalse();
        }
    }

    @Test
    void aSecondClientWithTheSameIdIsSuspectedWhenTheBrokerClosesWithoutAReason() throws Exception {
        try (Mosquitto broker = Mosquitto.open(directory)) {
            Recording events = new Recording();
            started(options(broker, "plant-7", Version.MQTT_5), events);
            await().until(() -> events.connected.size() == 1);

            started(options(broker, "plant-7", Version.MQTT_5), new Recording());

            await().until(() -> !events.disconnected.isEmpty());
            assertThat(events.reasons().getFirst()).endsWith("is a second gateway running with client id plant-7?");
        }
    }

    @Test
    void theWillOfTheConnectionThatWasLostIsPublished() throws Exception {
        try (Mosquitto broker = Mosquitto.open(directory)) {
            Recording reader = subscriber(broker, "status/#");
            Recording events = new Recording();
            events.willTopic = Optional.of("status/plant-7");
            MqttClient writer = started(options(broker, "plant-7", Version.MQTT_5), events);
            await().until(() -> events.connected.size() == 1);

            writer.close();

            await().until(() -> reader.texts().equals(List.of("offline 1")));
        }
    }

    @ParameterizedTest
    @EnumSource(Version.class)
    void aCleanStopPublishesTheLastMessageAndNoWill(Version version) throws Exception {
        try (Mosquitto broker = Mosquitto.open(directory)) {
            Recording reader = subscriber(broker, "#");
            Recording events = new Recording();
            events.willTopic = Optional.of("status/plant-7");
            MqttClient writer = started(options(broker, "plant-7", version), events);
            List<Outcome> outcomes = new CopyOnWriteArrayList<>();
            publish(writer, "data/1", 0, 300, outcomes);

            writer.stop(message("status/plant-7", "clean"), Duration.ofSeconds(5));

            assertThat(outcomes).hasSize(300).allMatch(Outcome.Acknowledged.class::isInstance);
            await().until(() -> reader.received.size() >= 301);
            assertThat(reader.texts().getLast()).isEqualTo("clean");
            await().until(() -> broker.log().contains("plant-7 disconnected."));
            assertThat(reader.texts()).noneMatch(text -> text.startsWith("offline"));
        }
    }

    @Test
    void subscriptionsAreMadeAgainWhenTheBrokerLostTheSession() throws Exception {
        try (Mosquitto broker = Mosquitto.open(directory)) {
            Recording reader = subscriber(broker, "data/#");

            broker.kill();
            broker.startAgain();

            await().until(() -> reader.connected.size() == 2);
            MqttClient writer = started(options(broker, "writer", Version.MQTT_5), new Recording());
            await().until(() -> {
                writer.publish(message("data/1", "hello"), outcome -> {});
                return reader.texts().contains("hello");
            });
        }
    }

    @Test
    void wrongCredentialsAreNamedAndRetriedSlowly() throws Exception {
        try (Mosquitto broker = Mosquitto.start(directory, "allow_anonymous false")) {
            Recording events = new Recording();
            started(options(broker, "plant-7", Version.MQTT_5), events);

            await().until(() -> !events.disconnected.isEmpty());

            ConnectionListener.Disconnected first = events.disconnected.getFirst();
            assertThat(first.reason()).startsWith("broker refused the connection: not authorised (0x87)");
            assertThat(first.wasConnected()).isFalse();
            assertThat(first.retryIn()).isBetween(Duration.ofMillis(100), Duration.ofMillis(200));
        }
    }

    @Test
    void theNextBrokerOfTheListIsTriedAndCountsAsAnotherBroker() throws Exception {
        try (Mosquitto first = Mosquitto.open(directory.resolve("1"));
                Mosquitto second = Mosquitto.open(directory.resolve("2"))) {
            Recording events = new Recording();
            MqttOptions options = options(List.of(first.uri(), second.uri()), "plant-7", Version.MQTT_5);
            started(options, events);
            await().until(() -> events.connected.size() == 1);

            first.kill();

            await().until(() -> events.connected.size() == 2);
            assertThat(events.connected.get(1).broker()).isEqualTo(second.uri());
            assertThat(events.connected.get(1).brokerChanged()).isTrue();
        }
    }

    @Test
    void aSessionThatTheBrokerKeptIsResumed() throws Exception {
        try (Mosquitto broker = Mosquitto.open(directory)) {
            Recording events = new Recording();
            started(options(broker, "plant-7", Version.MQTT_5), events);
            await().until(() -> events.connected.size() == 1);
            try (MqttClient other = started(options(broker, "plant-7", Version.MQTT_5), new Recording())) {
                await().until(() -> !events.disconnected.isEmpty());
            }

            await().until(() -> events.connected.size() >= 2);
            assertThat(events.connected.getLast().sessionPresent()).isTrue();
        }
    }

    private Recording subscriber(Mosquitto broker, String filter)
            throws IOException, InterruptedException, ExecutionException {
        Recording events = new Recording();
        MqttClient client = started(options(broker, "reader", Version.MQTT_5), events);
        assertThat(client.subscribe(Subscribe.to(filter)).get().reasonCodes()).containsExactly(1);
        return events;
    }

    private MqttClient started(MqttOptions options, ConnectionListener listener) {
        MqttClient client = new MqttClient(options, listener);
        clients.add(client);
        client.start();
        return client;
    }

    private static MqttOptions options(Mosquitto broker, String clientId, Version version) {
        return options(List.of(broker.uri()), clientId, version);
    }

    private static MqttOptions options(List<URI> brokers, String clientId, Version version) {
        return MqttOptions.defaults(brokers, clientId).with(o -> {
            o.version = version;
            o.backoffMin = Duration.ofMillis(10);
            o.backoffMax = Duration.ofMillis(200);
        });
    }

    private static void publish(MqttClient client, String topic, int from, int to, List<Outcome> outcomes) {
        for (int i = from; i < to; i++) {
            client.publish(message(topic, Integer.toString(i)), outcomes::add);
        }
    }

    private static List<String> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(Integer::toString).toList();
    }
}

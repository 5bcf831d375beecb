package io.sluice.mqtt;

import static io.sluice.mqtt.Recording.message;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.MqttOptions.Version;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes over the wire, byte for byte, and what happens when the other end misbehaves. */
class WireTest {

    private final Recording events = new Recording();
    private final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    private RawBroker broker;
    private MqttOptions options;

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private MqttClient client;

    @BeforeEach
    void open() throws IOException {
        broker = new RawBroker();
        options = MqttOptions.defaults(List.of(broker.uri()), "p7").with(o -> {
            o.backoffMin = Duration.ofMillis(5);
            o.backoffMax = Duration.ofMillis(20);
        });
    }

    @AfterEach
    void close() throws IOException {
        if (client != null) {
            client.close();
        }
        broker.close();
    }

    private void start(MqttOptions changed) {
        client = new MqttClient(changed, events);
        client.start();
    }

    private void publish(String text) {
        client.publish(message("t", text), outcomes::add);
    }

    // ---- bytes

    @Test
    @Clause({"3.1.0-1", "4.2.0-1"})
    void connectOfMqtt5AnnouncesSessionExpiryAndMaximumPacketSize() throws Exception {
        start(options);

        try (RawBroker.Link link = broker.next()) {
            assertThat(link.read())
                    .isEqualTo(
                            "10 19 00 04 4d 51 54 54 05 02 00 1e" // "MQTT", 5, Clean Start, 30 s
                                    + " 0a 11 00 00 0e 10 27 00 10 00 00" // 1 h, 1 MiB
                                    + " 00 02 70 37");
        }
    }

    @Test
    @Clause({"311:3.1.0-1", "311:7.1.2-1"})
    void connectOfMqtt311CarriesWillAndCredentials() throws Exception {
        start(options.with(o -> {
            o.version = Version.MQTT_3_1_1;
            o.will = Optional.of(new MqttOptions.Will(new Publish("w", new byte[] {1}, 1, true), Duration.ZERO));
            o.credentials = Optional.of(new MqttOptions.Credentials("u", Optional.of(new byte[] {2})));
        }));

        try (RawBroker.Link link = broker.next()) {
            assertThat(link.read())
                    .isEqualTo(
                            "10 1a 00 04 4d 51 54 54 04 ee 00 1e" + " 00 02 70 37 00 01 77 00 01 01 00 01 75 00 01 02");
        }
    }

    @Test
    void messagesInFlightGoAgainWithTheSameBytesAndDupWhenTheSessionResumes() throws Exception {
        start(options);
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            publish("a");
            publish("b");
            assertThat(link.read()).isEqualTo("32 07 00 01 74 00 01 00 61");
            assertThat(link.read()).isEqualTo("32 07 00 01 74 00 02 00 62");
        }

        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK_SESSION_PRESENT)) {
            assertThat(link.read()).isEqualTo("3a 07 00 01 74 00 01 00 61");
            assertThat(link.read()).isEqualTo("3a 07 00 01 74 00 02 00 62");
            link.send("40 02 00 02 40 02 00 01");
            await().until(() -> outcomes.size() == 2);
        }
    }

    @Test
    @Clause({"3.14.4-2", "311:3.14.4-1"})
    void aCleanStopEndsWithDisconnect0() throws Exception {
        start(options);
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            await().until(() -> !events.connected.isEmpty());
            Thread.ofVirtual().start(() -> client.stop(null, Duration.ofSeconds(5)));

            assertThat(link.read()).isEqualTo("e0 00");
            assertThat(link.read()).isEqualTo("end");
        }
    }

    @Test
    void aBurstFromAnotherThreadArrivesComplete() throws Exception {
        start(options.with(o -> o.window = 1000));
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            for (int i = 0; i < 1000; i++) {
                publish("x");
            }
            for (int i = 1; i <= 1000; i++) {
                assertThat(link.read()).isEqualTo("32 07 00 01 74 %02x %02x 00 78".formatted(i >> 8, i & 0xFF));
            }
        }
    }

    // ---- faults

    @ParameterizedTest
    @CsvSource({
        "00 00, e0 02 81", // no such packet
        "90 80 80 80 80 01, e0 02 81", // Remaining Length of five bytes
        "30 ff ff ff 7f, e0 02 95", // larger than accepted
        "36 05 00 01 74 00 01, e0 02 81", // QoS 3
        "30 04 00 01 2b 00, e0 02 81", // a wildcard in a Topic Name
        "30 07 00 01 74 03 23 00 01, e0 02 94", // a Topic Alias, of which none is allowed
        "82 07 00 01 00 00 01 61 00, e0 02 82", // SUBSCRIBE comes only from clients
        "20 03 00 00 00, e0 02 82", // a second CONNACK
    })
    void whatNoBrokerMaySendIsAnsweredWithItsReasonCodeAndANewConnection(String sent, String answer) throws Exception {
        start(options);
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            link.send(sent);

            assertThat(link.read()).startsWith(answer);
            assertThat(link.read()).isEqualTo("end");
        }
        broker.nextConnected(RawBroker.CONNACK).close();
        await().until(() -> events.connected.size() == 2);
        assertThat(events.reasons().getFirst()).startsWith("broker sent a");
    }

    @Test
    void aServerReferenceIsFollowedIfTheOptionsSaySo() throws Exception {
        try (RawBroker other = new RawBroker()) {
            start(options.with(o -> o.followServerReference = true));
            byte[] reference = ("127.0.0.1:" + other.uri().getPort()).getBytes(StandardCharsets.US_ASCII);
            int length = reference.length;
            try (RawBroker.Link link = broker.next()) {
                link.read();
                link.send("20 %02x 00 9c %02x 1c 00 %02x %s"
                        .formatted(
                                length + 6,
                                length + 3,
                                length,
                                HexFormat.ofDelimiter(" ").formatHex(reference)));
            }
            other.nextConnected(RawBroker.CONNACK).close();

            await().until(() -> !events.connected.isEmpty());
            assertThat(events.connected.getFirst().broker()).isEqualTo(other.uri());
            assertThat(events.disconnected.getFirst().serverReference())
                    .contains(new String(reference, StandardCharsets.US_ASCII));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"20 02 00 01", "20 03 00 84 00", ""})
    void fallsBackToMqtt311WhereABrokerWillNotSpeakMqtt5(String answer) throws Exception {
        start(options.with(o -> o.fallBack = true));
        try (RawBroker.Link link = broker.next()) {
            assertThat(link.read()).contains(" 4d 51 54 54 05 ");
            if (!answer.isEmpty()) {
                link.send(answer);
            }
        }

        try (RawBroker.Link link = broker.next()) {
            assertThat(link.read()).contains(" 4d 51 54 54 04 ");
            link.send("20 02 00 00");
            publish("a");
            assertThat(link.read()).isEqualTo("32 06 00 01 74 00 01 61");
        }
        assertThat(events.connected.getFirst().version()).isEqualTo(Version.MQTT_3_1_1);
    }

    @Test
    void aBrokerThatClosesAtOnceIsNamedAndTriedAgain() throws Exception {
        start(options);
        broker.next().close();
        broker.next().close();

        await().until(() -> events.disconnected.size() >= 2);
        assertThat(events.reasons().getFirst()).contains("closed the connection before CONNACK: is it an MQTT port");
        broker.nextConnected(RawBroker.CONNACK).close();
        await().until(() -> !events.connected.isEmpty());
    }

    @Test
    void aBrokerThatNeverAnswersConnectIsGivenUp() throws Exception {
        start(options.with(o -> o.connectTimeout = Duration.ofMillis(100)));
        try (RawBroker.Link link = broker.next()) {
            link.read();

            assertThat(link.read()).isEqualTo("end");
        }
        await().until(() -> !events.disconnected.isEmpty());
        assertThat(events.reasons().getFirst()).startsWith("waited 100 ms in vain for CONNACK");
    }

    @Test
    void aBlackHoledConnectionIsFoundByKeepAlive() throws Exception {
        start(options.with(o -> o.keepAlive = Duration.ofSeconds(1)));
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            assertThat(link.read()).isEqualTo("c0 00");
            assertThat(link.read()).isEqualTo("end");
        }
        await().until(() -> !events.disconnected.isEmpty());
        assertThat(events.reasons().getFirst()).contains("no answer to PINGREQ");
    }

    @Test
    void anAcknowledgementThatNeverComesClosesTheConnectionAndTheMessageGoesAgain() throws Exception {
        start(options.with(o -> o.ackTimeout = Duration.ofSeconds(1))); // in which the second connection has to answer
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            publish("a");
            link.read();
            assertThat(link.read()).isEqualTo("end");
        }

        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            assertThat(link.read()).isEqualTo("32 07 00 01 74 00 02 00 61");
            link.send("40 02 00 02");
            await().until(() -> outcomes.size() == 1);
        }
        assertThat(events.reasons().getFirst()).contains("no acknowledgement of Packet Identifier 1 within 1 s");
    }

    @Test
    void aSlowReaderLosesNothing() throws Exception {
        start(options.with(o -> o.window = 500));
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            byte[] payload = new byte[20_000];
            for (int i = 0; i < 500; i++) {
                client.publish(new Publish("t", payload, 1, false), outcomes::add);
            }
            await().until(() -> link.in().available() > 0);

            for (int i = 1; i <= 500; i++) {
                assertThat(link.read().length()).isGreaterThan(60_000);
                link.send("40 02 %02x %02x".formatted(i >> 8, i & 0xFF));
            }
            await().until(() -> outcomes.size() == 500);
        }
    }

    @Test
    void aDoubledAndAForeignPubAckEndNothingElse() throws Exception {
        start(options);
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            publish("a");
            link.read();
            link.send("40 02 00 01 40 02 00 01 40 02 12 34");
            publish("b");
            assertThat(link.read()).isEqualTo("32 07 00 01 74 00 02 00 62");

            await().until(() -> !outcomes.isEmpty());
            assertThat(outcomes).hasSize(1);
            assertThat(events.disconnected).isEmpty();
        }
    }

    @Test
    void anUnknownHostIsNamed() {
        start(MqttOptions.defaults(List.of(URI.create("mqtt://no-such-host.invalid")), "p7"));

        await().until(() -> !events.disconnected.isEmpty());
        assertThat(events.reasons().getFirst()).startsWith("unknown host no-such-host.invalid: check its name");
    }

    @Test
    void aCallbackThatThrowsDoesNotEndTheSession() throws Exception {
        start(options);
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            client.publish(message("t", "a"), outcome -> {
                throw new IllegalStateException("thrown by the test");
            });
            link.read();
            link.send("40 02 00 01");
            publish("b");
            link.read();
            link.send("40 02 00 02");

            await().until(() -> outcomes.size() == 1);
        }
    }

    @Test
    void aMessageThatTheApplicationCannotUseIsAcknowledgedAndTheNextOneIsDelivered() throws Exception {
        client = new MqttClient(options, new ConnectionListener() {
            @Override
            public void connected(Connected connected) {
                events.connected(connected);
            }

            @Override
            public void disconnected(Disconnected disconnected) {
                events.disconnected(disconnected);
            }

            @Override
            public void received(Publish message) {
                events.received(message);
                throw new IllegalStateException("thrown by the test");
            }
        });
        client.start();
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            link.send("32 07 00 01 74 00 07 00 61");
            assertThat(link.read()).isEqualTo("40 02 00 07");
            link.send("34 07 00 01 74 00 08 00 62");
            assertThat(link.read()).isEqualTo("50 02 00 08");
        }
        assertThat(events.texts()).containsExactly("a", "b");
    }

    @Test
    @Clause({"311:4.8.0-2"})
    void anErrorInTheMiddleOfAPacketClosesTheConnectionAndTheMessageIsNotAcknowledged() throws Exception {
        client = new MqttClient(options.with(o -> o.version = Version.MQTT_3_1_1), new ConnectionListener() {
            @Override
            public void connected(Connected connected) {
                events.connected(connected);
            }

            @Override
            public void disconnected(Disconnected disconnected) {
                events.disconnected(disconnected);
            }

            @Override
            public void received(Publish message) {
                events.received(message);
                if (events.received.size() == 1) {
                    throw new AssertionError("thrown by the test");
                }
            }
        });
        client.start();
        try (RawBroker.Link link = broker.nextConnected("20 02 00 00")) {
            link.send("32 06 00 01 74 00 07 61");
            assertThat(link.read()).isEqualTo("end");
        }
        try (RawBroker.Link link = broker.nextConnected("20 02 00 00")) {
            link.send("3a 06 00 01 74 00 07 61");
            assertThat(link.read()).isEqualTo("40 02 00 07");
        }
        assertThat(events.texts()).containsExactly("a", "a");
    }

    @Test
    @Clause({"3.10.3-2", "311:3.10.3-2"})
    void anUnsubscribeWithoutFilterCannotBeMade() {
        start(options);

        assertThatIllegalArgumentException().isThrownBy(() -> client.unsubscribe(List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> client.unsubscribe(List.of("a", "a#")));
    }

    @Test
    @Clause({"3.14.2-1"})
    void aClientDisconnectsOnlyWithAReasonCodeOfItsOwn() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new MqttClient.Disconnect(0x8E, "", Optional.empty(), List.of()))
                .withMessage("a client does not disconnect with taken over (0x8E)");
    }

    // ---- the end

    @Test
    void afterTheEndEveryPublishIsUnknownAtOnce() {
        start(options);
        publish("a");
        client.close();
        publish("b");

        assertThat(outcomes).containsExactly(new Outcome.Unknown(), new Outcome.Unknown());
    }

    @Test
    void aSubscribeThatWasNeverAnsweredIsCancelledWithTheClient() {
        start(options);
        var answer = client.subscribe(Subscribe.to("a"));
        client.close();

        await().until(answer::isCancelled);
    }

    @Test
    void stopEndsAtOnceWhileTheBrokerIsUnreachable() throws Exception {
        broker.close();
        start(options.with(o -> {
            o.backoffMin = Duration.ofMinutes(1);
            o.backoffMax = Duration.ofMinutes(1);
        }));
        publish("a");
        await().until(() -> !events.disconnected.isEmpty());
        long before = System.nanoTime();

        client.stop(message("t", "offline"), Duration.ofSeconds(5));

        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(4));
        assertThat(outcomes).containsExactly(new Outcome.Unknown());
    }
}

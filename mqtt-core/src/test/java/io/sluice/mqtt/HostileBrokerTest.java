package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.sluice.mqtt.MqttOptions.Version;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A broker that means harm: each thing it does ends as its clause says, and the client comes back. */
class HostileBrokerTest {

    private final Recording events = new Recording();
    private RawBroker broker;
    private MqttOptions options;

    @SuppressWarnings("NullAway.Init") // each test starts its own
    private MqttClient client;

    @BeforeEach
    void open() throws IOException {
        broker = new RawBroker();
        options = MqttOptions.defaults(List.of(broker.uri()), "p7").with(o -> {
            o.topicAliasMaximum = 2;
            o.receiveMaximum = 1;
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

    private void start(MqttOptions changed, ConnectionListener listener) {
        client = new MqttClient(changed, listener);
        client.start();
    }

    private void comesBack(String connAck) throws Exception {
        broker.nextConnected(connAck).close();
        await().until(() -> !events.disconnected.isEmpty() && !events.connected.isEmpty());
    }

    // ---- what is answered with DISCONNECT

    @ParameterizedTest
    @CsvSource({
        "20 06 01 00 03 21 00 0a, 82", // a second CONNACK, of another content
        "30 07 00 01 74 03 23 00 00, 94", // Topic Alias 0
        "30 07 00 01 74 03 23 00 03, 94", // above the maximum
        "30 06 00 00 03 23 00 02, 82", // within it, and never set
        "f0 00, 82", // AUTH out of the blue
        "f0 06 18 04 15 00 01 6d, 82",
        "40 0a 00 09 00 06 1f 00 00 1f 00 00, 82", // a property twice, for an identifier that is unknown
        "e0 08 8b 06 1f 00 00 1f 00 00, 82",
        "30 0a 00 01 74 06 03 00 00 03 00 00, 82",
        "30 04 00 01 ff 00, 81", // a topic that is not UTF-8
        "30 05 00 02 c0 80 00, 81", // U+0000 in two bytes
        "30 06 00 03 61 00 62 00, 81", // NUL in the topic
        "30 0b 00 01 74 07 26 00 01 00 00 01 61, 81", // NUL in a User Property
        "30 84 00 00 01 74 00, 81", // a Remaining Length in more bytes than it needs
        "30 05 00 01 74 80 00, 81", // a Property Length in more bytes than it needs
        "60 02 00 01, 81", // PUBREL with the flags of another packet
        "62 02 00 00, 82", // Packet Identifier 0
    })
    @Clause({"4.13.1-1", "1.5.5-1"})
    void whatBreaksTheProtocolIsAnsweredWithDisconnectAndANewConnection(String sent, String reasonCode)
            throws Exception {
        start(options, events);
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            link.send(sent);

            assertThat(link.read()).isEqualTo("e0 02 " + reasonCode + " 00");
            assertThat(link.read()).isEqualTo("end");
        }
        comesBack(RawBroker.CONNACK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "90 03 00 01 00", // no Reason Code for two filters
                "90 04 00 01 00 01", // one
                "90 06 00 01 00 01 01 01", // three
                "b0 05 00 01 00 00 00", // UNSUBACK for a SUBSCRIBE
            })
    @Clause({"3.8.4-6"})
    void anAnswerThatDoesNotFitTheRequestIsAProtocolErrorAndItIsAskedAgain(String sent) throws Exception {
        start(options, events);
        var granted = client.subscribe(Subscribe.to("a", "b"));
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            assertThat(link.read()).isEqualTo("82 0b 00 01 00 00 01 61 01 00 01 62 01");
            link.send(sent);

            assertThat(link.read()).isEqualTo("e0 02 82 00");
            assertThat(link.read()).isEqualTo("end");
        }
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            assertThat(link.read()).isEqualTo("82 0b 00 02 00 00 01 61 01 00 01 62 01");
            link.send("90 05 00 02 00 01 01");
            await().until(granted::isDone);
        }
        assertThat(granted.join().reasonCodes()).containsExactly(1, 1);
    }

    @Test
    void moreThanReceiveMaximumAllowsIsAnsweredWithItsReasonCode() throws Exception {
        start(options, events);
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            link.send("34 06 00 01 74 00 01 00 34 06 00 01 74 00 02 00");

            assertThat(link.read()).isEqualTo("50 02 00 01");
            assertThat(link.read()).isEqualTo("e0 02 93 00");
            assertThat(link.read()).isEqualTo("end");
        }
        assertThat(events.received).hasSize(1);
    }

    @Test
    void acknowledgementsOfNothingAreIgnored() throws Exception {
        start(options, events);
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            link.send("40 02 12 34 50 03 12 34 87 70 02 12 34 90 04 12 34 00 01 b0 04 12 34 00 00 d0 00");
            link.send("50 02 12 34 62 02 12 34");

            assertThat(link.read()).isEqualTo("62 03 12 34 92"); // of PUBREC: nothing is known of it
            assertThat(link.read()).isEqualTo("70 03 12 34 92"); // of PUBREL
        }
        assertThat(events.disconnected.size()).isLessThanOrEqualTo(1);
    }

    // ---- what is not answered

    @ParameterizedTest
    @ValueSource(
            strings = {
                "40 02 00 01", // PUBACK before CONNACK
                "30 04 00 01 74 00", // PUBLISH before CONNACK
                "20 06 00 00 03 21 00 00", // Receive Maximum 0
                "20 08 00 00 05 27 00 00 00 00", // Maximum Packet Size 0
                "20 09 00 00 06 21 00 01 21 00 01", // Receive Maximum twice
                "20 05 00 00 02 24 02", // Maximum QoS 2
                "20 03 01 00 00", // Session Present 1 after Clean Start 1
                "20 03 80 00 00", // a reserved flag
                "f0 00", // AUTH, of which nothing was said
                "00 00",
            })
    @Clause({"3.2.0-1", "3.2.2-1", "3.2.2-4"})
    void anAnswerToConnectThatCannotBeClosesTheConnectionWithoutAWord(String sent) throws Exception {
        start(options, events);
        try (RawBroker.Link link = broker.next()) {
            link.read();
            link.send(sent);

            assertThat(link.read()).isEqualTo("end");
        }
        comesBack(RawBroker.CONNACK);
        assertThat(events.connected).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "e0 00", // DISCONNECT, which only a client sends
                "f0 00", // a type that is forbidden
                "40 03 00 01 00", // PUBACK with a Reason Code
                "b0 03 00 01 00", // UNSUBACK with one
                "30 06 00 03 61 00 62 00", // NUL in the topic
                "30 04 00 02 c3 28", // a topic that is not UTF-8
                "20 02 00 00", // a second CONNACK
                "20 02 02 00",
            })
    @Clause({"311:4.8.0-1", "311:1.5.3-1", "311:1.5.3-2"})
    void overMqtt311WhatBreaksTheProtocolClosesTheConnectionWithoutAWord(String sent) throws Exception {
        start(options.with(o -> o.version = Version.MQTT_3_1_1), events);
        try (RawBroker.Link link = broker.nextConnected("20 02 00 00")) {
            link.send(sent);

            assertThat(link.read()).isEqualTo("end");
        }
        comesBack("20 02 00 00");
    }

    @Test
    void aDisconnectOfTheBrokerIsNotAnswered() throws Exception {
        start(options, events);
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            link.send("e0 02 8b 00");

            assertThat(link.read()).isEqualTo("end");
        }
        comesBack(RawBroker.CONNACK);
        assertThat(events.reasons().getFirst()).startsWith("broker ended the session: server shutting down (0x8B)");
    }

    @Test
    void aLargestPacketThatNeverComesIsFoundByKeepAlive() throws Exception {
        start(
                options.with(o -> {
                    o.maximumPacketBytes = 268_435_460;
                    o.keepAlive = Duration.ofSeconds(1);
                }),
                events);
        try (RawBroker.Link link = broker.nextConnected(RawBroker.CONNACK)) {
            link.send("30 ff ff ff 7f 00 01 74");

            assertThat(link.read()).isEqualTo("c0 00");
            assertThat(link.read()).isEqualTo("end");
        }
        comesBack(RawBroker.CONNACK);
        assertThat(events.reasons().getFirst()).contains("no answer to PINGREQ");
    }
}

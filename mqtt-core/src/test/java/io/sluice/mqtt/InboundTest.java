package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mqtt.MqttOptions.Version;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the broker publishes: handshakes, Topic Aliases, and the limits that CONNECT announced. */
class InboundTest {

    private static final MqttOptions OPTIONS = MqttOptions.defaults(List.of(URI.create("mqtt://a")), "plant-7")
            .with(o -> {
                o.topicAliasMaximum = 2;
                o.receiveMaximum = 2;
            });

    private SessionUnderTest session = new SessionUnderTest(OPTIONS);

    // ---- handshakes

    @Test
    @Clause({
        "3.3.4-1",
        "4.3.2-4",
        "4.5.0-2",
        "2.2.1-5",
        "3.4.2-1",
        "311:3.3.4-1",
        "311:4.3.2-2",
        "311:4.5.0-2",
        "311:2.3.1-6"
    })
    void qos1IsAcknowledgedWithItsIdentifierAfterItWasDelivered() {
        session.connect("mqtt://a", false).forget();

        session.receive(arrival(7, "t", -1, 1, "in"));

        assertThat(session.trace()).containsExactly("Deliver in", "Write PubAck 7 0x00");
    }

    @Test
    void qos0IsNotAnswered() {
        session.connect("mqtt://a", false).forget();

        session.receive(arrival(0, "t", -1, 0, "in"));

        assertThat(session.trace()).containsExactly("Deliver in");
    }

    @Test
    @Clause({"4.3.2-5", "311:4.3.2-2"})
    void aSecondPublishWithAnAcknowledgedIdentifierIsANewMessageWhateverItsDup() {
        session.connect("mqtt://a", false).forget();

        session.receive(arrival(7, "t", -1, 1, "one"));
        session.receive(new Packet.Arrival(7, true, 1, false, "t", -1, bytes("two"), Publish.Properties.NONE));

        assertThat(session.trace())
                .containsExactly("Deliver one", "Write PubAck 7 0x00", "Deliver two", "Write PubAck 7 0x00");
    }

    @Test
    @Clause({"4.3.3-8", "4.3.3-10", "4.3.3-11", "4.3.3-12", "3.5.2-1", "3.7.2-1", "311:4.3.3-2", "311:3.3.4-1"})
    void qos2IsDeliveredOnceUntilItIsReleased() {
        session.connect("mqtt://a", false).forget();

        session.receive(arrival(9, "t", -1, 2, "in")).receive(arrival(9, "t", -1, 2, "in"));
        session.receive(release(9));
        session.receive(arrival(9, "t", -1, 2, "new"));

        assertThat(session.trace())
                .containsExactly(
                        "Deliver in",
                        "Write PubRec 9 0x00",
                        "Write PubRec 9 0x00",
                        "Write PubComp 9 0x00",
                        "Deliver new",
                        "Write PubRec 9 0x00");
    }

    @Test
    void aReleaseOfNothingIsAnsweredWithIdentifierNotFound() {
        session.connect("mqtt://a", false).forget();

        session.receive(release(5));

        assertThat(session.trace()).containsExactly("Write PubComp 5 0x92");
    }

    @Test
    @Clause({"4.6.0-2", "4.6.0-3", "311:4.6.0-2", "311:4.6.0-3"})
    void answersGoInTheOrderOfTheMessages() {
        session.connect("mqtt://a", false).forget();

        session.receive(arrival(3, "t", -1, 1, "a")).receive(arrival(8, "t", -1, 2, "b"));
        session.receive(arrival(1, "t", -1, 1, "c")).receive(arrival(2, "t", -1, 2, "d"));

        assertThat(session.trace().stream().filter(action -> action.startsWith("Write")))
                .containsExactly(
                        "Write PubAck 3 0x00", "Write PubRec 8 0x00", "Write PubAck 1 0x00", "Write PubRec 2 0x00");
    }

    @Test
    @Clause({"4.1.0-1", "311:4.1.0-1"})
    void whatWasReceivedAndNotReleasedIsKeptWithTheSession() {
        session.connect("mqtt://a", false).receive(arrival(9, "t", -1, 2, "in"));
        session.close().connect("mqtt://a", true).forget();

        session.receive(arrival(9, "t", -1, 2, "in"));

        assertThat(session.trace()).containsExactly("Write PubRec 9 0x00");
    }

    @Test
    @Clause({"3.2.2-5"})
    void whatWasReceivedIsForgottenWithTheSession() {
        session.connect("mqtt://a", false).receive(arrival(9, "t", -1, 2, "in"));
        session.close().connect("mqtt://a", false).forget();

        session.receive(arrival(9, "t", -1, 2, "other"));

        assertThat(session.trace()).containsExactly("Deliver other", "Write PubRec 9 0x00");
    }

    @Test
    @Clause({"3.1.2-4", "311:3.1.2-6"})
    void aCleanStartForgetsWhatWasReceived() {
        session.connect("mqtt://a", false).receive(arrival(9, "t", -1, 2, "in"));
        assertThat(session.close().open("mqtt://b").cleanStart()).isTrue();
        session.receive(ConnAcks.success(false)).forget();

        session.receive(arrival(9, "t", -1, 2, "other"));

        assertThat(session.trace()).containsExactly("Deliver other", "Write PubRec 9 0x00");
    }

    @Test
    void aMessageIsDeliveredWithEverythingThatCameWithIt() {
        Publish.Properties properties = Publish.Properties.request("answers", bytes("7"));
        Publish message = new Publish("t", bytes("in"), 1, true, properties);
        session.connect("mqtt://a", false);

        session.receive(SessionUnderTest.arrival(7, true, message));

        assertThat(session.delivered()).containsExactly(message);
    }

    // ---- Receive Maximum

    @Test
    void moreMessagesOfQos2ThanReceiveMaximumEndTheConnection() {
        session.connect("mqtt://a", false);
        session.receive(arrival(1, "t", -1, 2, "a")).receive(arrival(2, "t", -1, 2, "b"));

        session.receive(arrival(3, "t", -1, 2, "c"));

        assertThat(session.trace()).contains("Write Disconnect 0x93").doesNotContain("Deliver c");
    }

    @Test
    void aReleasedMessageMakesRoomForAnother() {
        session.connect("mqtt://a", false);
        session.receive(arrival(1, "t", -1, 2, "a")).receive(arrival(2, "t", -1, 2, "b"));

        session.receive(release(1)).receive(arrival(3, "t", -1, 2, "c"));

        assertThat(session.trace()).contains("Deliver c");
        assertThat(session.isConnected()).isTrue();
    }

    // ---- Topic Aliases

    @Test
    @Clause({"3.3.2-10"})
    void aTopicAliasStandsForTheTopicItCameWith() {
        session.connect("mqtt://a", false);

        session.receive(arrival(0, "long/topic", 2, 0, "a")).receive(arrival(0, "", 2, 0, "b"));
        session.receive(arrival(0, "other", 2, 0, "c")).receive(arrival(0, "", 2, 0, "d"));

        assertThat(session.delivered())
                .extracting(Publish::topic)
                .containsExactly("long/topic", "long/topic", "other", "other");
    }

    @Test
    @Clause({"3.3.2-7"})
    void aTopicAliasEndsWithItsConnection() {
        session.connect("mqtt://a", false).receive(arrival(0, "long/topic", 2, 0, "a"));
        session.close().connect("mqtt://a", true);

        session.receive(arrival(0, "", 2, 0, "b"));

        assertThat(session.trace()).contains("Write Disconnect 0x82");
        assertThat(session.delivered()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({"0", "3", "65535"})
    void aTopicAliasOutOfRangeEndsTheConnection(int alias) {
        session.connect("mqtt://a", false);

        session.receive(arrival(0, "t", alias, 0, "a"));

        assertThat(session.trace()).contains("Write Disconnect 0x94");
        assertThat(session.delivered()).isEmpty();
    }

    @Test
    void withoutAnAnnouncedMaximumNoTopicAliasIsAccepted() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.topicAliasMaximum = 0));
        session.connect("mqtt://a", false);

        session.receive(arrival(0, "t", 1, 0, "a"));

        assertThat(session.trace()).contains("Write Disconnect 0x94");
    }

    @ParameterizedTest
    @CsvSource({"'', 0x82", "a/+, 0x81", "#, 0x81"})
    @Clause({"4.7.3-1", "4.7.0-1", "311:4.7.1-1", "311:4.7.3-1"})
    void aTopicThatIsNoTopicNameEndsTheConnection(String topic, String answer) {
        session.connect("mqtt://a", false);

        session.receive(arrival(0, topic, -1, 0, "a"));

        assertThat(session.trace()).contains("Write Disconnect " + answer);
        assertThat(session.delivered()).isEmpty();
    }

    @Test
    void mqtt311ClosesWithoutSayingWhy() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.version = Version.MQTT_3_1_1));
        session.connect("mqtt://a", false).forget();

        session.receive(arrival(0, "", -1, 0, "a"));

        assertThat(session.trace()).hasSize(1).first().asString().startsWith("Close ");
    }

    private static Packet arrival(int identifier, String topic, int alias, int qos, String text) {
        return new Packet.Arrival(identifier, false, qos, false, topic, alias, bytes(text), Publish.Properties.NONE);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Packet release(int identifier) {
        return new Packet.PubRel(identifier, Reason.SUCCESS);
    }
}

package io.sluice.mqtt;

import static io.sluice.mqtt.SessionUnderTest.ack;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is published: windows, limits of the broker, Packet Identifiers, outcomes. */
class PublishingTest {

    private static final MqttOptions OPTIONS =
            MqttOptions.defaults(List.of(URI.create("mqtt://a"), URI.create("mqtt://b")), "plant-7");

    private SessionUnderTest session = new SessionUnderTest(OPTIONS);

    @Test
    @Clause({"4.3.2-3", "2.2.1-5"})
    void aPublishEndsWithThePubAckOfItsIdentifier() {
        session.connect("mqtt://a", false);
        session.publish("one").publish("two");

        session.receive(ack(2));

        assertThat(session.outcomes()).containsExactly("two Acknowledged 0x00");
    }

    @Test
    void noMatchingSubscribersIsSuccess() {
        session.connect("mqtt://a", false).publish("one");

        session.receive(new Packet.PubAck(1, Reason.of(0x10)));

        assertThat(session.outcomes()).containsExactly("one Acknowledged 0x10");
    }

    /** MQTT 5 §2.4: 0x80 is the first of the failures. */
    @Test
    void theLowestReasonCodeOfAFailureIsOne() {
        session.connect("mqtt://a", false).publish("one");

        session.receive(new Packet.PubAck(1, new Reason(0x80, "", List.of())));

        assertThat(session.outcomes()).containsExactly("one Refused 0x80");
    }

    @Test
    @Clause({"4.4.0-2"})
    void aPubAckWithAFailureRefusesThePublishAndKeepsTheConnection() {
        session.connect("mqtt://a", false).publish("one");

        session.receive(new Packet.PubAck(1, new Reason(0x97, "too much", List.of())));

        assertThat(session.outcomes()).containsExactly("one Refused 0x97 too much");
        assertThat(session.isConnected()).isTrue();
        session.close().connect("mqtt://a", true);
        assertThat(session.written()).containsExactly("1 one");
    }

    @Test
    @Clause({"3.3.4-7", "4.9.0-1", "4.9.0-2"})
    void neverMoreAreInFlightThanTheBrokersReceiveMaximum() {
        session.connect("mqtt://a", ConnAcks.success(false, 2));
        session.publish("one").publish("two").publish("three").publish("four");
        assertThat(session.written()).containsExactly("1 one", "2 two");

        session.receive(ack(1));

        assertThat(session.written()).containsExactly("1 one", "2 two", "3 three");
    }

    @Test
    @Clause({"4.3.2-2"})
    void neverMoreAreInFlightThanTheOwnWindow() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.window = 1));
        session.connect("mqtt://a", false);

        session.publish("one").publish("two");

        assertThat(session.written()).containsExactly("1 one");
    }

    @Test
    void nothingIsWrittenWhileTheTransportIsFull() {
        session.connect("mqtt://a", false);
        session.writable(false);
        session.publish("one");
        assertThat(session.written()).isEmpty();

        session.writable(true);

        assertThat(session.written()).containsExactly("1 one");
    }

    @Test
    void identifiersGoRoundInsteadOfTakingTheLowestFree() {
        session.connect("mqtt://a", false);
        for (int i = 1; i <= InFlight.LAST; i++) {
            session.publish("m" + i).receive(ack(i));
        }

        session.publish("last");

        assertThat(session.written().getLast()).isEqualTo("1 last");
        assertThat(session.written().get(1)).isEqualTo("2 m2");
    }

    @Test
    @Clause({"2.2.1-3", "4.3.2-1", "4.3.3-1", "311:2.3.1-2", "311:4.3.2-1"})
    void anIdentifierStillInFlightIsSkippedWhenTheyGoRound() {
        session.connect("mqtt://a", false);
        session.publish("stays");
        for (int i = 2; i <= InFlight.LAST; i++) {
            session.publish("m" + i).receive(ack(i));
        }

        session.publish("next");

        assertThat(session.written().getLast()).isEqualTo("2 next");
    }

    @Test
    void anUnknownIdentifierIsCountedAndIgnored() {
        session.connect("mqtt://a", false).publish("one");

        session.receive(ack(1)).receive(ack(1)).receive(ack(4711));

        assertThat(session.outcomes()).hasSize(1);
        assertThat(session.core().unknownIdentifiers()).isEqualTo(2);
        assertThat(session.isConnected()).isTrue();
    }

    @Test
    @Clause({"3.2.2-15"})
    void aMessageLargerThanTheBrokersMaximumPacketSizeIsNeverSent() {
        session.connect("mqtt://a", ConnAcks.with(ack -> ack.maximumPacketBytes = 20));

        session.publish("x".repeat(13)).publish("x".repeat(12));

        assertThat(session.outcomes()).containsExactly("xxxxxxxxxxxxx TooLarge[packetBytes=21, maximumPacketBytes=20]");
        assertThat(session.written()).containsExactly("1 xxxxxxxxxxxx");
    }

    @Test
    @Clause({"3.2.2-11", "3.2.2-14"})
    void whatTheBrokerSaidItWillNotTakeIsNeverSent() {
        session.connect("mqtt://a", ConnAcks.with(ack -> {
            ack.maximumQos = 1;
            ack.retainAvailable = false;
        }));

        session.publish(new Publish("t", new byte[0], 1, true)).publish(new Publish("t", new byte[0], 2, false));

        assertThat(session.outcomes())
                .containsExactly(
                        " Refused 0x9A not sent: the broker keeps no retained messages",
                        " Refused 0x9B not sent: the broker's Maximum QoS is 1");
    }

    @Test
    @Clause({"3.2.2-11"})
    void aMaximumQosOf0LetsQos0Through() {
        session.connect("mqtt://a", ConnAcks.with(ack -> ack.maximumQos = 0));

        session.publish("one").publish(new Publish("t", new byte[0], 0, false));

        assertThat(session.outcomes())
                .containsExactly("one Refused 0x9B not sent: the broker's Maximum QoS is 0", " Acknowledged 0x00");
        assertThat(session.written()).containsExactly("0 ");
    }

    @Test
    void qos0IsCompleteWhenWritten() {
        session.connect("mqtt://a", ConnAcks.success(false, 1));

        session.publish(new Publish("t", new byte[0], 0, false)).publish("one");

        assertThat(session.outcomes()).containsExactly(" Acknowledged 0x00");
        assertThat(session.written()).containsExactly("0 ", "1 one");
    }
}

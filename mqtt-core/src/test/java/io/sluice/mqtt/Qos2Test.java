package io.sluice.mqtt;

import static io.sluice.mqtt.SessionUnderTest.ack;
import static io.sluice.mqtt.SessionUnderTest.qos2;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mqtt.Action.Retry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The handshake of QoS 2, in either direction. */
class Qos2Test {

    private static final MqttOptions OPTIONS =
            MqttOptions.defaults(List.of(URI.create("mqtt://a"), URI.create("mqtt://b")), "plant-7");

    private final SessionUnderTest session = new SessionUnderTest(OPTIONS);

    @Test
    @Clause({"4.3.3-2", "4.3.3-3", "4.3.3-4", "4.3.3-5", "311:4.3.3-1"})
    void qos2GoesThroughPubRecPubRelAndPubComp() {
        session.connect("mqtt://a", false).publish(qos2("one"));

        session.receive(new Packet.PubRec(1, Reason.of(0))).receive(new Packet.PubComp(1, Reason.of(0)));

        assertThat(session.trace()).contains("Write 1 one", "Write PubRel 1 0x00");
        assertThat(session.outcomes()).containsExactly("one Acknowledged 0x00");
    }

    @Test
    @Clause({"4.4.0-1", "4.3.3-6"})
    void pubRelIsResentAfterPubRecWhenTheSessionResumes() {
        session.connect("mqtt://a", false).publish(qos2("one"));
        session.receive(new Packet.PubRec(1, Reason.of(0))).close();
        session.forget();

        session.connect("mqtt://a", true);

        assertThat(session.trace()).containsExactly("Write PubRel 1 0x00", "Established 2");
    }

    @Test
    void aMessageThatTheBrokerHadReceivedIsNotDoubledWhenTheSessionIsLost() {
        session.connect("mqtt://a", false).publish(qos2("one"));
        session.receive(new Packet.PubRec(1, Reason.of(0))).close();
        session.forget();

        session.connect("mqtt://a", false);

        assertThat(session.written()).isEmpty();
        assertThat(session.outcomes()).containsExactly("one Acknowledged 0x00");
    }

    @Test
    @Clause({"4.4.0-2"})
    void aPubRecWithAFailureEndsTheExchange() {
        session.connect("mqtt://a", false).publish(qos2("one"));

        session.receive(new Packet.PubRec(1, Reason.of(0x97)));

        assertThat(session.outcomes()).containsExactly("one Refused 0x97");
        session.close().connect("mqtt://a", true);
        assertThat(session.written()).containsExactly("1 one");
    }

    @Test
    void aQos2MessageSentTwiceByTheBrokerIsDeliveredOnce() {
        session.connect("mqtt://a", false);

        session.receive(SessionUnderTest.arrival(9, false, qos2("in")));
        session.close().connect("mqtt://a", true);
        session.receive(SessionUnderTest.arrival(9, true, qos2("in")));
        session.receive(new Packet.PubRel(9, Reason.of(0)));
        session.receive(SessionUnderTest.arrival(9, false, qos2("in")));

        assertThat(session.trace().stream().filter("Deliver in"::equals)).hasSize(2);
    }

    @Test
    void aReceiptOfNothingIsAnsweredWithIdentifierNotFoundUnlessItRefuses() {
        session.connect("mqtt://a", false).forget();

        session.receive(new Packet.PubRec(7, Reason.SUCCESS)).receive(new Packet.PubRec(8, Reason.of(0x97)));

        assertThat(session.trace()).containsExactly("Write PubRel 7 0x92");
        assertThat(session.core().unknownIdentifiers()).isEqualTo(2);
    }

    @Test
    void aCompletionWithoutReceiptIsAProtocolError() {
        session.connect("mqtt://a", false).publish(qos2("one"));

        session.receive(new Packet.PubComp(1, Reason.SUCCESS));

        assertThat(session.trace()).contains("Write Disconnect 0x82");
        assertThat(session.outcomes()).isEmpty();
    }

    @Test
    void aReceiptBeforeTheResendIsAnsweredInItsTurn() {
        session.connect("mqtt://a", false).publish(qos2("one")).publish(qos2("two"));
        session.close().forget();
        session.connect("mqtt://a", ConnAcks.success(true, 1));

        session.receive(new Packet.PubRec(2, Reason.SUCCESS));
        assertThat(session.packets()).hasSize(1);
        session.receive(new Packet.PubRec(1, Reason.SUCCESS)).receive(new Packet.PubComp(1, Reason.SUCCESS));

        assertThat(session.trace().stream().filter(action -> action.startsWith("Write")))
                .containsExactly("Write 1 one DUP", "Write PubRel 1 0x00", "Write PubRel 2 0x00");
    }

    @Test
    @Clause({"4.3.3-5"})
    void pubRelHasTheWholeTimeForItsAcknowledgement() {
        session.connect("mqtt://a", false).publish(qos2("one"));

        session.after(Duration.ofSeconds(20)).receive(new Packet.PubRec(1, Reason.SUCCESS));
        session.after(Duration.ofSeconds(20)).receive(new Packet.PingResp()).tick();
        assertThat(session.isConnected()).isTrue();
        session.after(Duration.ofSeconds(11)).receive(new Packet.PingResp()).tick();

        assertThat(session.end().reason()).isEqualTo("no acknowledgement of Packet Identifier 1 within 30 s");
    }

    @Test
    void aPubAckForQos2IsAProtocolError() {
        session.connect("mqtt://a", false).publish(qos2("one"));

        session.receive(ack(1));

        assertThat(session.trace()).contains("Write Disconnect 0x82");
        assertThat(session.end().retry()).isEqualTo(Retry.SOON);
        assertThat(session.outcomes()).isEmpty();
    }

    @Test
    void aPubRecForQos1IsAProtocolError() {
        session.connect("mqtt://a", false).publish("one");

        session.receive(new Packet.PubRec(1, Reason.of(0)));

        assertThat(session.trace()).contains("Write Disconnect 0x82");
    }

    @Test
    @Clause({"4.6.0-4", "311:4.6.0-4"})
    void releasesGoInTheOrderOfTheirReceipts() {
        session.connect("mqtt://a", false)
                .publish(qos2("one"))
                .publish(qos2("two"))
                .forget();

        session.receive(new Packet.PubRec(2, Reason.SUCCESS)).receive(new Packet.PubRec(1, Reason.SUCCESS));

        assertThat(session.trace()).containsExactly("Write PubRel 2 0x00", "Write PubRel 1 0x00");
    }
}

package io.sluice.mqtt;

import static io.sluice.mqtt.SessionUnderTest.ack;
import static io.sluice.mqtt.SessionUnderTest.qos2;
import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.Publish.UserProperty;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The end of a connection, by a fault of the broker or on purpose. */
class EndingTest {

    private static final MqttOptions OPTIONS =
            MqttOptions.defaults(List.of(URI.create("mqtt://a"), URI.create("mqtt://b")), "plant-7");

    private SessionUnderTest session = new SessionUnderTest(OPTIONS);

    @Test
    @Clause({"4.13.1-1", "3.14.4-2"})
    void aMalformedPacketEndsTheConnectionWithItsReasonCode() {
        session.connect("mqtt://a", false);

        session.receive(new Packet.Malformed(0x81, "a malformed packet"));

        assertThat(session.trace()).contains("Write Disconnect 0x81");
        assertThat(session.end().reason())
                .isEqualTo("broker sent a malformed packet: closed with malformed packet (0x81)");
    }

    @Test
    @Clause({"311:4.8.0-1"})
    void mqtt311KnowsNoDisconnectWithAReason() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.version = Version.MQTT_3_1_1));
        session.connect("mqtt://a", false);

        session.receive(new Packet.Malformed(0x81, "a malformed packet"));

        assertThat(session.trace()).noneMatch(action -> action.startsWith("Write Disconnect"));
        assertThat(session.end().retry()).isEqualTo(Retry.SOON);
    }

    @Test
    @Clause({"3.2.0-1", "3.2.0-2"})
    void aPacketBeforeConnAckAndASecondConnAckAreProtocolErrors() {
        session.open("mqtt://a");
        session.receive(ack(1));
        assertThat(session.end().reason()).contains("a packet before CONNACK");
        session.close().connect("mqtt://a", false);

        session.receive(ConnAcks.success(false));

        assertThat(session.end().reason()).contains("a second CONNACK");
    }

    @Test
    void whatArrivesAfterTheEndIsIgnored() {
        session.connect("mqtt://a", false).publish("one");
        session.receive(Packet.Disconnect.of(0x8B));

        session.receive(ack(1));

        assertThat(session.outcomes()).isEmpty();
    }

    @Test
    @Clause({"3.14.4-1", "311:3.14.4-2"})
    void nothingIsWrittenAfterDisconnect() {
        session.connect("mqtt://a", false).stop().forget();

        session.publish("late").subscribe("a").after(Duration.ofMinutes(1)).tick();
        session.receive(SessionUnderTest.arrival(1, false, qos2("in")));

        assertThat(session.trace()).isEmpty();
    }

    @Test
    @Clause({"3.14.4-2", "311:3.14.4-1"})
    void stoppingWaitsForTheAcknowledgementsThenDisconnects() {
        session.connect("mqtt://a", false).publish("one").stop();
        assertThat(session.isConnected()).isTrue();

        session.receive(ack(1));

        assertThat(session.trace()).endsWith("Complete", "Write Disconnect 0x00", "Close stopped");
        assertThat(session.end().retry()).isEqualTo(Retry.NEVER);
    }

    @Test
    @Clause({"3.14.2-3", "3.14.2-4"})
    void aDisconnectThatWouldBeTooLargeLosesWhatIsNotNeeded() {
        session.connect("mqtt://a", ConnAcks.with(ack -> ack.maximumPacketBytes = 10));

        session.stop(new Packet.Disconnect(
                new Reason(4, "a reason", List.of(new UserProperty("a", "b"))), Optional.empty(), Optional.empty()));

        assertThat(session.packets()).endsWith(Packet.Disconnect.of(4));
    }

    @Test
    void aDisconnectDoesNotProlongASessionThatEndsWithItsConnection() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.sessionExpiry = Duration.ZERO));
        session.connect("mqtt://a", false);

        session.stop(new Packet.Disconnect(Reason.SUCCESS, Optional.of(60L), Optional.empty()));

        assertThat(session.packets()).endsWith(Packet.Disconnect.of(0));
    }

    @Test
    void aSessionExpiryUnderASecondIsNone() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.sessionExpiry = Duration.ofMillis(999)));
        session.connect("mqtt://a", false);

        session.stop(new Packet.Disconnect(Reason.SUCCESS, Optional.of(60L), Optional.empty()));

        assertThat(session.packets()).endsWith(Packet.Disconnect.of(0));
    }

    @Test
    @Clause({"3.14.2-3"})
    void aDisconnectThatJustFitsIsSentWhole() {
        Packet.Disconnect nine =
                new Packet.Disconnect(new Reason(4, "12", List.of()), Optional.empty(), Optional.empty());
        session.connect("mqtt://a", ConnAcks.with(ack -> ack.maximumPacketBytes = 9));
        session.stop(nine);
        assertThat(session.packets()).endsWith(nine);

        session = new SessionUnderTest(OPTIONS);
        session.connect("mqtt://a", ConnAcks.with(ack -> ack.maximumPacketBytes = 8));
        session.stop(nine);
        assertThat(session.packets()).endsWith(Packet.Disconnect.of(4));
    }

    static Stream<Packet> explained() {
        Reason reason = new Reason(0x10, "why", List.of());
        Subscribe.Answer answer = new Subscribe.Answer(List.of(1), "", List.of(new UserProperty("a", "b")));
        return Stream.of(
                new Packet.PubAck(1, reason),
                new Packet.PubRec(1, reason),
                new Packet.PubRel(1, reason),
                new Packet.PubComp(1, reason),
                new Packet.SubAck(1, answer),
                new Packet.UnsubAck(1, answer),
                new Packet.Auth(new Reason(0x18, "", List.of(new UserProperty("a", "b"))), "M", Optional.empty()));
    }

    @ParameterizedTest
    @MethodSource("explained")
    @Clause("3.1.2-29")
    void aReasonStringOrUserPropertyThatWasDeclinedIsAProtocolErrorWhereItMayNotBe(Packet packet) {
        session.connect("mqtt://a", false).receive(packet);
        assertThat(session.trace()).noneMatch(action -> action.contains("declined"));

        session = new SessionUnderTest(OPTIONS.with(o -> o.requestProblemInformation = false));
        session.connect("mqtt://a", false).receive(packet);

        assertThat(session.trace()).contains("Write Disconnect 0x82");
        assertThat(session.end().reason()).contains("that CONNECT had declined");
    }

    @Test
    @Clause("3.1.2-29")
    void aBrokerMayAlwaysSayWhyItEndsTheSession() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.requestProblemInformation = false));
        session.connect("mqtt://a", false);

        session.receive(
                new Packet.Disconnect(new Reason(0x8B, "update", List.of()), Optional.empty(), Optional.empty()));

        assertThat(session.end().reason()).contains("\"update\"");
    }

    @Test
    void abandoningEndsEveryPublishAsUnknown() {
        session.connect("mqtt://a", ConnAcks.success(false, 1));
        session.publish("one").publish("two");

        session.abandon();

        assertThat(session.outcomes()).containsExactly("one Unknown[]", "two Unknown[]");
    }
}

package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.Publish.UserProperty;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules of the protocol, without a socket and without a clock. */
class SessionTest {

    private static final MqttOptions OPTIONS =
            MqttOptions.defaults(List.of(URI.create("mqtt://a"), URI.create("mqtt://b")), "plant-7");

    private SessionUnderTest session = new SessionUnderTest(OPTIONS);

    // ---- CONNECT

    @Test
    void cleanStartIs1UntilAConnAckSucceededThen0() {
        assertThat(session.open("mqtt://a").cleanStart()).isTrue();
        session.receive(refusal(0x88)).close();
        assertThat(session.open("mqtt://a").cleanStart()).isTrue();
        session.receive(ConnAcks.success(false)).close();

        assertThat(session.open("mqtt://a").cleanStart()).isFalse();
    }

    @Test
    void cleanStartIs1WhenTheBrokerDiffersFromTheLastOne() {
        session.connect("mqtt://a", false).close();
        assertThat(session.open("mqtt://b").cleanStart()).isTrue();
        session.close();

        assertThat(session.open("mqtt://a").cleanStart()).isFalse();
    }

    @Test
    void cleanStartCanBe1AtEveryConnect() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.cleanStart = MqttOptions.CleanStart.ALWAYS));
        session.connect("mqtt://a", false).close();

        Packet.Connect connect = session.open("mqtt://a");

        assertThat(connect.cleanStart()).isTrue();
    }

    @Test
    @Clause({"3.2.2-4"})
    void sessionPresentInAnswerToCleanStart1ClosesTheConnection() {
        session.open("mqtt://a");

        session.receive(ConnAcks.success(true));

        assertThat(session.end().reason()).contains("Session Present 1 in answer to Clean Start 1");
    }

    @Test
    @Clause({"3.1.3-2", "311:3.1.3-2"})
    void theAssignedClientIdentifierIsKept() {
        session = new SessionUnderTest(MqttOptions.defaults(List.of(URI.create("mqtt://a")), ""));
        session.open("mqtt://a");
        session.receive(ConnAcks.with(ack -> ack.assignedClientId = Optional.of("given-1")));
        session.close();

        assertThat(session.open("mqtt://a").clientId()).isEqualTo("given-1");
    }

    @Test
    @Clause({"311:3.1.3-7"})
    void mqtt311AsksForACleanSessionAsLongAsItHasNoClientIdentifier() {
        session = new SessionUnderTest(
                MqttOptions.defaults(List.of(URI.create("mqtt://a")), "").with(o -> o.version = Version.MQTT_3_1_1));
        session.connect("mqtt://a", false).close();

        assertThat(session.open("mqtt://a").cleanStart()).isTrue();
    }

    @Test
    void cleanStartCanBe0FromTheFirstConnect() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.cleanStart = MqttOptions.CleanStart.NEVER));

        assertThat(session.open("mqtt://a").cleanStart()).isFalse();
        session.receive(ConnAcks.success(true));
        assertThat(session.isConnected()).isTrue();
    }

    @Test
    void onlySuccessfulConnectionsAreNumbered() {
        session.open("mqtt://a");
        session.receive(refusal(0x88)).close();
        session.connect("mqtt://a", false).close();
        session.connect("mqtt://b", false);

        assertThat(session.established())
                .extracting(ConnectionListener.Connected::number)
                .containsExactly(1L, 2L);
        assertThat(session.established())
                .extracting(ConnectionListener.Connected::brokerChanged)
                .containsExactly(true, true);
    }

    @ParameterizedTest
    @CsvSource({
        "0x84, SLOWLY, unsupported protocol version (0x84)",
        "0x85, SLOWLY, client identifier not valid (0x85)",
        "0x86, SLOWLY, Check user name and password.",
        "0x87, SLOWLY, not authorised (0x87)",
        "0x8A, SLOWLY, banned (0x8A)",
        "0x8C, SLOWLY, bad authentication method (0x8C)",
        "0x95, SLOWLY, packet too large (0x95)",
        "0x88, SOON, server unavailable (0x88)",
        "0x89, SOON, server busy (0x89)",
        "0x9F, SOON, connection rate exceeded (0x9F)",
        "0xF0, SOON, unknown Reason Code (0xF0)",
    })
    @Clause({"4.13.2-1"})
    void aRefusedConnectionIsNamedAndRetriedSlowlyIfItCannotSucceed(String code, Retry retry, String text) {
        session.open("mqtt://a");

        session.receive(refusal(Integer.decode(code)));

        assertThat(session.end().retry()).isEqualTo(retry);
        assertThat(session.end().reason())
                .startsWith("broker refused the connection: ")
                .contains(text);
        assertThat(session.end().answer().map(Reason::code)).contains(Integer.decode(code));
    }

    @Test
    void aSessionThatWasTakenOverAsksForASecondGateway() {
        session.connect("mqtt://a", false);

        session.receive(Packet.Disconnect.of(0x8E));

        assertThat(session.end().reason())
                .isEqualTo("broker ended the session: taken over (0x8E)."
                        + " Is a second gateway running with client id plant-7?");
    }

    // ---- publishing

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
        session.connect("mqtt://a", connAck(false, 2));
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
    void qos0IsCompleteWhenWritten() {
        session.connect("mqtt://a", connAck(false, 1));

        session.publish(new Publish("t", new byte[0], 0, false)).publish("one");

        assertThat(session.outcomes()).containsExactly(" Acknowledged 0x00");
        assertThat(session.written()).containsExactly("0 ", "1 one");
    }

    // ---- resending

    @Test
    @Clause({
        "3.3.1-1",
        "4.4.0-1",
        "4.6.0-1",
        "3.1.2-23",
        "311:3.3.1-1",
        "311:4.4.0-1",
        "311:2.3.1-3",
        "311:4.6.0-1",
        "311:3.1.2-4"
    })
    void resendsInFlightWithDupAfterSessionResumes() {
        session.connect("mqtt://a", false);
        session.publish("one").publish("two").publish("three").receive(ack(2)).close();
        session.forget();

        session.connect("mqtt://a", true);

        assertThat(session.written()).containsExactly("1 one DUP", "3 three DUP");
    }

    @Test
    @Clause({"3.2.2-5"})
    void resendsTheSameMessagesAsNewOnesWhenTheSessionIsLost() {
        session.connect("mqtt://a", false);
        session.publish("one").publish("two").publish("three").receive(ack(2)).close();
        session.forget();

        session.connect("mqtt://a", false);

        assertThat(session.written()).containsExactly("4 one", "5 three");
    }

    @Test
    void resendsBeforeTheListenerKnowsAndFurtherPublishesAfter() {
        session.connect("mqtt://a", false).publish("one").close();
        session.publish("two").forget();

        session.connect("mqtt://a", false);

        assertThat(session.trace()).containsExactly("Write 2 one", "Established 2", "Write 3 two");
    }

    @Test
    void resendsInsideTheNewReceiveMaximum() {
        session.connect("mqtt://a", false);
        session.publish("one").publish("two").publish("three").close();
        session.forget();

        session.connect("mqtt://a", connAck(true, 1));
        session.publish("four");
        assertThat(session.written()).containsExactly("1 one DUP");
        session.receive(ack(1));
        assertThat(session.written()).containsExactly("1 one DUP", "2 two DUP");
        session.receive(ack(2)).receive(ack(3));

        assertThat(session.written()).containsExactly("1 one DUP", "2 two DUP", "3 three DUP", "4 four");
    }

    @Test
    void anAcknowledgementThatComesBeforeTheResendSavesIt() {
        session.connect("mqtt://a", false);
        session.publish("one").publish("two").publish("three").close();
        session.forget();
        session.connect("mqtt://a", connAck(true, 1));

        session.receive(ack(2)).receive(ack(1));

        assertThat(session.written()).containsExactly("1 one DUP", "3 three DUP");
    }

    @Test
    void aSecondLossInTheMiddleOfResendingKeepsTheOrder() {
        session.connect("mqtt://a", false);
        session.publish("one").publish("two").publish("three").close();
        session.connect("mqtt://a", connAck(false, 1)).close();
        session.forget();

        session.connect("mqtt://a", true);

        assertThat(session.written()).containsExactly("4 one DUP", "5 two", "6 three");
    }

    @Test
    @Clause({"311:4.1.0-2", "4.4.0-1", "4.1.0-1"})
    void nothingIsResentWhileTheConnectionStandsAnOverdueAcknowledgementClosesIt() {
        session.connect("mqtt://a", false).publish("one").publish("two");
        session.receive(ack(1)).forget();

        session.after(Duration.ofSeconds(10)).receive(new Packet.PingResp());
        session.after(Duration.ofSeconds(21)).tick();

        assertThat(session.written()).isEmpty();
        assertThat(session.end().reason()).isEqualTo("no acknowledgement of Packet Identifier 2 within 30 s");
    }

    // ---- QoS 2

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

        session.receive(arrival(9, false, qos2("in")));
        session.close().connect("mqtt://a", true);
        session.receive(arrival(9, true, qos2("in")));
        session.receive(new Packet.PubRel(9, Reason.of(0)));
        session.receive(arrival(9, false, qos2("in")));

        assertThat(session.trace().stream().filter("Deliver in"::equals)).hasSize(2);
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

    // ---- receiving

    @Test
    void qos1IsAcknowledgedAfterItWasDelivered() {
        session.connect("mqtt://a", false).forget();

        session.receive(arrival(7, false, Recording.message("t", "in")));

        assertThat(session.trace()).containsExactly("Deliver in", "Write PubAck 7 0x00");
    }

    @Test
    void subscriptionsAreMadeAgainOnlyIfTheSessionIsLost() {
        session.connect("mqtt://a", false).subscribe("a/#");
        session.receive(subAck(1)).close();
        session.forget();

        session.connect("mqtt://a", true).close();
        assertThat(session.trace()).containsExactly("Established 2");
        session.connect("mqtt://a", false);

        assertThat(session.trace()).containsExactly("Established 2", "Write Subscribe 2 [a/#]", "Established 3");
    }

    @Test
    void aSubscriptionWithoutAnswerIsMadeAgainAndAnsweredOnce() {
        session.connect("mqtt://a", false).subscribe("a/#").close();
        session.connect("mqtt://a", true);

        session.receive(subAck(2)).close();
        session.connect("mqtt://a", false).receive(subAck(3));

        assertThat(session.granted()).containsExactly(List.of(1));
    }

    // ---- defence

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

    // ---- keep alive

    @Test
    @Clause({"3.1.2-20", "311:3.1.2-23"})
    void pingsBeforeKeepAliveRunsOutAndClosesWithoutAnAnswer() {
        session.connect("mqtt://a", false).forget();

        session.after(Duration.ofSeconds(22)).tick();
        assertThat(session.trace()).isEmpty();
        session.after(Duration.ofSeconds(1)).tick();
        assertThat(session.trace()).containsExactly("Write PingReq[]");
        session.after(Duration.ofSeconds(16)).tick();

        assertThat(session.end().reason()).isEqualTo("no answer to PINGREQ within 15 s: the connection is dead");
    }

    @Test
    void anAnswerToThePingKeepsTheConnection() {
        session.connect("mqtt://a", false);
        session.after(Duration.ofSeconds(23)).tick();

        session.receive(new Packet.PingResp());
        session.after(Duration.ofSeconds(16)).tick();

        assertThat(session.isConnected()).isTrue();
    }

    @Test
    @Clause({"3.1.2-21", "3.2.2-21"})
    void theBrokersKeepAliveTakesPrecedence() {
        session.connect("mqtt://a", ConnAcks.with(ack -> ack.serverKeepAliveSeconds = Optional.of(4)));

        session.after(Duration.ofSeconds(3)).tick();

        assertThat(session.trace()).contains("Write PingReq[]");
    }

    @Test
    void aClientThatOnlyWritesQos0PingsToFindADeadConnection() {
        session.connect("mqtt://a", false);
        for (int i = 0; i < 23; i++) {
            session.after(Duration.ofSeconds(1))
                    .publish(new Publish("t", new byte[0], 0, false))
                    .tick();
        }

        assertThat(session.trace()).contains("Write PingReq[]");
    }

    // ---- the end

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
    void abandoningEndsEveryPublishAsUnknown() {
        session.connect("mqtt://a", connAck(false, 1));
        session.publish("one").publish("two");

        session.abandon();

        assertThat(session.outcomes()).containsExactly("one Unknown[]", "two Unknown[]");
    }

    private static Packet ack(int identifier) {
        return new Packet.PubAck(identifier, Reason.SUCCESS);
    }

    private static Packet subAck(int identifier) {
        return new Packet.SubAck(identifier, new Subscribe.Answer(List.of(1), "", List.of()));
    }

    private static Packet.ConnAck connAck(boolean sessionPresent, int receiveMaximum) {
        return ConnAcks.with(ack -> {
            ack.sessionPresent = sessionPresent;
            ack.receiveMaximum = receiveMaximum;
        });
    }

    private static Packet.ConnAck refusal(int reasonCode) {
        return ConnAcks.refusal(reasonCode);
    }

    private static Packet arrival(int identifier, boolean dup, Publish message) {
        return SessionUnderTest.arrival(identifier, dup, message);
    }

    private static Publish qos2(String text) {
        return new Publish("t", text.getBytes(StandardCharsets.UTF_8), 2, false);
    }
}

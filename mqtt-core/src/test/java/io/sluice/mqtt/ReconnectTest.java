package io.sluice.mqtt;

import static io.sluice.mqtt.SessionUnderTest.ack;
import static io.sluice.mqtt.SessionUnderTest.subAck;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What goes again on the next connection, and what does not. */
class ReconnectTest {

    private static final MqttOptions OPTIONS =
            MqttOptions.defaults(List.of(URI.create("mqtt://a"), URI.create("mqtt://b")), "plant-7");

    private final SessionUnderTest session = new SessionUnderTest(OPTIONS);

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
    void whatTheListenerPublishesWhenItIsToldGoesBeforeWhatWaited() {
        session.connect("mqtt://a", false).publish("one").close();
        session.publish("two").opensWith("birth").forget();

        session.connect("mqtt://a", false);

        assertThat(session.written()).containsExactly("2 one", "3 birth", "4 two");
    }

    @Test
    void whatOpensAConnectionKeepsItsPlaceWhenTheWindowHasNoRoomForIt() {
        session.connect("mqtt://a", false).publish("one").close();
        session.publish("two").opensWith("birth").forget();

        session.connect("mqtt://a", ConnAcks.success(false, 1));
        session.publish("three").receive(ack(2)).receive(ack(3)).receive(ack(4));

        assertThat(session.written()).containsExactly("2 one", "3 birth", "4 two", "5 three");
    }

    @Test
    void whatOpenedALostConnectionWithoutBeingWrittenGoesBeforeWhatOpensTheNext() {
        session.opensWith("birth").publish("one").writable(false);
        session.connect("mqtt://a", false).close();
        session.writable(true).forget();

        session.connect("mqtt://a", false);

        assertThat(session.written()).containsExactly("1 birth", "2 birth", "3 one");
    }

    @Test
    void resendsInsideTheNewReceiveMaximum() {
        session.connect("mqtt://a", false);
        session.publish("one").publish("two").publish("three").close();
        session.forget();

        session.connect("mqtt://a", ConnAcks.success(true, 1));
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
        session.connect("mqtt://a", ConnAcks.success(true, 1));

        session.receive(ack(2)).receive(ack(1));

        assertThat(session.written()).containsExactly("1 one DUP", "3 three DUP");
    }

    @Test
    void aSecondLossInTheMiddleOfResendingKeepsTheOrder() {
        session.connect("mqtt://a", false);
        session.publish("one").publish("two").publish("three").close();
        session.connect("mqtt://a", ConnAcks.success(false, 1)).close();
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

    @Test
    void whatWaitsToBeWrittenAgainIsNotOverdueForTheTimeThatTheOtherConnectionTook() {
        session.connect("mqtt://a", false).publish("one").close();
        session.writable(false).connect("mqtt://a", true).forget();

        session.after(OPTIONS.ackTimeout().plusSeconds(1)).tick();
        session.writable(true);

        assertThat(session.written()).containsExactly("1 one DUP");
    }
}

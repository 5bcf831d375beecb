package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The message that makes a broker end connections is found, and nothing else is blamed. */
class SuspicionTest {

    private final SessionUnderTest session = new SessionUnderTest(
            MqttOptions.defaults(List.of(URI.create("mqtt://a")), "plant-7").with(o -> o.isolateCulprits = true));

    private void connectAndClose(int times, boolean sessionPresent) {
        for (int i = 0; i < times; i++) {
            session.connect("mqtt://a", sessionPresent).close();
        }
    }

    @Test
    void afterThreeEndsWithTheSameOldestMessageWhatIsInFlightGoesOneByOneUntilTheCulpritIsFound() {
        session.connect("mqtt://a", false);
        session.publish("one").publish("two").publish("three").close();
        connectAndClose(2, true);
        session.forget();

        session.connect("mqtt://a", true);
        assertThat(session.written()).containsExactly("1 one DUP");
        session.receive(ack(1));
        assertThat(session.written()).containsExactly("1 one DUP", "2 two DUP");
        session.close();

        assertThat(session.outcomes()).containsExactly("one Acknowledged 0x00", "two EndsConnections");
        session.forget();
        session.connect("mqtt://a", true).publish("four");
        assertThat(session.written()).containsExactly("3 three DUP", "4 four");
    }

    @Test
    void theCulpritIsFoundAlsoWhenTheBrokerForgetsTheSession() {
        session.connect("mqtt://a", false);
        session.publish("one").publish("two").close();
        connectAndClose(2, false);
        session.connect("mqtt://a", false).close();
        assertThat(session.outcomes()).containsExactly("one EndsConnections");
    }

    @Test
    void whenAllIsAcknowledgedOneByOneTheWindowOpensAgainAndNobodyIsBlamed() {
        session.connect("mqtt://a", false);
        session.publish("one").publish("two").close();
        connectAndClose(2, true);
        session.connect("mqtt://a", true).receive(ack(1)).receive(ack(2));
        session.forget();
        session.publish("three").publish("four");
        assertThat(session.written()).containsExactly("3 three", "4 four");
        session.close();
        assertThat(session.outcomes()).hasSize(2).allMatch(outcome -> outcome.contains("Acknowledged"));
    }

    @Test
    void endsOfConnectionsBetweenWhichMessagesAreAcknowledgedRaiseNoSuspicion() {
        session.connect("mqtt://a", false);
        for (int i = 1; i <= 10; i++) {
            session.publish("m" + i).publish("n" + i).receive(ack(i)).close();
            session.connect("mqtt://a", true);
        }
        assertThat(session.outcomes()).hasSize(10).allMatch(outcome -> outcome.contains("Acknowledged"));
    }

    private static Packet ack(int identifier) {
        return new Packet.PubAck(identifier, Reason.SUCCESS);
    }
}

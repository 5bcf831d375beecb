package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Keep Alive: a dead connection is found in time. */
class KeepAliveTest {

    private static final MqttOptions OPTIONS =
            MqttOptions.defaults(List.of(URI.create("mqtt://a"), URI.create("mqtt://b")), "plant-7");

    private final SessionUnderTest session = new SessionUnderTest(OPTIONS);

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
    void aKeepAliveOf0IsNone() {
        session.connect("mqtt://a", ConnAcks.with(ack -> ack.serverKeepAliveSeconds = Optional.of(0)))
                .forget();

        session.after(Duration.ofDays(1)).tick();

        assertThat(session.trace()).isEmpty();
    }

    @Test
    @Clause({"3.1.2-20", "311:3.1.2-23"})
    void aClientThatOnlyReceivesPings() {
        session.connect("mqtt://a", false).forget();
        for (int i = 0; i < 23; i++) {
            session.after(Duration.ofSeconds(1))
                    .receive(SessionUnderTest.arrival(0, false, new Publish("t", new byte[0], 0, false)))
                    .tick();
        }

        assertThat(session.packets()).containsExactly(new Packet.PingReq());
    }

    @Test
    void aClientThatWritesAndReceivesDoesNotPing() {
        session.connect("mqtt://a", false).forget();
        for (int i = 1; i <= 60; i++) {
            session.after(Duration.ofSeconds(1))
                    .publish("m" + i)
                    .receive(SessionUnderTest.ack(i))
                    .tick();
        }

        assertThat(session.packets()).hasSize(60).allMatch(Packet.Pub.class::isInstance);
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
}

package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.MqttOptions.Version;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** CONNECT and CONNACK: Clean Start, the client identifier, refusals. */
class ConnectTest {

    private static final MqttOptions OPTIONS =
            MqttOptions.defaults(List.of(URI.create("mqtt://a"), URI.create("mqtt://b")), "plant-7");

    private SessionUnderTest session = new SessionUnderTest(OPTIONS);

    @Test
    void cleanStartIs1UntilAConnAckSucceededThen0() {
        assertThat(session.open("mqtt://a").cleanStart()).isTrue();
        session.receive(ConnAcks.refusal(0x88)).close();
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
    void aReceiveMaximumOrMaximumPacketSizeOf0IsAProtocolError() {
        session.open("mqtt://a");
        session.receive(ConnAcks.with(ack -> ack.receiveMaximum = 0));
        assertThat(session.end().reason()).contains("Receive Maximum or Maximum Packet Size 0");
        session.close().forget();
        session.open("mqtt://a");

        session.receive(ConnAcks.with(ack -> ack.maximumPacketBytes = 0));

        assertThat(session.end().reason()).contains("Receive Maximum or Maximum Packet Size 0");
        assertThat(session.established()).isEmpty();
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
        session.receive(ConnAcks.refusal(0x88)).close();
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

        session.receive(ConnAcks.refusal(Integer.decode(code)));

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
}

package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.MqttOptions.Authentication;
import io.sluice.mqtt.MqttOptions.Exchange;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Enhanced authentication (MQTT 5 §4.12): a method that answers every challenge with its text in capitals. */
class AuthenticatorTest {

    private static final MqttOptions PLAIN = MqttOptions.defaults(List.of(URI.create("mqtt://a")), "plant-7");
    private static final MqttOptions SHOUTING =
            PLAIN.with(o -> o.authentication = Optional.of(new Authentication("SHOUT", Shouting::new)));

    private SessionUnderTest session = new SessionUnderTest(SHOUTING);

    private static final class Shouting implements Exchange {

        @Override
        public Optional<byte[]> first() {
            return bytes("first");
        }

        @Override
        public Optional<byte[]> answer(Optional<byte[]> challenge) {
            String text = new String(challenge.orElseThrow(), StandardCharsets.UTF_8);
            if (text.equals("bad")) {
                throw new IllegalStateException("no such challenge");
            }
            return bytes(text.toUpperCase(java.util.Locale.ROOT));
        }

        @Override
        public void succeeded(Optional<byte[]> data) {
            if (data.isPresent()) {
                throw new IllegalStateException("the broker did not prove itself");
            }
        }
    }

    @Test
    @Clause({"4.12.0-3", "4.12.0-5", "3.1.2-30", "3.15.2-1"})
    void theExchangeGoesOnUntilConnAck() {
        assertThat(session.open("mqtt://a").authenticationData().map(String::new))
                .contains("first");
        session.publish("waits");

        session.receive(challenge("SHOUT", "one")).receive(challenge("SHOUT", "two"));
        assertThat(session.trace()).containsExactly("Write Auth 0x18 SHOUT ONE", "Write Auth 0x18 SHOUT TWO");
        session.receive(success("SHOUT"));

        assertThat(session.isConnected()).isTrue();
        assertThat(session.trace()).contains("Write 1 waits");
    }

    @Test
    void aConnAckOfAnotherMethodEndsTheAttempt() {
        session.open("mqtt://a");

        session.receive(success("WHISPER"));

        assertThat(session.end().reason()).contains("another authentication method");
    }

    @Test
    @Clause({"4.12.0-6"})
    void aMethodThatWasNotAskedForEndsTheAttempt() {
        session = new SessionUnderTest(PLAIN);
        session.open("mqtt://a");
        session.receive(success("SHOUT"));
        assertThat(session.end().reason()).contains("another authentication method");
        session.close().open("mqtt://a");

        session.receive(challenge("SHOUT", "one"));

        assertThat(session.end().reason()).contains("an AUTH that nothing had asked for");
    }

    @Test
    @Clause({"4.12.0-7"})
    void withoutAMethodThereIsNoReauthentication() {
        session = new SessionUnderTest(PLAIN);
        session.connect("mqtt://a", false).forget();

        session.reauthenticate();

        assertThat(session.trace()).isEmpty();
    }

    @Test
    @Clause({"4.12.1-1"})
    void reauthenticatesOnTheConnectionThatStands() {
        session.open("mqtt://a");
        session.receive(success("SHOUT")).forget();

        session.reauthenticate();
        session.receive(challenge("SHOUT", "again"));
        session.receive(new Packet.Auth(Reason.SUCCESS, "SHOUT", Optional.empty()));
        session.publish("goes on");

        assertThat(session.trace())
                .containsExactly("Write Auth 0x19 SHOUT first", "Write Auth 0x18 SHOUT AGAIN", "Write 1 goes on");
    }

    @ParameterizedTest
    @CsvSource({"0x18, WHISPER, one", "0x19, SHOUT, one", "0x00, SHOUT, one", "0x18, '', one"})
    void anAuthThatDoesNotFitEndsTheAttempt(String code, String method, String text) {
        session.open("mqtt://a");

        session.receive(new Packet.Auth(Reason.of(Integer.decode(code)), method, bytes(text)));

        assertThat(session.end().reason()).contains("protocol error (0x82)");
    }

    @Test
    void anAuthOutsideAnExchangeIsAProtocolError() {
        session.open("mqtt://a");
        session.receive(success("SHOUT"));

        session.receive(challenge("SHOUT", "late"));

        assertThat(session.trace()).contains("Write Disconnect 0x82");
    }

    @Test
    @Clause({"4.12.1-2"})
    void aReauthenticationThatFailsEndsTheConnection() {
        session.open("mqtt://a");
        session.receive(success("SHOUT"));
        session.reauthenticate();

        session.receive(challenge("SHOUT", "bad"));

        assertThat(session.end().reason()).isEqualTo("authentication failed on this side: no such challenge");
        assertThat(session.isConnected()).isFalse();
    }

    @Test
    void whatTheExchangeThrowsEndsTheConnectionAndIsRetriedSlowly() {
        session.open("mqtt://a");

        session.receive(challenge("SHOUT", "bad"));

        assertThat(session.end().retry()).isEqualTo(Retry.SLOWLY);
        assertThat(session.end().reason()).isEqualTo("authentication failed on this side: no such challenge");
        assertThat(session.trace()).noneMatch(action -> action.startsWith("Write Auth"));
    }

    @Test
    void aBrokerThatDoesNotProveItselfIsLeft() {
        session.open("mqtt://a");

        session.receive(ConnAcks.with(ack -> {
            ack.authenticationMethod = Optional.of("SHOUT");
            ack.authenticationData = bytes("wrong");
        }));

        assertThat(session.end().reason()).contains("the broker did not prove itself");
        assertThat(session.established()).isEmpty();
    }

    @Test
    void everyConnectionBeginsAnExchangeOfItsOwn() {
        session.open("mqtt://a");
        session.close();

        assertThat(session.open("mqtt://a").authenticationData().map(String::new))
                .contains("first");
    }

    @Test
    void whatOneConnectionBeganIsNothingToTheNext() {
        AtomicInteger begun = new AtomicInteger();
        session = new SessionUnderTest(SHOUTING.with(o -> o.authentication = Optional.of(
                new Authentication("SHOUT", () -> begun.incrementAndGet() == 1 ? new Shouting() : refuses()))));
        session.open("mqtt://a");
        session.close().handleOpened("mqtt://a");

        assertThat(session.end().reason()).isEqualTo("authentication failed on this side: no second exchange");
        session.receive(challenge("SHOUT", "one"));

        assertThat(session.trace()).noneMatch(action -> action.startsWith("Write Auth"));
    }

    private static Exchange refuses() {
        throw new IllegalStateException("no second exchange");
    }

    @Test
    void aSecondReauthenticationWaitsForTheEndOfTheFirst() {
        session.open("mqtt://a");
        session.receive(success("SHOUT")).forget();

        session.reauthenticate().reauthenticate();

        assertThat(session.trace()).containsExactly("Write Auth 0x19 SHOUT first");
    }

    @Test
    @Clause({"4.12.1-2"})
    void aBrokerThatDoesNotProveItselfAgainIsLeft() {
        session.open("mqtt://a");
        session.receive(success("SHOUT")).reauthenticate();

        session.receive(new Packet.Auth(Reason.SUCCESS, "SHOUT", bytes("wrong")));

        assertThat(session.end().reason()).contains("the broker did not prove itself");
    }

    @Test
    void overMqtt311ThereIsNoExchangeAlsoAfterOneThatMqtt5Began() {
        session = new SessionUnderTest(SHOUTING.with(o -> {
            o.fallBack = true;
            o.authentication = Optional.of(new Authentication("PROOF", Proving::new));
        }));
        session.open("mqtt://a");
        session.receive(ConnAcks.refusal(0x84)).close();

        assertThat(session.open("mqtt://a").authenticationData()).isEmpty();
        session.receive(ConnAcks.success(false)).forget();
        session.reauthenticate();

        assertThat(session.isConnected()).isTrue();
        assertThat(session.trace()).isEmpty();
    }

    /** Asks for a proof that MQTT 3.1.1 cannot carry. */
    private record Proving() implements Exchange {

        @Override
        public Optional<byte[]> first() {
            return Optional.empty();
        }

        @Override
        public Optional<byte[]> answer(Optional<byte[]> challenge) {
            return Optional.empty();
        }

        @Override
        public void succeeded(Optional<byte[]> data) {
            if (data.isEmpty()) {
                throw new IllegalStateException("nothing was proved");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {65_535, 65_536})
    void dataThatCannotBeSentEndsTheAttempt(int length) {
        session = new SessionUnderTest(PLAIN.with(o ->
                o.authentication = Optional.of(new Authentication("M", () -> answering(new byte[length])))));

        session.handleOpened("mqtt://a");

        assertThat(session.trace()).hasSize(1);
        assertThat(session.trace().getFirst())
                .startsWith(
                        length == 65_535
                                ? "Write Connect"
                                : "Close authentication failed on this side: Authentication Data has 65536 bytes");
    }

    @Test
    @Clause({"3.2.2-15"})
    void anAuthLargerThanTheBrokersMaximumPacketSizeIsNeverSent() {
        byte[] data = new byte[20]; // and 11 bytes around it
        session = new SessionUnderTest(PLAIN.with(
                o -> o.authentication = Optional.of(new Authentication("M", () -> answering(data)))));
        for (int most : new int[] {31, 30}) {
            session.open("mqtt://a");
            session.receive(ConnAcks.with(ack -> {
                        ack.authenticationMethod = Optional.of("M");
                        ack.maximumPacketBytes = most;
                    }))
                    .forget();

            session.reauthenticate();

            assertThat(session.trace().getFirst())
                    .startsWith(
                            most == 31
                                    ? "Write Auth 0x19 M"
                                    : "Close authentication failed on this side: the broker's Maximum Packet Size");
            session.close();
        }
    }

    private static Exchange answering(byte[] data) {
        return new Exchange() {
            @Override
            public Optional<byte[]> first() {
                return Optional.of(data);
            }

            @Override
            public Optional<byte[]> answer(Optional<byte[]> challenge) {
                return Optional.of(data);
            }
        };
    }

    private static Packet challenge(String method, String text) {
        return new Packet.Auth(Reason.of(0x18), method, bytes(text));
    }

    private static Packet success(String method) {
        return ConnAcks.with(ack -> ack.authenticationMethod = Optional.of(method));
    }

    private static Optional<byte[]> bytes(String text) {
        return Optional.of(text.getBytes(StandardCharsets.UTF_8));
    }
}

package io.sluice.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.sluice.mqtt.Action.Retry;
import io.sluice.mqtt.MqttOptions.Rate;
import io.sluice.mqtt.MqttOptions.Version;
import io.sluice.mqtt.Publish.UserProperty;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Topic Aliases, the rate limit, and the version that is spoken. */
class OutboundTest {

    private static final MqttOptions OPTIONS =
            MqttOptions.defaults(List.of(URI.create("mqtt://a"), URI.create("mqtt://b")), "plant-7");

    private SessionUnderTest session = new SessionUnderTest(OPTIONS);

    // ---- Topic Aliases

    @Test
    @Clause({"3.3.2-8", "3.3.2-9", "3.2.2-17"})
    void theFirstTopicsGetAnAliasUpToTheBrokersMaximum() {
        session.connect("mqtt://a", ConnAcks.with(ack -> ack.topicAliasMaximum = 2));

        for (String topic : List.of("a", "b", "c", "a", "b", "c")) {
            session.publish(Recording.message(topic, "x"));
        }

        assertThat(session.aliases()).containsExactly("a=1", "b=2", "c", "=1", "=2", "c");
    }

    @Test
    @Clause({"3.2.2-18"})
    void withoutATopicAliasMaximumThereAreNone() {
        session.connect("mqtt://a", false);

        session.publish("one").publish("two");

        assertThat(session.aliases()).containsExactly("t", "t");
    }

    @Test
    void fewerAliasesAreUsedIfTheOptionsSaySo() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.topicAliases = 0));
        session.connect("mqtt://a", ConnAcks.with(ack -> ack.topicAliasMaximum = 10));

        session.publish("one").publish("two");

        assertThat(session.aliases()).containsExactly("t", "t");
    }

    @Test
    @Clause({"3.3.2-7"})
    void whatGoesAgainOnTheNextConnectionCarriesItsTopicAgain() {
        session.connect("mqtt://a", ConnAcks.with(ack -> ack.topicAliasMaximum = 2));
        session.publish("one").publish("two").close();
        session.forget();

        session.connect("mqtt://a", ConnAcks.with(ack -> {
            ack.sessionPresent = true;
            ack.topicAliasMaximum = 2;
        }));

        assertThat(session.aliases()).containsExactly("t=1", "=1");
    }

    @Test
    void aRetainedMessageTakesNoAliasAway() {
        session.connect("mqtt://a", ConnAcks.with(ack -> ack.topicAliasMaximum = 1));

        session.publish(new Publish("birth", new byte[0], 1, true)).publish("one");

        assertThat(session.aliases()).containsExactly("birth", "t=1");
    }

    @Test
    @Clause({"3.2.2-15"})
    void anAliasThatWouldMakeThePacketTooLargeIsLeftOut() {
        session.connect("mqtt://a", ConnAcks.with(ack -> {
            ack.topicAliasMaximum = 1;
            ack.maximumPacketBytes = 20;
        }));

        session.publish("x".repeat(12));

        assertThat(session.aliases()).containsExactly("t");
    }

    // ---- rate

    @Test
    void nothingFasterThanTheMessagesPerSecond() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.rate = Optional.of(new Rate(10, Long.MAX_VALUE))));
        session.connect("mqtt://a", false);

        session.publish("one").publish("two").publish("three");
        assertThat(session.written()).containsExactly("1 one");
        assertThat(session.trace()).contains("Wake 100");
        session.after(Duration.ofMillis(101)).tick();
        assertThat(session.written()).containsExactly("1 one", "2 two");
        session.after(Duration.ofMillis(101)).tick();

        assertThat(session.written()).containsExactly("1 one", "2 two", "3 three");
    }

    @Test
    void nothingFasterThanTheBytesPerSecond() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.rate = Optional.of(new Rate(1_000_000, 1_000))));
        session.connect("mqtt://a", false);

        session.publish("x".repeat(292)).publish("two"); // 301 bytes: 100 from the bucket, 201 owed
        session.after(Duration.ofMillis(200)).tick();
        assertThat(session.written()).hasSize(1);
        session.after(Duration.ofMillis(2)).tick();

        assertThat(session.written()).hasSize(2);
    }

    @Test
    void oneWakeUpIsAskedForAtATime() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.rate = Optional.of(new Rate(10, Long.MAX_VALUE))));
        session.connect("mqtt://a", false);

        session.publish("one").publish("two").publish("three").publish("four");

        assertThat(session.trace().stream().filter(action -> action.startsWith("Wake")))
                .hasSize(1);
    }

    @Test
    void noFurtherWakeUpIsAskedForWhileOneIsOnItsWay() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.rate = Optional.of(new Rate(10, Long.MAX_VALUE))));
        session.connect("mqtt://a", false);
        session.publish("one").publish("two").publish("three");

        session.after(Duration.ofMillis(50)).tick().after(Duration.ofMillis(40)).tick();
        assertThat(session.trace().stream().filter(action -> action.startsWith("Wake")))
                .hasSize(1);
        session.after(Duration.ofMillis(11)).tick();

        assertThat(session.trace().stream().filter(action -> action.startsWith("Wake")))
                .hasSize(2);
    }

    // ---- the version that is spoken

    @Test
    void fallsBackToMqtt311WhereABrokerRefusesMqtt5AndStaysThere() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.fallBack = true));
        session.open("mqtt://a");

        session.receive(ConnAcks.refusal(0x84)).close();

        assertThat(session.end().retry()).isEqualTo(Retry.SOON);
        assertThat(session.core().versionFor(URI.create("mqtt://a"))).isEqualTo(Version.MQTT_3_1_1);
        assertThat(session.core().versionFor(URI.create("mqtt://b"))).isEqualTo(Version.MQTT_5);
        session.connect("mqtt://a", false);
        assertThat(session.established().getFirst().version()).isEqualTo(Version.MQTT_3_1_1);
        session.close();
        assertThat(session.core().versionFor(URI.create("mqtt://a"))).isEqualTo(Version.MQTT_3_1_1);
    }

    @Test
    void aBrokerThatClosesAtConnectIsTriedWithMqtt311Once() {
        session = new SessionUnderTest(OPTIONS.with(o -> o.fallBack = true));
        session.open("mqtt://a");
        session.close();
        assertThat(session.core().versionFor(URI.create("mqtt://a"))).isEqualTo(Version.MQTT_3_1_1);
        assertThat(session.core().versionFor(URI.create("mqtt://b"))).isEqualTo(Version.MQTT_5);

        session.open("mqtt://a");
        session.close();

        assertThat(session.core().versionFor(URI.create("mqtt://a"))).isEqualTo(Version.MQTT_5);
    }

    @Test
    void withoutFallBackARefusedVersionIsRetriedSlowly() {
        session.open("mqtt://a");

        session.receive(ConnAcks.refusal(0x84)).close();

        assertThat(session.end().retry()).isEqualTo(Retry.SLOWLY);
        assertThat(session.core().versionFor(URI.create("mqtt://a"))).isEqualTo(Version.MQTT_5);
    }

    // ---- what cannot be published

    @ParameterizedTest
    @ValueSource(strings = {"", "a/+", "#", "a\u0000b", "\uDC00x"})
    @Clause({
        "3.3.2-1",
        "3.3.2-2",
        "4.7.0-1",
        "4.7.3-1",
        "4.7.3-2",
        "1.5.4-1",
        "1.5.4-2",
        "311:3.3.2-1",
        "311:3.3.2-2",
        "311:1.5.3-1",
        "311:1.5.3-2"
    })
    void whatIsNoTopicNameCannotBePublishedTo(String topic) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Recording.message(topic, "x"))
                .withMessageStartingWith("topic '");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/+", "", "a\u0000"})
    @Clause({"3.3.2-13", "3.3.2-14"})
    void whatIsNoTopicNameIsNoResponseTopic(String topic) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Publish.Properties.request(topic, new byte[0]))
                .withMessageStartingWith("Response Topic '");
    }

    @Test
    @Clause({"1.5.7-1"})
    void aUserPropertyIsMadeOfStringsThatCanBeSent() {
        assertThatIllegalArgumentException().isThrownBy(() -> new UserProperty("a\u0000", ""));
        assertThatIllegalArgumentException().isThrownBy(() -> new UserProperty("a", "\uD800"));
        assertThat(new UserProperty("", "")).isNotNull();
    }

    @Test
    @Clause({"3.3.1-4", "3.1.2-12", "311:3.3.1-4", "311:3.1.2-14"})
    void thereIsNoQos3() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Publish("t", new byte[0], 3, false))
                .withMessage("QoS 3 is not 0, 1 or 2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\uD800", "a\u0000"})
    @Clause({"3.1.3-4", "3.1.3-12", "311:3.1.3-4", "311:3.1.3-11"})
    void clientIdAndUserNameAreStringsThatCanBeSent(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> OPTIONS.with(o -> o.clientId = text));
        assertThatIllegalArgumentException().isThrownBy(() -> new MqttOptions.Credentials(text, Optional.empty()));
    }
}
